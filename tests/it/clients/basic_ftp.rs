//! Node's basic-ftp, driven by `tests/clients/basic-ftp.mjs`.

use serde_json::Value;

use super::{Desk, TESTS, script};
use crate::run::Shown;
use crate::site::Site;

/// `steps` are lists of a method's name and its arguments.
pub(crate) fn basic_ftp(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    let mut command = desk.command("node");
    command.arg(format!("{TESTS}/clients/basic-ftp.mjs"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    script(command, steps)
}
