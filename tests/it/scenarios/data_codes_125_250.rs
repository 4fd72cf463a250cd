//! The other codes that RFC 959 has for a transfer.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, basic_ftp, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::site::{Family, Site};

const OPEN: &str = "125 Data connection already open; transfer starting.\r\n";
const DEEDS: [Deed; 2] = [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)];

/// vsftpd, whose 150 and 226 become others.
fn recoded(server: &Vsftpd, closing: Option<&'static str>) -> Site {
    Relay::to(&server.site(), move |line| match (line.get(..3), closing) {
        (Some("150"), _) => Fate::Becomes(OPEN.to_owned()),
        (Some("226"), Some(closing)) => Fate::Becomes(closing.to_owned()),
        _ => Fate::Passes,
    })
}

fn vsftpd() -> Vsftpd {
    Vsftpd::on(Family::V4, &["hide_file={pub}"], |_| ())
}

#[test]
#[ignore = "needs curl, lftp, python3, node and vsftpd: tests/run"]
fn every_client_understands_125_and_250_as_from_vsftpd() {
    let vsftpd = vsftpd();
    let real = recoded(&vsftpd, Some("250 File transfer completed successfully.\r\n"));
    let scenario = "ftp/data-codes-125-250";
    for deed in DEEDS {
        every_client_shows_the_same(scenario, &real, Texts::Differ, deed, (0, ""));
    }
    same(scenario, &real, Texts::Same, |site| lftp(&Desk::new(), site, "cls -1 --sort=name")).ok();
    let steps = serde_json::json!([["downloadTo", "local", "/hello.txt"]]);
    same(scenario, &real, Texts::Same, |site| basic_ftp(&Desk::new(), site, &steps)).ok();
}

#[test]
#[ignore = "needs rclone and vsftpd: tests/run"]
fn rclone_takes_the_250_for_an_error_as_from_vsftpd() {
    let vsftpd = vsftpd();
    let real = recoded(&vsftpd, Some("250 List completed.\r\n"));
    same("ftp/data-codes-125-250", &real, Texts::Same, |site| {
        let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/"]).failed();
        assert!(shown.stderr.contains("* 250 List completed."), "{shown}");
        // The time of day stands before the message.
        shown.stderr.clear();
        shown
    });
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_understands_125_and_226_as_from_vsftpd() {
    let vsftpd = vsftpd();
    let real = recoded(&vsftpd, None);
    for deed in DEEDS {
        let scenario = "ftp/data-codes-125-250/125-only";
        every_client_shows_the_same(scenario, &real, Texts::Differ, deed, (0, ""));
    }
}
