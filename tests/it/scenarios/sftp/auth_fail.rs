//! Logins that are refused.

use super::below::{ALL, BY_TIMEOUT, By, all_show, same_as_sshd, shows, told};
use crate::sftp::sshd::SFTP_SERVER;

const DENIED: &str =
    "user@host: Permission denied (publickey,password,keyboard-interactive). | Connection closed";
const CURL: &str = "curl: (67) Authentication failure";
const PARAMIKO: &str = "AuthenticationException Authentication failed.";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    for scenario in ["sftp/auth-fail", "sftp/auth-fail/user"] {
        all_show(scenario, (255, DENIED), (67, CURL), (1, PARAMIKO));
        shows(scenario, By::Paramiko("password:frog"), 1, PARAMIKO);
    }
    let denied = "user@host: Permission denied (publickey). | Connection closed";
    all_show("sftp/auth-fail/after-signature", (255, denied), (67, CURL), (1, PARAMIKO));
    // It tries the same key again and again.
    shows("sftp/auth-fail/never-enough", By::Sftp(&[]), BY_TIMEOUT, "");
    shows("sftp/auth-fail/never-enough", By::Curl(&[]), 67, CURL);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn kermit_may() {
    let kermit = By::Curl(&["--user", "kermit:frog", "--key", "none", "--pubkey", "none"]);
    shows("sftp/auth-fail/user", kermit, 0, "[100000 bytes]");
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn a_key_is_taken_and_its_signature_is_not() {
    let shown = told("sftp/auth-fail/after-signature", By::Sftp(&["-v"]));
    assert!(shown.1.contains("Server accepts key") && shown.0 == 255, "{shown:?}");
    let shown = told("sftp/auth-fail", By::Sftp(&["-v"]));
    assert!(!shown.1.contains("Server accepts key") && shown.0 == 255, "{shown:?}");
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let nobody = "AuthorizedKeysFile none\nKbdInteractiveAuthentication yes";
    same_as_sshd("sftp/auth-fail", nobody, SFTP_SERVER, &ALL);
}
