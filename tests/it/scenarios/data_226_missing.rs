//! The last word is lost.

use super::{Client, Deed, at_once, shown_by};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::site::Family;

const SCENARIO: &str = "ftp/data-226-missing";
const TIMEOUT: (i32, &str) = (28, "FTP response timeout");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_silence_as_that_of_a_vsftpd_whose_226_is_lost() {
    let server = Vsftpd::healthy(Family::V4);
    let real = Relay::to(&server.site(), |line| match line.get(..3) {
        Some("226") => Fate::IsLost,
        _ => Fate::Passes,
    });
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        at_once([Client::Curl, Client::Ftplib], |client| {
            same(SCENARIO, &real, Texts::Same, |site| shown_by(client, deed, site, TIMEOUT));
        });
    }
    // Whether lftp complains in the end, without a reason, depends on a race within it; it has the file.
    for site in [&real, &Badftp::serve(SCENARIO).site()] {
        let shown = Deed::Get("/hello.txt").by(Client::Lftp, site);
        assert!(shown.stdout.contains("left a file of 19 bytes"), "{shown}");
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_upload_is_there_all_the_same() {
    let badftp = Badftp::serve(SCENARIO);
    Deed::Put("report.csv", 1000).by(Client::Curl, &badftp.site()).failed();
    let shown = Deed::Get("/report.csv").by(Client::Curl, &badftp.site()).failed();
    assert!(shown.stdout.contains("left a file of 1000 bytes"), "{shown}");
}
