//! Who finds the way from EPSV to PASV when the port behind EPSV is dead?

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, rclone};
use crate::compare::{Texts, same};
use crate::peers::{BlackHole, Fate, Relay, Vsftpd};
use crate::ports::Ports;
use crate::run::Shown;
use crate::site::{Family, Site};

const GET: Deed = Deed::Get("/hello.txt");

/// A firewall that knows PASV only: what EPSV announces is not what it lets through.
fn announcing(server: &Vsftpd, ports: &str) -> Site {
    let reply = format!("229 Entering Extended Passive Mode ({ports})\r\n");
    Relay::of(&server.site(), "229", Fate::Becomes(reply))
}

/// Its own words stand behind the time of day, and before the port.
fn listed_by_rclone(site: &Site, complaint: &str) -> Shown {
    let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/hello.txt"]).failed();
    assert!(shown.stderr.contains(complaint), "{shown}");
    shown.stderr.clear();
    shown
}

#[test]
#[ignore = "needs curl, lftp, python3, rclone and vsftpd: tests/run"]
fn a_refusing_port_is_shown_as_behind_a_firewall_before_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let nobody = Ports::claim();
    let real = announcing(&vsftpd, &format!("|||{}|", nobody.first()));
    let scenario = "ftp/epsv-blackhole/refused";
    every_client_shows_the_same(scenario, &real, Texts::Same, GET, (0, ""));
    let complaint = "connect: connection refused";
    same(scenario, &real, Texts::Same, |site| listed_by_rclone(site, complaint));
}

#[test]
#[ignore = "needs curl, lftp, python3, rclone and vsftpd: tests/run"]
fn a_silent_port_is_shown_as_behind_a_firewall_before_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let hole = BlackHole::open();
    let real = announcing(&vsftpd, &format!("|||{}|", hole.port()));
    let scenario = "ftp/epsv-blackhole";
    let silence = (28, "Operation timed out after N milliseconds with 0 bytes received");
    every_client_shows_the_same(scenario, &real, Texts::Same, GET, silence);
    same(scenario, &real, Texts::Same, |site| listed_by_rclone(site, "i/o timeout"));
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_malformed_reply_is_shown_as_one_of_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let table = [
        ("malformed", "||5555|", "Weirdly formatted EPSV reply"),
        ("port-too-big", "|||1000000|", "Illegal port number in EPSV reply"),
    ];
    for (variant, ports, message) in table {
        let real = announcing(&vsftpd, ports);
        let scenario = format!("ftp/epsv-blackhole/{variant}");
        every_client_shows_the_same(&scenario, &real, Texts::Same, GET, (13, message));
    }
}
