//! A server that cannot connect to the client, or does so from where nobody expects it.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::{BlackHole, Relay, Vsftpd};
use crate::ports::Ports;
use crate::run::Shown;
use crate::site::{Family, Site};

const GET: Deed = Deed::GetActively("/hello.txt", "127.0.0.1");
/// What curl 7.88 says in active mode, whatever the trouble is.
const NONSENSE: &str =
    "sa_addr inet_ntop() failed with errno 97: Address family not supported by protocol";
const MISPLACED: &str =
    "get: /hello.txt: Fatal error: max-retries exceeded (invalid data connection address)\n";

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_refused_connection_as_behind_a_firewall_of_its_own() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let nobody = Ports::claim();
    let real = Relay::misrouting_back(&vsftpd.site(), nobody.first());
    every_client_shows_the_same("ftp/active-425", &real, Texts::Same, GET, (19, NONSENSE));
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_waits_for_a_swallowed_connection_as_behind_a_firewall_of_its_own() {
    let vsftpd = Vsftpd::with(&["connect_timeout=60"]);
    let hole = BlackHole::open();
    let real = Relay::misrouting_back(&vsftpd.site(), hole.port());
    every_client_shows_the_same("ftp/active-425/firewall", &real, Texts::Same, GET, (28, NONSENSE));
}

#[test]
#[ignore = "needs python3 and vsftpd: tests/run"]
fn the_patient_get_a_425_as_behind_a_firewall_of_their_own() {
    let vsftpd = Vsftpd::with(&["connect_timeout=1"]);
    let hole = BlackHole::open();
    let real = Relay::misrouting_back(&vsftpd.site(), hole.port());
    let badftp = Badftp::start(Family::V4, &["ftp/active-425/firewall", "--max-hold", "1s"]);
    for site in [real, badftp.site()] {
        let steps = json!([["active"], ["retr", "/hello.txt", "local"]]);
        let shown = ftplib(&Desk::new(), &site, &steps).failed();
        assert_eq!(shown.stderr, "error_temp: 425 Failed to establish connection.\n");
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn only_lftp_told_so_minds_the_port_as_with_a_vsftpd_that_uses_any() {
    let vsftpd = Vsftpd::with(&["connect_from_port_20=NO"]);
    let real = vsftpd.site();
    let scenario = "ftp/active-425/other-port";
    every_client_shows_the_same(scenario, &real, Texts::Same, GET, (0, ""));
    let shown = same(scenario, &real, Texts::Same, |site| strictly(site, "verify-port"));
    assert_eq!(shown.stderr, MISPLACED);
}

/// No package can be told to connect from another address; lftp's words are those for a wrong port.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn only_lftp_told_so_minds_the_address() {
    let badftp = Badftp::serve("ftp/active-425/other-address");
    for client in CLIENTS {
        GET.by(client, &badftp.site()).ok();
    }
    assert_eq!(strictly(&badftp.site(), "verify-address").failed().stderr, MISPLACED);
}

fn strictly(site: &Site, verify: &str) -> Shown {
    let get = format!("set ftp:{verify} yes; set ftp:passive-mode no; get /hello.txt -o local");
    lftp(&Desk::new(), site, &get)
}
