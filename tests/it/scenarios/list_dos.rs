//! Listings of IIS, which no Debian package speaks: exact bytes, as faults.json has them in EX-053 and EX-054.

use serde_json::json;

use crate::clients::{Desk, basic_ftp, curl, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::run::Shown;
use crate::site::Site;

const IIS: &str = "07-20-26  09:52AM       <DIR>          Reports\r\n\
                   07-20-26  10:14AM                 1234 a b.txt\r\n";
const FOUR_DIGITS: &str = "07-20-2026  09:52AM       <DIR>          Reports\r\n\
                           07-20-2026  10:14AM                 1234 a b.txt\r\n";
const WINDOWS_CE: &str =
    "11-02-18  14:12  <DIR>  images\r\n11-02-18  23:05                 1234 a b.txt\r\n";

const SCENARIOS: [(&str, &str); 3] = [
    ("ftp/list-dos", IIS),
    ("ftp/list-dos/four-digit-year", FOUR_DIGITS),
    ("ftp/list-dos/24-hours", WINDOWS_CE),
];

fn real(listing: &'static str) -> Site {
    Literal::new().sends("LIST", listing.as_bytes(), "226 Transfer complete.").site()
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_listing_is_that_of_iis_byte_by_byte() {
    for (scenario, listing) in SCENARIOS {
        let list = |site: &Site| curl(&Desk::new(), site, &[&site.url("/")]);
        let shown = same(scenario, &real(listing), Texts::Same, list).ok();
        // curl turns the CRLF of an ASCII transfer into LF.
        assert_eq!(shown, listing.replace("\r\n", "\n"));
    }
}

#[test]
#[ignore = "needs lftp, node and rclone: tests/run"]
fn every_client_reads_the_listing_as_that_of_exact_bytes() {
    let clients: [fn(&Site) -> Shown; 3] = [
        |site| lftp(&Desk::new(), site, "cls -l"),
        |site| basic_ftp(&Desk::new(), site, &json!([["kinds", "/"]])),
        |site| rclone(&Desk::new(), site, &["lsf", "--format", "pst", ":ftp:/"]),
    ];
    for (scenario, listing) in SCENARIOS {
        for client in clients {
            same(scenario, &real(listing), Texts::Same, client);
        }
    }
}

/// rclone 1.60 understands neither the year of four digits nor the 24 hours, and says nothing about it.
#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_lists_nothing_where_it_does_not_understand() {
    let list = |site: &Site| rclone(&Desk::new(), site, &["lsf", ":ftp:/"]);
    let names = ["Reports/\na b.txt\n", "", ""];
    for ((scenario, listing), names) in SCENARIOS.into_iter().zip(names) {
        assert_eq!(same(scenario, &real(listing), Texts::Same, list).ok(), names, "{scenario}");
    }
}
