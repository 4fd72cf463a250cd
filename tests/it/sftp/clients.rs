//! The clients, run as their users run them; each logs in by the same key.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::Place;
use crate::clients::{Desk, PYTHON, TESTS};
use crate::run::{Shown, run, spawn};

/// A key for these tests alone.
pub(super) const PUBLIC_KEY: &str = include_str!("id_ed25519.pub");
const PRIVATE_KEY: &str = include_str!("id_ed25519");
/// Another, of the kind that old clients and servers disagree about.
pub(super) const PUBLIC_RSA_KEY: &str = include_str!("id_rsa.pub");
const PRIVATE_RSA_KEY: &str = include_str!("id_rsa");

/// Puts the keys on a desk.
pub(crate) fn identity(desk: &Desk) {
    for (name, private, public) in
        [("id", PRIVATE_KEY, PUBLIC_KEY), ("id_rsa", PRIVATE_RSA_KEY, PUBLIC_RSA_KEY)]
    {
        write_private(&desk.path(name), private);
        desk.write(&format!("{name}.pub"), public);
    }
}

/// A key that nobody else may read, as OpenSSH demands.
pub(super) fn write_private(path: &Path, key: &str) {
    fs::write(path, key).expect("a temporary file can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("permissions can be set");
}

/// Makes a key.
pub(crate) fn keygen(kind: &str, path: &Path) {
    let mut command = Command::new("ssh-keygen");
    run(command.args(["-q", "-t", kind, "-N", "", "-f"]).arg(path)).ok();
}

pub(crate) const TRUST: [&str; 10] = [
    "-F",
    "none",
    "-i",
    "id",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=INFO",
];

/// How `sftp` ends, without a word, when it writes to an `ssh` that is gone.
const BY_SIGPIPE: i32 = 128 + 13;

/// `sftp -b` with these commands, a line each; a line that begins with `-` may fail.
pub(crate) fn sftp(desk: &Desk, place: &Place, options: &[&str], commands: &str) -> Shown {
    sftp_by(desk.command("sftp"), desk, place, options, commands)
}

/// The same, by a command that is or runs `sftp`.
pub(crate) fn sftp_by(
    mut command: Command,
    desk: &Desk,
    place: &Place,
    options: &[&str],
    commands: &str,
) -> Shown {
    desk.write("batch", commands);
    // Of two options of one name the first counts.
    command.args(options).args(TRUST);
    command.args(["-b", "batch", "-P", &place.address.port().to_string()]);
    let shown = run(command.arg(format!("{}@{}", place.user, place.address.ip())));
    as_if_it_had_read(without_the_host_key(shown))
}

/// `sftp` reads from its `ssh`, and writes to it. When the connection ends, it says "Connection closed" if it happens to
/// read, and dies of SIGPIPE if it happens to write: both are the same end.
fn as_if_it_had_read(mut shown: Shown) -> Shown {
    if shown.exit == BY_SIGPIPE {
        let said = shown.stderr.lines().chain(["Connection closed"]);
        (shown.exit, shown.stderr) = (255, said.collect::<Vec<_>>().join("\n"));
    }
    shown
}

/// What OpenSSH says besides that it has met a host for the first time.
fn without_the_host_key(shown: Shown) -> Shown {
    let lines = shown.stderr.lines().filter(|line| !line.contains("Permanently added"));
    let stderr = lines.map(str::trim_end).collect::<Vec<_>>().join("\n");
    Shown { stderr, ..shown }
}

/// `scp`; `REMOTE:/a` is a path in the place's folder.
pub(super) fn scp(desk: &Desk, place: &Place, arguments: &[&str]) -> Shown {
    let remote = format!("{}@{}:{}", place.user, place.address.ip(), place.folder);
    let mut command = desk.command("scp");
    command.args(TRUST).args(["-P", &place.address.port().to_string()]);
    command.args(arguments.iter().map(|argument| argument.replace("REMOTE:", &remote)));
    without_the_host_key(run(&mut command))
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

pub(crate) fn lftp(desk: &Desk, place: &Place, commands: &str) -> Shown {
    let ssh = "ssh -a -x -F none -i id -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
               -o LogLevel=ERROR";
    let script = format!(
        "set sftp:connect-program '{ssh}'; set net:max-retries 1; set cmd:fail-exit yes; open -u {}, sftp://{}; \
         {commands}",
        place.user, place.address
    );
    run(desk.command("lftp").args(["--norc", "-c", &script]))
}

pub(crate) fn rclone(desk: &Desk, place: &Place, arguments: &[&str]) -> Shown {
    let remote = format!(
        ":sftp,host={},port={},user={},key_file=id,shell_type=none:",
        place.address.ip(),
        place.address.port(),
        place.user
    );
    let mut command = desk.command("rclone");
    command.args(["--config", "/dev/null", "--retries", "1", "--low-level-retries", "1"]);
    command.args(arguments.iter().map(|argument| argument.replace("REMOTE:", &remote)));
    without_the_host_key(run(&mut command))
}

/// Steps of `tests/clients/paramiko_steps.py`, as JSON.
pub(crate) fn paramiko(desk: &Desk, place: &Place, steps: &Value) -> Shown {
    paramiko_by("id", desk, place, steps)
}

/// The same, with another key, `password:` and one, or `keyboard:` and answers.
pub(crate) fn paramiko_by(secret: &str, desk: &Desk, place: &Place, steps: &Value) -> Shown {
    steps_of(PYTHON, "paramiko_steps.py", secret, desk, place, steps)
}

/// The same by asyncssh, `tests/clients/asyncssh_steps.py`.
pub(crate) fn asyncssh(desk: &Desk, place: &Place, steps: &Value) -> Shown {
    steps_of(PYTHON, "asyncssh_steps.py", "id", desk, place, steps)
}

/// The same by Node's ssh2-sftp-client, `tests/clients/ssh2.mjs`.
pub(crate) fn ssh2(desk: &Desk, place: &Place, steps: &Value) -> Shown {
    steps_of("node", "ssh2.mjs", "id", desk, place, steps)
}

/// `psftp -b` with these commands, a line each. PuTTY wants keys of its own kind, and a host key that it was told.
pub(super) fn psftp(desk: &Desk, place: &Place, commands: &str) -> Shown {
    if !desk.path("id.ppk").exists() {
        run(desk.command("puttygen").args(["id", "-o", "id.ppk"])).ok();
    }
    let (host, port) = (place.address.ip().to_string(), place.address.port().to_string());
    let scanned = run(desk.command("ssh-keyscan").args(["-t", "ed25519", "-p", &port, &host])).ok();
    desk.write("host", scanned);
    let shown = run(desk.command("ssh-keygen").args(["-l", "-f", "host"])).ok();
    let fingerprint = shown.split(' ').nth(1).expect("the fingerprint is the second word");
    desk.write("batch", commands);
    let mut command = desk.command("psftp");
    command.args(["-batch", "-b", "batch", "-i", "id.ppk", "-hostkey", fingerprint]);
    run(command.args(["-P", &port, &format!("{}@{host}", place.user)]))
}

/// Steps of `tests/clients/JSch.java`, a text each.
pub(super) fn jsch(desk: &Desk, place: &Place, steps: &[&str]) -> Shown {
    let mut command = desk.command("java");
    command.args(["-cp", "/usr/share/java/jsch.jar", &format!("{TESTS}/clients/JSch.java")]);
    command.args([&place.address.ip().to_string(), &place.address.port().to_string()]);
    run(command.args([place.user, "any password"]).args(steps))
}

/// `sshfs`, in the foreground, on a folder of ours.
pub(super) fn sshfs(desk: &Desk, place: &Place, here: &Path) -> Child {
    let port = format!("port={}", place.address.port());
    let identity = format!("IdentityFile={}", desk.path("id").display());
    let mut command = desk.command("sshfs");
    command.args(["-f", "-F", "none", "-o", &port, "-o", &identity]).args(&TRUST[4..]);
    let folder = format!("{}@{}:{}/", place.user, place.address.ip(), place.folder);
    spawn(command.arg(folder).arg(here).stdin(Stdio::null()))
}

fn steps_of(
    runtime: &str,
    script: &str,
    secret: &str,
    desk: &Desk,
    place: &Place,
    steps: &Value,
) -> Shown {
    let mut command = desk.command(runtime);
    command.arg(format!("{TESTS}/clients/{script}"));
    command.args([&place.address.ip().to_string(), &place.address.port().to_string()]);
    run(command.args([place.user, secret]).arg(steps.to_string()))
}
