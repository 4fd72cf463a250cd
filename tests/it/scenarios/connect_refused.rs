//! A closed port is a closed port.

use std::net::TcpStream;

use super::{Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{Relay, Vsftpd};
use crate::ports::Ports;
use crate::site::Family;
use crate::until::until;

const REFUSED: (i32, &str) =
    (7, "Failed to connect to host after N ms: Couldn't connect to server");

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_is_refused_as_by_a_port_without_a_server() {
    let nobody = Ports::claim();
    every_client_shows_the_same(
        "ftp/connect-refused",
        &nobody.site(),
        Texts::Same,
        Deed::Get("/hello.txt"),
        REFUSED,
    );
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_is_refused_by_the_passive_ports_as_by_those_of_a_misrouted_vsftpd() {
    let server = Vsftpd::healthy(Family::V4);
    let nobody = Ports::claim();
    let real = Relay::misrouting(&server.site(), nobody.first());
    let scenario = "ftp/connect-refused/data-port";
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Get("/hello.txt"), REFUSED);
}

#[test]
fn a_server_that_opens_later_refuses_at_first() {
    let badftp = Badftp::serve("ftp/connect-refused/opens-later");
    let address = ("127.0.0.1", badftp.port());
    TcpStream::connect(address).expect_err("the port should be closed at first");
    until("the port opens", || TcpStream::connect(address).is_ok());
}
