//! The control connection ends where the 226 should be.

use super::{Client, Deed, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Fate, HELLO, Relay, Vsftpd};
use crate::site::{Family, Site};

const GET: Deed = Deed::Get("/hello.txt");
const PUT: Deed = Deed::Put("report.csv", 1000);
const SCENARIOS: [(&str, Fate, &str); 2] = [
    ("ftp/data-eof-instead-of-226", Fate::IsAnEnd, "response reading failed (errno: N)"),
    ("ftp/data-eof-instead-of-226/reset", Fate::IsAReset, "Recv failure: Connection reset by peer"),
];

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_end_as_that_of_a_firewall_before_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    for (scenario, fate, message) in SCENARIOS {
        let real = Relay::of(&vsftpd.site(), "226", fate);
        every_client_shows_the_same(scenario, &real, Texts::Same, PUT, (56, message));
        for client in [Client::Curl, Client::Ftplib] {
            let get = |site: &Site| shown_by(client, GET, site, (56, message));
            let shown = same(scenario, &real, Texts::Same, get);
            assert!(shown.stdout.contains("left a file of 19 bytes"), "{shown}");
        }
        got_by_lftp(&real);
        got_by_lftp(&Badftp::serve(scenario).site());
    }
}

/// Whether it then goes on or gives up depends on a race within lftp, whatever server it is.
fn got_by_lftp(site: &Site) {
    let desk = Desk::new();
    lftp(&desk, site, "get /hello.txt -o local");
    desk.holds("local", HELLO);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_upload_is_there_all_the_same() {
    for (scenario, ..) in SCENARIOS {
        let badftp = Badftp::serve(scenario);
        PUT.by(Client::Curl, &badftp.site()).failed();
        let shown = Deed::Get("/report.csv").by(Client::Curl, &badftp.site()).failed();
        assert!(shown.stdout.contains("left a file of 1000 bytes"), "{shown}");
    }
}
