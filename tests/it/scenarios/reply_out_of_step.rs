//! One reply too many.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::site::{Family, Site};

const SCENARIO: &str = "ftp/reply-out-of-step";

/// vsftpd, whose 230 comes twice.
fn twice(server: &Vsftpd) -> Site {
    Relay::to(&server.site(), |line| match line.get(..3) {
        Some("230") => Fate::Becomes(line.repeat(2)),
        _ => Fate::Passes,
    })
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_extra_reply_as_one_of_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let real = twice(&vsftpd);
    let message = (13, "Bad PASV/EPSV response: 229");
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        every_client_shows_the_same(SCENARIO, &real, Texts::Same, deed, message);
    }
}

#[test]
#[ignore = "needs rclone and vsftpd: tests/run"]
fn rclone_takes_the_next_reply_for_an_error_as_from_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    same(SCENARIO, &twice(&vsftpd), Texts::Same, |site| {
        let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/"]).failed();
        assert!(
            shown.stderr.contains(": 211 Features:") || shown.stderr.contains(": 211-"),
            "{shown}"
        );
        // The features differ, and the time of day stands before them.
        shown.stderr.clear();
        shown
    });
}
