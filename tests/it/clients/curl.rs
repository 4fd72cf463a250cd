//! curl, which speaks one URL a run.

use std::process::Command;

use super::Desk;
use crate::run::{Shown, run};
use crate::site::Site;

pub(crate) fn curl(desk: &Desk, site: &Site, arguments: &[&str]) -> Shown {
    run(command(desk, site).args(arguments))
}

/// For callers that stream. `-q` leaves out the user's `.curlrc`.
pub(crate) fn command(desk: &Desk, site: &Site) -> Command {
    let mut command = desk.command("curl");
    command.args(["-q", "--silent", "--show-error", "--user"]);
    command.arg(format!("{}:{}", site.user, site.password));
    command
}
