//! A line that is too slow for the client's patience.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, curl};
use crate::compare::{Texts, curl_says, same};
use crate::peers::Vsftpd;
use crate::site::Family;

const SIZE: usize = 192 << 10;

fn slow_vsftpd() -> Vsftpd {
    let settings = ["anon_max_rate=65536"];
    Vsftpd::on(Family::V4, &settings, |home| home.put("hello.txt", vec![b'x'; SIZE]))
}

/// How many bytes came in that time is left to chance.
#[test]
#[ignore = "needs curl and vsftpd: tests/run"]
fn curl_runs_out_of_time_as_with_a_vsftpd_of_that_rate() {
    let real = slow_vsftpd();
    same("ftp/data-slow", &real.site(), Texts::Same, |site| {
        let url = site.url("/hello.txt");
        let mut shown = curl(&Desk::new(), site, &["--max-time", "1", "-o", "local", &url]);
        let (said, received) = shown.stderr.split_once(" with ").unwrap_or_default();
        assert!(received.ends_with(&format!(" out of {SIZE} bytes received\n")), "{shown}");
        shown.stderr = said.to_owned();
        curl_says(&shown, 28, "Operation timed out after N milliseconds");
        shown
    });
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn who_waits_gets_it_all_as_from_a_vsftpd_of_that_rate() {
    let real = slow_vsftpd();
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same("ftp/data-slow", &real.site(), Texts::Same, get, (0, ""));
}
