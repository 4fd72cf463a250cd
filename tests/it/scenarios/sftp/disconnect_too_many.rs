//! `SSH_MSG_DISCONNECT` at every stage.

use std::net::TcpStream;

use super::below::{By, all_show, shows, told};
use crate::badftp::Badftp;
use crate::sftp::badftp;
use crate::until::until;

fn disconnected(reason: &str) -> String {
    format!("Received disconnect from host:{reason} | Disconnected from host | Connection closed")
}

const TOO_MANY: &str = "12: Too many connections";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    for (scenario, reason) in [("", TOO_MANY), ("/host", "1: Host not allowed to connect")] {
        all_show(
            &format!("sftp/disconnect-too-many{scenario}"),
            (255, &disconnected(reason)),
            (
                2,
                "curl: (2) Failure establishing ssh session: -1, Unable to exchange encryption keys",
            ),
            (1, "SSHException Negotiation failed."),
        );
    }
    let login = "sftp/disconnect-too-many/login";
    shows(login, By::Sftp(&[]), 255, &disconnected(TOO_MANY));
    shows(login, By::Curl(&[]), 67, "curl: (67) Authentication failure");
    let transfer = "sftp/disconnect-too-many/transfer";
    let down = disconnected("11: Server is shutting down") + "[32768 bytes]";
    shows(transfer, By::Sftp(&[]), 255, &down);
    shows(transfer, By::Paramiko("id"), 0, "SSHException Server connection dropped:[32768 bytes]");
    // It may have written only a part of what it has, in pieces of 30,000 bytes.
    let (exit, said) = told(transfer, By::Curl(&[]));
    let said = said.split('[').next().unwrap_or_default();
    assert_eq!((exit, said), (79, "curl: (79) Error in the SSH layer"));
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn the_second_is_turned_away() {
    let server = Badftp::sftp(&["sftp/disconnect-too-many/second"]);
    let place = badftp(&server);
    let first = TcpStream::connect(place.address).expect("the first is let in");
    let mut greeting = [0; 4];
    std::io::Read::read_exact(&mut &first, &mut greeting).expect("it is greeted");
    assert_eq!(By::Sftp(&[]).gets(&place), (255, disconnected(TOO_MANY)));
    drop(first);
    let let_in = (0, "[100000 bytes]".to_owned());
    until("there is room for another", || By::Sftp(&[]).gets(&place) == let_in);
}
