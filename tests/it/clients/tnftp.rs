//! tnftp, the `ftp` of the BSDs: commands by stdin.

use super::Desk;
use crate::run::{Shown, run_reading};
use crate::site::Site;

/// One command a line. tnftp exits with 0 whatever happens; what the server said is on stdout.
pub(crate) fn tnftp(desk: &Desk, site: &Site, commands: &[&str]) -> Shown {
    let Site { address, user, password, .. } = site;
    let script = format!("user {user} {password}\nbinary\n{}\nbye\n", commands.join("\n"));
    let mut command = desk.command("tnftp");
    command.args(["-n", "-v", &address.ip().to_string(), &address.port().to_string()]);
    run_reading(&mut command, desk.input(&script))
}
