//! Logins that are refused too often.

use super::below::{ALL, By, same_as_sshd, shows};
use crate::badftp::Badftp;
use crate::sftp::sshd::SFTP_SERVER;
use crate::sftp::{badftp, clients::sftp, desk};

const TOO_MANY: &str = "Received disconnect from host:2: Too many authentication failures | Disconnected from host | Connection closed";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows("sftp/auth-too-many/first", By::Sftp(&[]), 255, TOO_MANY);
    shows("sftp/auth-too-many/first", By::Curl(&[]), 67, "curl: (67) Authentication failure");
    let one = "user@host: Permission denied (publickey,password,keyboard-interactive). | Connection closed";
    shows("sftp/auth-too-many", By::Sftp(&[]), 255, one);
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn a_client_with_many_keys_is_thrown_out() {
    let server = Badftp::sftp(&["sftp/auth-too-many"]);
    let desk = desk();
    let options = (0..8).flat_map(|number| {
        let key = format!("key{number}");
        crate::sftp::clients::keygen("ed25519", &desk.path(&key));
        ["-i".to_owned(), key]
    });
    let options: Vec<String> = options.collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let shown = sftp(&desk, &badftp(&server), &options, "pwd");
    let why = "2: Too many authentication failures";
    assert!(shown.exit == 255 && shown.stderr.contains(why), "{shown}");
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let strict = "AuthorizedKeysFile none\nMaxAuthTries 1\nKbdInteractiveAuthentication yes";
    // Of the refusal, which sshd does not say besides, paramiko may see more or less.
    same_as_sshd("sftp/auth-too-many/first", strict, SFTP_SERVER, &ALL[..2]);
}
