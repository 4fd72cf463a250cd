//! Nothing is wrong.

use super::below::{ALL, same_as_sshd};
use super::{Deed, shows};
use crate::sftp::sshd::SFTP_SERVER;

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_is_happy() {
    shows("sftp/normal-session", Deed::Put, (0, ""), (0, ""), "null");
    shows("sftp/normal-session", Deed::Make, (0, ""), (0, ""), "null");
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    same_as_sshd("sftp/normal-session", "", SFTP_SERVER, &ALL);
}
