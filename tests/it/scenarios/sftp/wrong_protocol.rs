//! Servers of something else.

use super::below::{ALL, all_show, same};
use crate::peers::Vsftpd;
use crate::sftp::Place;
use crate::site::Family;

const SILENCE: &str = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let timeout = "Connection timed out during banner exchange | Connection to host timed out | Connection closed";
    let no_banner = "SSHException Error reading SSH protocol banner";
    all_show("sftp/wrong-protocol", (255, timeout), (28, SILENCE), (1, no_banner));
    all_show(
        "sftp/wrong-protocol/http",
        (
            255,
            "kex_exchange_identification: Connection closed by remote host | Connection closed by host | Connection closed",
        ),
        (2, "curl: (2) Failure establishing ssh session: -2, Failed getting banner"),
        (1, no_banner),
    );
    all_show(
        "sftp/wrong-protocol/ssh-1",
        (
            255,
            "Protocol major versions differ: 2 vs. 1 | banner exchange: Connection to host: could not read protocol version | Connection closed",
        ),
        (28, SILENCE),
        (1, "IncompatiblePeer Incompatible version (1.5 instead of 2.0)"),
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and vsftpd: tests/run"]
fn every_client_shows_what_it_shows_of_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let address = vsftpd.site().address;
    let place = Place { address, user: "piggy", folder: String::new() };
    same("sftp/wrong-protocol", &place, &ALL);
}
