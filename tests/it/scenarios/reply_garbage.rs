//! Lines that are no replies, and who copes with them.

use super::{CLIENTS, Client, Deed, at_once};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, rclone};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{Fate, Relay, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const GET: Deed = Deed::Get("/hello.txt");
const SILENCE: &str = "Operation timed out after N milliseconds with 0 bytes received";

/// vsftpd, of which one line is garbled on its way.
fn garbling(server: &Vsftpd, start: &'static str, garbage: &str) -> Site {
    Relay::of(&server.site(), start, Fate::Becomes(garbage.to_owned()))
}

fn got_by_basic_ftp(site: &Site) -> Shown {
    basic_ftp(&Desk::new(), site, &serde_json::json!([["downloadTo", "local", "/hello.txt"]]))
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn the_clients_part_ways_as_with_a_garbled_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let long_line = format!("230 {}\r\n", "x".repeat(20_000));
    // Which client gets the file, in the order curl, lftp, ftplib; 0 is success.
    let table: [(&str, &'static str, &str, [i32; 3]); 5] = [
        ("", "220", "220 ready\n", [0, 1, 0]),
        ("/nul", "220", "220 rea\0dy\r\n", [0, 0, 0]),
        ("/long-line", "230", &long_line, [0, 0, 1]),
        ("/two-digits", "230", "23 hm\r\n", [28, 1, 0]),
        ("/empty-line", "230", "\r\n", [28, 1, 1]),
    ];
    at_once(table, |(variant, start, garbage, exits)| {
        let real = garbling(&vsftpd, start, garbage);
        let scenario = format!("ftp/reply-garbage{variant}");
        at_once(CLIENTS.into_iter().zip(exits), |(client, exit)| {
            let shown = same(&scenario, &real, Texts::Same, |site| GET.by(client, site));
            assert_eq!(shown.exit, exit, "{client:?} with {variant}\n{shown}");
            if client == Client::Curl {
                curl_says(&shown, exit, if exit == 0 { "" } else { SILENCE });
            }
        });
    });
}

#[test]
#[ignore = "needs rclone and vsftpd: tests/run"]
fn rclone_finds_a_reply_short_as_with_a_garbled_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    for (variant, garbage) in [("two-digits", "23 hm\r\n"), ("empty-line", "\r\n")] {
        let real = garbling(&vsftpd, "230", garbage);
        same(&format!("ftp/reply-garbage/{variant}"), &real, Texts::Same, |site| {
            let mut shown = rclone(&Desk::new(), site, &["cat", ":ftp:/hello.txt"]).failed();
            assert!(shown.stderr.contains("short response: "), "{shown}");
            shown.stderr.clear();
            shown
        });
    }
}

#[test]
#[ignore = "needs curl, lftp, python3, node and vsftpd: tests/run"]
fn bytes_one_by_one_are_too_few_for_basic_ftp_alone() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let real = Relay::of(&vsftpd.site(), "", Fate::Dribbles);
    let scenario = "ftp/reply-garbage/byte-by-byte";
    for client in CLIENTS {
        same(scenario, &real, Texts::Same, |site| GET.by(client, site)).ok();
    }
    // It takes whatever it reads at once for a line: how many bytes that is decides at which reply it goes astray, and so
    // whether it waits in vain, connects to half of a port's number, or is lucky on a machine so busy that lines are whole.
    for site in [&real, &Badftp::serve(scenario).site()] {
        let shown = got_by_basic_ftp(site);
        assert!(shown.exit == 0 || shown.stderr.starts_with("Error: "), "{shown}");
    }
}
