//! Passive ports that a firewall keeps shut.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{BlackHole, Relay, Vsftpd};
use crate::ports::Ports;
use crate::site::Family;

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_closed_port_as_behind_a_firewall_before_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let nobody = Ports::claim();
    let real = Relay::misrouting(&vsftpd.site(), nobody.first());
    let message = (7, "Failed to connect to host after N ms: Couldn't connect to server");
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        every_client_shows_the_same("ftp/pasv-unreachable", &real, Texts::Same, deed, message);
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_silent_port_as_behind_a_firewall_before_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let hole = BlackHole::open();
    let real = Relay::misrouting(&vsftpd.site(), hole.port());
    let silence = (28, "Operation timed out after N milliseconds with 0 bytes received");
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same("ftp/pasv-unreachable/blackhole", &real, Texts::Same, get, silence);
}
