//! Texts before the login.

use super::below::{ALL, By, all_show, same_as_sshd, shows};
use crate::sftp::sshd::SFTP_SERVER;

const FILE: &str = "[100000 bytes]";
const PARAMIKO: &str = "null[100000 bytes]";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let banner = "WARNING: authorised users only[100000 bytes]";
    all_show("sftp/auth-banner", (0, banner), (0, FILE), (0, PARAMIKO));
    all_show("sftp/auth-banner/lines", (0, FILE), (0, FILE), (0, PARAMIKO));
    let long = format!("{}{FILE}", "x".repeat(64 << 10));
    shows("sftp/auth-banner/long", By::Sftp(&[]), 0, &long);
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let desk = crate::clients::Desk::with("banner", "WARNING: authorised users only\n");
    let banner = format!("Banner {}", desk.path("banner").display());
    same_as_sshd("sftp/auth-banner", &banner, SFTP_SERVER, &ALL);
    desk.write("banner", "x".repeat(64 << 10) + "\n");
    same_as_sshd("sftp/auth-banner/long", &banner, SFTP_SERVER, &ALL);
}
