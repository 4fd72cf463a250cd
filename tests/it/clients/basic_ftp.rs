//! Node's basic-ftp, driven by `tests/clients/basic-ftp.mjs`.

use serde_json::Value;

use super::{Desk, TESTS, certs, script};
use crate::run::Shown;
use crate::site::Site;

/// `steps` are lists of a method's name and its arguments.
pub(crate) fn basic_ftp(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    let mut command = desk.command("node");
    command.arg(format!("{TESTS}/clients/basic-ftp.mjs"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    if site.tls.is_some() {
        let way = if site.is_implicit() { "implicit" } else { "explicit" };
        command.env("NODE_EXTRA_CA_CERTS", certs("ca.pem")).env("BASIC_FTP_TLS", way);
    }
    script(command, steps)
}
