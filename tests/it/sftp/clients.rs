//! The clients, run as their users run them; each logs in by the same key.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Place;
use crate::clients::{Desk, TESTS};
use crate::run::{Shown, run};

/// A key for these tests alone.
pub(super) const PUBLIC_KEY: &str = include_str!("id_ed25519.pub");
const PRIVATE_KEY: &str = include_str!("id_ed25519");

/// Puts the key on a desk, readable to nobody else, as OpenSSH demands.
pub(super) fn identity(desk: &Desk) {
    desk.write("id", PRIVATE_KEY);
    desk.write("id.pub", PUBLIC_KEY);
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(desk.path("id"), private).expect("permissions can be set");
}

/// Makes a host key.
pub(super) fn keygen(path: &Path) {
    let mut command = Command::new("ssh-keygen");
    run(command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path)).ok();
}

pub(super) const TRUST: [&str; 10] = [
    "-F",
    "none",
    "-i",
    "id",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
];

/// How `sftp` exits, without a word, when `ssh` is gone while it still writes to it: where a connection ends in a
/// transfer that happens now and then.
pub(crate) const BY_SIGPIPE: i32 = 128 + 13;

/// `sftp -b` with these commands, a line each; a line that begins with `-` may fail.
pub(crate) fn sftp(desk: &Desk, place: &Place, options: &[&str], commands: &str) -> Shown {
    desk.write("batch", commands);
    let mut command = desk.command("sftp");
    command.args(TRUST).args(options);
    command.args(["-b", "batch", "-P", &place.address.port().to_string()]);
    run(command.arg(format!("{}@{}", place.user, place.address.ip())))
}

/// `scp`; `REMOTE:/a` is a path in the place's folder.
pub(super) fn scp(desk: &Desk, place: &Place, arguments: &[&str]) -> Shown {
    let remote = format!("{}@{}:{}", place.user, place.address.ip(), place.folder);
    let mut command = desk.command("scp");
    command.args(TRUST).args(["-P", &place.address.port().to_string()]);
    run(command.args(arguments.iter().map(|argument| argument.replace("REMOTE:", &remote))))
}

pub(crate) fn curl(desk: &Desk, place: &Place, arguments: &[&str]) -> Shown {
    let mut command = desk.command("curl");
    command.args(["-q", "-sS", "-k", "--key", "id", "--pubkey", "id.pub", "--user"]);
    run(command.arg(format!("{}:", place.user)).args(arguments))
}

/// The URL of a path, whose characters mean nothing in URLs.
pub(crate) fn url(place: &Place, path: &str) -> String {
    format!("sftp://{}{path}", place.address)
}

pub(super) fn scp_url(place: &Place, path: &str) -> String {
    format!("scp://{}{path}", place.address)
}

pub(super) fn lftp(desk: &Desk, place: &Place, commands: &str) -> Shown {
    let ssh = "ssh -a -x -F none -i id -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
               -o LogLevel=ERROR";
    let script = format!(
        "set sftp:connect-program '{ssh}'; set net:max-retries 1; set cmd:fail-exit yes; open -u {}, sftp://{}; \
         {commands}",
        place.user, place.address
    );
    run(desk.command("lftp").args(["--norc", "-c", &script]))
}

pub(super) fn rclone(desk: &Desk, place: &Place, arguments: &[&str]) -> Shown {
    let remote = format!(
        ":sftp,host={},port={},user={},key_file=id,shell_type=none:",
        place.address.ip(),
        place.address.port(),
        place.user
    );
    let mut command = desk.command("rclone");
    command.args(["--config", "/dev/null", "--retries", "1", "--low-level-retries", "1"]);
    run(command.args(arguments.iter().map(|argument| argument.replace("REMOTE:", &remote))))
}

/// Steps of `tests/clients/paramiko_steps.py`, as JSON.
pub(crate) fn paramiko(desk: &Desk, place: &Place, steps: &Value) -> Shown {
    let mut command = desk.command(&format!("{TESTS}/.venv/bin/python"));
    command.arg(format!("{TESTS}/clients/paramiko_steps.py"));
    command.args([&place.address.ip().to_string(), &place.address.port().to_string()]);
    run(command.args([place.user, "id"]).arg(steps.to_string()))
}
