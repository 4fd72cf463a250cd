//! Silence, of a server that was stopped, and of a port that drops packets.

use super::below::{ALL, By, all_show, same, shows};
use crate::peers::Silent;
use crate::sftp::Place;

const SILENCE: &str = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/connect-silence",
        (
            255,
            "Connection timed out during banner exchange | Connection to host timed out | Connection closed",
        ),
        (28, SILENCE),
        (1, "SSHException Error reading SSH protocol banner"),
    );
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_shows_what_it_shows_of_a_stopped_server() {
    let silent = Silent::server();
    let place = Place { address: silent.site().address, user: "piggy", folder: String::new() };
    same("sftp/connect-silence", &place, &ALL);
}

#[test]
#[ignore = "needs sftp and curl: tests/run"]
fn packets_are_dropped() {
    let blackhole = "sftp/connect-silence/blackhole";
    shows(
        blackhole,
        By::Sftp(&[]),
        255,
        "ssh: connect to host host: Connection timed out | Connection closed",
    );
    shows(blackhole, By::Curl(&[]), 28, "curl: (28) Connection timed out after N milliseconds");
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn who_waits_gets_in() {
    let late = "sftp/connect-silence/late";
    shows(late, By::Sftp(&["-o", "ConnectTimeout=10"]), 0, "[100000 bytes]");
    shows(
        late,
        By::Sftp(&["-o", "ConnectTimeout=1"]),
        255,
        "Connection timed out during banner exchange | Connection to host timed out | Connection closed",
    );
    shows(late, By::Curl(&[]), 0, "[100000 bytes]");
    shows(late, By::Paramiko("id"), 0, "null[100000 bytes]");
}
