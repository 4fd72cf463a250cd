//! Dates that clients must guess at, or cannot read at all.

use std::fs::File;

use serde_json::json;

use super::{Client, Deed};
use crate::clients::{Desk, basic_ftp, ftplib, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Literal, Proftpd};
use crate::run::Shown;
use crate::site::Site;

/// As in faults.json, EX-058 and EX-059, within the lines of vsftpd.
const SCENARIOS: [(&str, &str); 5] = [
    (
        "ftp/list-dates",
        "-rw-r--r--    1 ftp      ftp                19 Dec 31 10:00 hello.txt\r\n\
         -rw-r--r--    1 ftp      ftp                19 Feb 29 10:00 leap.txt\r\n",
    ),
    (
        "ftp/list-dates/iso",
        "-rw-r--r--    1 ftp      ftp                19 2026-07-20 10:14 hello.txt\r\n",
    ),
    (
        "ftp/list-dates/chinese",
        "-rw-r--r--    1 ftp      ftp                19 5月 12 10:14 hello.txt\r\n\
         -rw-r--r--    1 ftp      ftp                19 12月 31  2025 old.txt\r\n",
    ),
    (
        "ftp/list-dates/german",
        "-rw-r--r--    1 ftp      ftp                19 Mär 12 10:14 hello.txt\r\n\
         -rw-r--r--    1 ftp      ftp                19 Dez 31  2025 old.txt\r\n",
    ),
    (
        "ftp/list-dates/french",
        "-rw-r--r--    1 ftp      ftp                19 12 févr. 10:14 hello.txt\r\n\
         -rw-r--r--    1 ftp      ftp                19 31 déc.   2025 old.txt\r\n",
    ),
];

/// lftp asks for the names alone where it does not understand.
fn real(listing: &'static str) -> Site {
    let real = Literal::new().sends("LIST", listing.as_bytes(), "226 Directory send OK.");
    real.sends("NLST", b"hello.txt\r\n", "226 Directory send OK.").site()
}

#[test]
#[ignore = "needs curl, lftp, node and python3: tests/run"]
fn every_client_reads_the_dates_as_those_of_exact_bytes() {
    let clients: [fn(&Site) -> Shown; 4] = [
        |site| Deed::List.by(Client::Curl, site),
        |site| Deed::List.by(Client::Lftp, site),
        |site| Deed::List.by(Client::Ftplib, site),
        |site| basic_ftp(&Desk::new(), site, &json!([["kinds", "/"]])),
    ];
    for (scenario, listing) in SCENARIOS {
        for client in clients {
            same(scenario, &real(listing), Texts::Same, client);
        }
    }
}

/// rclone 1.60 leaves out what it cannot date, and says nothing about it.
#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_lists_nothing_where_it_does_not_understand() {
    let list = |site: &Site| rclone(&Desk::new(), site, &["lsf", ":ftp:/"]);
    for (scenario, listing) in SCENARIOS {
        let shown = same(scenario, &real(listing), Texts::Same, list).ok();
        // Which of the dates without a year can be, depends on the year.
        if scenario != "ftp/list-dates" {
            assert_eq!(shown, "", "{scenario}");
        }
    }
}

/// `ProFTPD` lists in local time if it is told to, and answers MDTM in UTC all the same (RFC 3659, section 3.1).
#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn a_listing_in_local_time_is_shown_as_that_of_proftpd() {
    let real = Proftpd::in_local_time(|home| {
        let night = "2024-06-30T22:00:00Z".parse::<jiff::Timestamp>().expect("a date");
        let file = File::options().write(true).open(home.root().join("hello.txt"));
        let file = file.expect("the file is there");
        file.set_modified(night.into()).expect("a date can be set");
    });
    let scenario = "ftp/list-dates/time-zone";
    let dates: [fn(&Site) -> Shown; 3] = [
        |site| Deed::List.by(Client::Curl, site),
        |site| lftp(&Desk::new(), site, "ls hello.txt"),
        |site| ftplib(&Desk::new(), site, &json!([["sendcmd", "MDTM /hello.txt"]])),
    ];
    for (client, date) in dates.into_iter().zip(["Jul 01  2024", "Jul 01  2024", "20240630220000"])
    {
        let shown = same(scenario, &real.site(), Texts::Same, |site| {
            let mut shown = client(site);
            // A single digit is padded in two ways.
            let found = shown.stdout.replace("Jul  1", "Jul 01").contains(date).then_some(date);
            shown.stdout = found.unwrap_or(&shown.stdout).to_owned();
            shown
        });
        assert_eq!(shown.stdout, date);
    }
}
