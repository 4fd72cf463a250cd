//! The last word is lost.

use super::{Client, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::compare::Texts;
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
    every_client_shows_the_same(SCENARIO, &real, Texts::Same, Deed::Get("/hello.txt"), TIMEOUT);
    every_client_shows_the_same(
        SCENARIO,
        &real,
        Texts::Same,
        Deed::Put("report.csv", 1000),
        TIMEOUT,
    );
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_upload_is_there_all_the_same() {
    let badftp = Badftp::serve(SCENARIO);
    Deed::Put("report.csv", 1000).by(Client::Curl, &badftp.site()).failed();
    let shown = Deed::Get("/report.csv").by(Client::Curl, &badftp.site()).failed();
    assert!(shown.stdout.contains("left a file of 1000 bytes"), "{shown}");
}
