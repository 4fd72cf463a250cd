//! Python's ftplib, driven by `tests/clients/ftplib_client.py`.

use std::process::Command;

use serde_json::Value;

use super::{Desk, TESTS, script};
use crate::run::Shown;
use crate::site::Site;

/// `steps` are lists of a name and its arguments; the script says which there are.
pub(crate) fn ftplib(desk: &Desk, site: &Site, steps: &Value) -> Shown {
    script(command(desk, site), steps)
}

/// For callers that stream.
pub(crate) fn command(desk: &Desk, site: &Site) -> Command {
    let mut command = desk.command("python3");
    command.arg(format!("{TESTS}/clients/ftplib_client.py"));
    command.args([site.address.ip().to_string(), site.address.port().to_string()]);
    command.args([site.user, site.password]);
    command
}
