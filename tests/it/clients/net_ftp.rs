//! Perl's `Net::FTP`, driven by `tests/clients/net_ftp.pl`.

use serde_json::Value;

use super::{Desk, TESTS, script};
use crate::run::Shown;
use crate::site::Site;

/// `steps` are lists of a method's name and its arguments.
pub(crate) fn net_ftp(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    let mut command = desk.command("perl");
    command.arg(format!("{TESTS}/clients/net_ftp.pl"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    script(command, steps)
}
