//! Shells that speak before SFTP does.

use super::below::{ALL, By, all_show, same_as_sshd, shows};
use crate::clients::Desk;
use crate::sftp::sshd::SFTP_SERVER;

fn too_long(number: u32) -> String {
    format!(
        "Received message too long {number} | Ensure the remote shell produces no output for non-interactive sessions."
    )
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let curl = "curl: (2) Failure initializing sftp session: Timeout waiting for response from SFTP subsystem";
    for (scenario, number) in
        [("sftp/shell-noise", 1_416_586_337), ("sftp/shell-noise/refused", 1_416_128_883)]
    {
        let paramiko = "SFTPError Garbage packet received";
        all_show(scenario, (255, &too_long(number)), (2, curl), (1, paramiko));
    }
    let file = "[100000 bytes]";
    let stderr = "sftp/shell-noise/stderr";
    shows(stderr, By::Sftp(&[]), 0, "Today is Saturday[100000 bytes]");
    shows(stderr, By::Curl(&[]), 0, file);
    shows(stderr, By::Paramiko("id"), 0, "null[100000 bytes]");
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let desk = Desk::with("noisy", format!("echo Today is Saturday\nexec {SFTP_SERVER}\n"));
    desk.write("refused", "echo This account is currently not available.\nexit 1\n");
    let program = |name: &str| format!("/bin/sh {}", desk.path(name).display());
    same_as_sshd("sftp/shell-noise", "", &program("noisy"), &ALL);
    same_as_sshd("sftp/shell-noise/refused", "", &program("refused"), &ALL);
}
