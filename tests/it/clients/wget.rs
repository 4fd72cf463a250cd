//! wget, which only downloads.

use super::Desk;
use crate::run::{Shown, run};
use crate::site::Site;

pub(crate) fn wget(desk: &Desk, site: &Site, arguments: &[&str]) -> Shown {
    let mut command = desk.command("wget");
    command.args(["--no-config", "--no-verbose", "--tries=1", "--timeout=10"]);
    command.args(["--ftp-user", site.user, "--ftp-password", site.password]);
    run(command.args(arguments))
}
