//! A firewall that loses the control connection of a long transfer.

use std::time::{Duration, Instant};

use super::{Client, Deed, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const SIZE: usize = 4 << 20;

/// The transfer takes a second, in which the control connection dies.
fn slow_vsftpd() -> Vsftpd {
    let settings = ["anon_max_rate=4194304"];
    Vsftpd::on(Family::V4, &settings, |home| home.put("hello.txt", vec![b'x'; SIZE]))
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_closed_control_connection_as_that_of_a_firewall_before_vsftpd() {
    let server = slow_vsftpd();
    let real = Relay::to(&server.site(), |line| match line.get(..3) {
        Some("150") => Fate::PassesThen(""),
        _ => Fate::Passes,
    });
    let scenario = "ftp/session-control-dies-in-transfer";
    let message = (56, "response reading failed (errno: N)");
    for deed in [Deed::Get("/hello.txt"), Deed::Put("big.bin", SIZE)] {
        for client in [Client::Curl, Client::Ftplib] {
            same(scenario, &real, Texts::Same, |site| shown_by(client, deed, site, message));
        }
    }
    same(scenario, &real, Texts::Same, got_by_lftp).ok();
}

/// It depends on a race within lftp whether it resumes by itself or gives up without a reason; then it is told to.
fn got_by_lftp(site: &Site) -> Shown {
    let desk = Desk::new();
    let get = || lftp(&desk, site, "set net:max-retries 5; get -c /hello.txt -o local");
    let shown = (0..5).map(|_| get()).find(|shown| shown.exit == 0);
    assert_eq!(desk.read("local").len(), SIZE);
    shown.expect("lftp gave up five times")
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_upload_goes_on_to_its_end() {
    let badftp = Badftp::serve("ftp/session-control-dies-in-transfer");
    let desk = Desk::with("local", vec![b'x'; SIZE]);
    let site = badftp.site();
    curl(&desk, &site, &["-T", "local", &site.url("/big.bin")]).failed();
    // curl has gone while the server still reads.
    let deadline = Instant::now() + Duration::from_secs(10);
    let complete = format!("Content-Length: {SIZE}\r\n");
    loop {
        let head = curl(&desk, &site, &["--head", &site.url("/big.bin")]).ok();
        if head.contains(&complete) {
            break;
        }
        assert!(Instant::now() < deadline, "the upload never ended\n{head}");
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_waits_for_a_forgotten_control_connection_as_behind_a_firewall_before_vsftpd() {
    let server = slow_vsftpd();
    let real = Relay::to(&server.site(), |line| match line.get(..3) {
        Some("226" | "221") => Fate::IsLost,
        _ => Fate::Passes,
    });
    let scenario = "ftp/session-control-dies-in-transfer/silently";
    let message = (28, "FTP response timeout");
    let get = Deed::Get("/hello.txt");
    for client in [Client::Curl, Client::Ftplib] {
        same(scenario, &real, Texts::Same, |site| shown_by(client, get, site, message));
    }
    // Whether lftp complains in the end, without a reason, depends on a race within it.
    for site in [&real, &Badftp::serve(scenario).site()] {
        let shown = get.by(Client::Lftp, site);
        assert!(shown.stdout.contains("left a file of 4194304 bytes"), "{shown}");
    }
}

/// lftp is left out: by chance it resumes, or gives up without a reason, whatever server says this.
#[test]
#[ignore = "needs python3 and vsftpd: tests/run"]
fn a_timeout_of_the_control_connection_is_shown_as_behind_a_firewall_before_vsftpd() {
    let server = slow_vsftpd();
    let real = Relay::to(&server.site(), |line| match line.get(..3) {
        Some("150") => Fate::PassesThen("421 Timeout.\r\n"),
        _ => Fate::Passes,
    });
    let scenario = "ftp/session-control-dies-in-transfer/timeout-421";
    let get = |site: &Site| Deed::Get("/hello.txt").by(Client::Ftplib, site);
    assert_eq!(same(scenario, &real, Texts::Same, get).stderr, "error_temp: 421 Timeout.\n");
}
