//! Ways to log in.

use super::below::{ALL, By, all_show, same_as_sshd, shows};
use crate::sftp::sshd::SFTP_SERVER;

const FILE: &str = "[100000 bytes]";
const REFUSED: &str = "curl: (67) Authentication failure";
const NO_KEY: [&str; 2] = ["-o", "PubkeyAuthentication=no"];
/// curl with a password alone.
const PASSWORD: [&str; 6] = ["--key", "none", "--pubkey", "none", "--user", "piggy:frog"];

fn denied(methods: &str) -> String {
    format!("user@host: Permission denied ({methods}). | Connection closed")
}

fn only(method: &str) -> String {
    format!("BadAuthenticationType Bad authentication type; allowed types: ['{method}']")
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn a_key_is_wanted() {
    all_show("sftp/auth-method", (0, FILE), (0, FILE), (0, "null[100000 bytes]"));
    shows("sftp/auth-method", By::Sftp(&NO_KEY), 255, &denied("publickey"));
    shows("sftp/auth-method", By::Curl(&PASSWORD), 67, REFUSED);
    shows("sftp/auth-method", By::Paramiko("password:frog"), 1, &only("publickey"));
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn a_password_or_an_answer_is_wanted() {
    for method in ["password", "keyboard-interactive"] {
        let scenario = format!("sftp/auth-method/{method}");
        shows(&scenario, By::Sftp(&[]), 255, &denied(method));
        shows(&scenario, By::Curl(&PASSWORD), 0, FILE);
        shows(&scenario, By::Paramiko("id"), 1, &only(method));
    }
    let answered = By::Paramiko("keyboard:frog");
    shows("sftp/auth-method/keyboard-interactive", answered, 0, "null[100000 bytes]");
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn one_is_not_enough() {
    for (scenario, next) in
        [("key-and-password", "password"), ("key-and-code", "keyboard-interactive")]
    {
        let scenario = format!("sftp/auth-method/{scenario}");
        shows(&scenario, By::Sftp(&[]), 255, &denied(next));
        shows(&scenario, By::Sftp(&NO_KEY), 255, &denied("publickey"));
        shows(&scenario, By::Curl(&["--user", "piggy:frog"]), 67, REFUSED);
        shows(&scenario, By::Paramiko("id"), 1, "SSHException Timeout opening channel.");
        shows(&scenario, By::Paramiko("password:frog"), 1, &only("publickey"));
    }
}

/// Without PAM it knows no answers, and takes none.
#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let clients = [By::Sftp(&[]), By::Sftp(&NO_KEY), By::Paramiko("id")];
    for (scenario, methods) in [
        ("sftp/auth-method", "publickey"),
        ("sftp/auth-method/password", "password"),
        ("sftp/auth-method/keyboard-interactive", "keyboard-interactive"),
        ("sftp/auth-method/key-and-password", "publickey,password"),
        ("sftp/auth-method/key-and-code", "publickey,keyboard-interactive"),
    ] {
        let lines = format!("AuthenticationMethods {methods}\nKbdInteractiveAuthentication yes");
        same_as_sshd(scenario, &lines, SFTP_SERVER, &clients);
    }
    let password = [By::Curl(&PASSWORD), By::Paramiko("password:frog")];
    same_as_sshd("sftp/auth-method", "AuthenticationMethods publickey", SFTP_SERVER, &password);
    same_as_sshd(
        "sftp/auth-method/key-and-password",
        "AuthenticationMethods publickey,password",
        SFTP_SERVER,
        &[ALL[1]],
    );
}
