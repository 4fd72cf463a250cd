//! Passwords that must be changed.

use super::below::{ALL, By, same_as_sshd, shows, told};
use crate::clients::Desk;

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let silence = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
    shows("sftp/auth-password-expired", By::Sftp(&[]), 255, "Connection closed");
    shows("sftp/auth-password-expired", By::Curl(&[]), 28, silence);
    let noise = "Received message too long 1463898702 | Ensure the remote shell produces no output for non-interactive sessions.";
    shows("sftp/auth-password-expired/text", By::Sftp(&[]), 255, noise);
    let prompts = "sftp/auth-password-expired/prompts";
    let denied = "user@host: Permission denied (keyboard-interactive). | Connection closed";
    shows(prompts, By::Sftp(&[]), 255, denied);
    shows(prompts, By::Curl(&["--user", "piggy:frog"]), 67, "curl: (67) Authentication failure");
    let answers = By::Paramiko("keyboard:frog:toad:toad");
    shows(prompts, answers, 1, "AuthenticationException Authentication failed.");
    let account = "sftp/auth-password-expired/account";
    let closed = "Connection to host closed by remote host. | Connection closed";
    shows(account, By::Sftp(&[]), 255, closed);
    // How far it has come is not always the same.
    let shown = told(account, By::Curl(&[]));
    assert!(shown.0 == 2 && shown.1.contains("Failure initializing sftp session"), "{shown:?}");
    let shown = told(account, By::Paramiko("id"));
    assert!(shown.0 == 1 && shown.1.contains("EOF"), "{shown:?}");
}

/// What sshd itself, or a login shell, runs in the place of SFTP then.
#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let text = "WARNING: Your password has expired.";
    let desk = Desk::with("sshd", format!("echo {text} >&2; exit 1"));
    desk.write("shell", format!("echo {text}; exit 1"));
    let program = |name: &str| format!("/bin/sh {}", desk.path(name).display());
    same_as_sshd("sftp/auth-password-expired", "", &program("sshd"), &ALL[..2]);
    same_as_sshd("sftp/auth-password-expired/text", "", &program("shell"), &ALL);
}
