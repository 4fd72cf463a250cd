//! Nobody listens.

use std::net::TcpStream;

use super::below::{ALL, By, all_show, same, shows};
use crate::badftp::Badftp;
use crate::ports::Ports;
use crate::sftp::{Place, badftp};
use crate::until::until;

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/connect-refused",
        (255, "ssh: connect to host host: Connection refused | Connection closed"),
        (7, "curl: (7) Failed to connect to host after N ms: Couldn't connect to server"),
        (1, "SSHException Unable to connect to host: [Errno 111] Connection refused"),
    );
    let ports = Ports::claim();
    let nobody = Place { address: ports.site().address, user: "piggy", folder: String::new() };
    same("sftp/connect-refused", &nobody, &ALL);
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn who_waits_gets_in() {
    let server = Badftp::sftp(&["sftp/connect-refused/opens-later"]);
    assert_eq!(By::Sftp(&[]).gets(&badftp(&server)).0, 255);
    let port = badftp(&server).address;
    until("the port opens", || TcpStream::connect(port).is_ok());
    assert_eq!(By::Sftp(&[]).gets(&badftp(&server)), (0, "[100000 bytes]".to_owned()));
    shows(
        "sftp/connect-refused/opens-later",
        By::Curl(&[]),
        7,
        "curl: (7) Failed to connect to host after N ms: Couldn't connect to server",
    );
}
