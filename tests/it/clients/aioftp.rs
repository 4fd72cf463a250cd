//! Python's aioftp, driven by `tests/clients/aioftp_client.py`.

use serde_json::Value;

use super::{Desk, PYTHON, TESTS, script};
use crate::run::Shown;
use crate::site::Site;

/// `steps` are lists of a name and its arguments; the script says which there are.
pub(crate) fn aioftp(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    let mut command = desk.command(PYTHON);
    command.arg(format!("{TESTS}/clients/aioftp_client.py"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    script(command, steps)
}
