//! RSA keys, and what they sign with.

use super::below::{By, same_as_sshd, shows};
use crate::sftp::sshd::SFTP_SERVER;

const FILE: &str = "[100000 bytes]";
const DENIED: &str = "user@host: Permission denied (publickey). | Connection closed";
const SFTP: By<'_> =
    By::Sftp(&["-i", "id_rsa", "-o", "PubkeyAcceptedAlgorithms=rsa-sha2-512,rsa-sha2-256"]);
/// Which signs with SHA-1 only.
const CURL: By<'_> = By::Curl(&["--key", "id_rsa", "--pubkey", "id_rsa.pub"]);
const PARAMIKO: By<'_> = By::Paramiko("id_rsa");

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn sha_2_is_refused() {
    for scenario in ["sftp/auth-rsa-sha2", "sftp/auth-rsa-sha2/told"] {
        shows(scenario, SFTP, 255, DENIED);
        shows(scenario, CURL, 0, FILE);
    }
    let unsigned = "AuthenticationException Unable to agree on a pubkey algorithm for signing a 'ssh-rsa' key!";
    shows("sftp/auth-rsa-sha2", PARAMIKO, 1, "AuthenticationException Authentication failed.");
    shows("sftp/auth-rsa-sha2/told", PARAMIKO, 1, unsigned);
    let last = "Received disconnect from host:2: Too many authentication failures | Disconnected from host | Connection closed";
    shows("sftp/auth-rsa-sha2/last-try", SFTP, 255, last);
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn sha_1_is_refused() {
    shows("sftp/auth-rsa-sha2/no-sha-1", SFTP, 0, FILE);
    shows("sftp/auth-rsa-sha2/no-sha-1", CURL, 67, "curl: (67) Authentication failure");
    shows("sftp/auth-rsa-sha2/no-sha-1", PARAMIKO, 0, "null[100000 bytes]");
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    let clients = [SFTP, CURL, PARAMIKO];
    let today = "AuthenticationMethods publickey";
    same_as_sshd("sftp/auth-rsa-sha2/no-sha-1", today, SFTP_SERVER, &clients);
    let old = "AuthenticationMethods publickey\nPubkeyAcceptedAlgorithms ssh-rsa";
    // This version of it does not tell.
    same_as_sshd("sftp/auth-rsa-sha2", old, SFTP_SERVER, &clients);
}
