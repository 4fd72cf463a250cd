//! Algorithms that clients do not have.

use super::below::{ALL, By, all_show, same_as_sshd, shows};
use crate::sftp::sshd::SFTP_SERVER;

const FILE: &str = "[100000 bytes]";

fn refusal(what: &str, offer: &str) -> String {
    format!(
        "Unable to negotiate with host: no matching {what} found. Their offer: {offer} | Connection closed"
    )
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/kex-no-match",
        (255, &refusal("host key type", "ssh-rsa")),
        (0, FILE),
        (1, "IncompatiblePeer Incompatible ssh peer (no acceptable host key)"),
    );
    all_show(
        "sftp/kex-no-match/kex",
        (255, &refusal("key exchange method", "diffie-hellman-group1-sha1")),
        (0, FILE),
        (1, "IncompatiblePeer Incompatible ssh peer (no acceptable kex algorithm)"),
    );
    shows("sftp/kex-no-match/cipher", By::Sftp(&[]), 255, &refusal("cipher", "3des-cbc"));
    all_show(
        "sftp/kex-no-match/mac",
        (255, &refusal("MAC", "hmac-sha2-256-96")),
        (2, "curl: (2) Failure establishing ssh session: -5, Unable to exchange encryption keys"),
        (1, "IncompatiblePeer Incompatible ssh server (no acceptable macs)"),
    );
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    same_as_sshd("sftp/kex-no-match", "HostKeyAlgorithms ssh-rsa", SFTP_SERVER, &ALL);
    same_as_sshd("sftp/kex-no-match/cipher", "Ciphers 3des-cbc", SFTP_SERVER, &ALL);
    // Its list names strict key exchange, too, which no old server has.
    let others = [By::Curl(&[]), By::Paramiko("id")];
    let old = "KexAlgorithms diffie-hellman-group1-sha1";
    same_as_sshd("sftp/kex-no-match/kex", old, SFTP_SERVER, &others);
    // It has no mlkem768x25519-sha256 yet, and libssh2 neither.
    let modern = "KexAlgorithms sntrup761x25519-sha512@openssh.com";
    same_as_sshd("sftp/kex-no-match/modern", modern, SFTP_SERVER, &[By::Curl(&[])]);
}
