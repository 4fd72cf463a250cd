//! `NcFTP`: one program a task, and a shell that takes commands by stdin.

use super::Desk;
use crate::run::{Shown, run, run_reading};
use crate::site::Site;

/// `program` is `ncftpput`, `ncftpget` or `ncftpls`; where to is put before the further arguments.
pub(crate) fn ncftp(desk: &Desk, site: &Site, program: &str, arguments: &[&str]) -> Shown {
    let port = site.address.port().to_string();
    let mut command = desk.command(program);
    command.args(["-u", site.user, "-p", site.password, "-P", &port]);
    // -V shows no progress, -t is how long it waits, -r how often it tries.
    if program != "ncftpls" {
        command.arg("-V");
    }
    run(command.args(["-t", "5", "-r", "1"]).args(arguments))
}

/// The shell, which exits with 0 whatever happens.
pub(crate) fn ncftp_shell(desk: &Desk, site: &Site, commands: &[&str]) -> Shown {
    let Site { address, user, password, .. } = site;
    let (ip, port) = (address.ip(), address.port());
    let open = format!("open -u {user} -p {password} -P {port} {ip}");
    let script = format!("{open}\n{}\nquit\n", commands.join("\n"));
    run_reading(&mut desk.command("ncftp"), desk.input(&script))
}
