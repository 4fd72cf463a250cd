//! Ends before anybody has logged in.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};

use super::below::{By, CLOSED, all_show, shows, told};
use crate::badftp::Badftp;
use crate::sftp::badftp;
use crate::sftp::sshd::{SFTP_SERVER, Sshd};

const UNIDENTIFIED: &str = "kex_exchange_identification: Connection closed by remote host | Connection closed by host | Connection closed";
const NO_KEYS: &str =
    "curl: (2) Failure establishing ssh session: -8, Unable to exchange encryption keys";

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    // Each meets the reset while it connects, while it writes, or while it reads.
    let reset = "kex_exchange_identification: read: Connection reset by peer | Connection reset by host | Connection closed";
    let at_once = "ssh: connect to host host: Connection reset by peer | Connection closed";
    let shown = told("sftp/connect-reset", By::Sftp(&[]));
    assert!([(255, reset), (255, at_once)].contains(&(shown.0, &*shown.1)), "{shown:?}");
    let no_banner = "curl: (2) Failure establishing ssh session: -43, Failed getting banner";
    let not_connected =
        "curl: (7) Failed to connect to host after N ms: Couldn't connect to server";
    let shown = told("sftp/connect-reset", By::Curl(&[]));
    assert!([(2, no_banner), (7, not_connected)].contains(&(shown.0, &*shown.1)), "{shown:?}");
    let shown = told("sftp/connect-reset", By::Paramiko("id"));
    assert_eq!(shown.0, 1, "{shown:?}");
    for scenario in ["closed", "max-startups", "penalty"] {
        all_show(
            &format!("sftp/connect-reset/{scenario}"),
            (255, UNIDENTIFIED),
            (2, "curl: (2) Failure establishing ssh session: -13, Failed getting banner"),
            (1, "SSHException Error reading SSH protocol banner"),
        );
    }
}

/// A client that is let in, and does not log in.
fn identified(address: SocketAddr) -> TcpStream {
    loop {
        let mut client = TcpStream::connect(address).expect("sshd listens");
        let mut first = [0; 4];
        // Whoever looked whether it listens may still be counted.
        if client.read_exact(&mut first).is_ok() && first == *b"SSH-" {
            return client;
        }
    }
}

#[test]
#[ignore = "needs OpenSSH's server: tests/run"]
fn a_busy_server_says_what_openssh_says() {
    let real = Sshd::configured("MaxStartups 1", SFTP_SERVER);
    let _logging_in = identified(real.place().address);
    let busy = Badftp::sftp(&["sftp/connect-reset/max-startups"]);
    let said = all_that_is_said(badftp(&busy).address);
    assert_eq!(said, all_that_is_said(real.place().address));
}

fn all_that_is_said(address: SocketAddr) -> String {
    let mut client = TcpStream::connect(address).expect("a server listens");
    let mut said = String::new();
    client.read_to_string(&mut said).expect("it says something, and closes");
    said
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn it_ends_later() {
    let said = "curl: (2) Failure establishing ssh session: -1, Unable to exchange encryption keys";
    all_show("sftp/connect-reset/identified", (255, CLOSED), (2, said), (1, "EOFError"));
    shows(
        "sftp/connect-reset/identified-reset",
        By::Sftp(&[]),
        255,
        "Connection reset by host | Connection closed",
    );
    for scenario in ["negotiated", "keyed"] {
        let scenario = format!("sftp/connect-reset/{scenario}");
        all_show(&scenario, (255, CLOSED), (2, NO_KEYS), (1, "EOFError"));
    }
}
