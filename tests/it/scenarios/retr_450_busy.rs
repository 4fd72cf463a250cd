//! Files that somebody else is using.

use serde_json::json;

use super::{Client, Deed, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::site::Site;

const BUSY: &str = "450 Requested file action not taken.";
const DEEDS: [(Deed, (i32, &str)); 4] = [
    (Deed::Get("/hello.txt"), (19, "RETR response: 450")),
    (Deed::Put("report.csv", 1000), (25, "Failed FTP upload: 450")),
    (Deed::Delete("/hello.txt"), (21, "QUOT command failed with 450")),
    (Deed::Rename("/hello.txt", "/new.txt"), (21, "QUOT command failed with 450")),
];

/// No package can be told so: exact bytes, as faults.json has them in SD-450.
#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_busy_file_is_shown_as_with_exact_bytes() {
    let real = ["RETR", "STOR", "DELE", "RNFR", "XCRC"].into_iter();
    let real = real.fold(Literal::new().says("SIZE", "213 19"), |real, verb| real.says(verb, BUSY));
    let real = real.site();
    for scenario in ["ftp/retr-450-busy", "ftp/retr-450-busy/always"] {
        for (deed, message) in DEEDS {
            for client in [Client::Curl, Client::Ftplib] {
                let shown = |site: &Site| shown_by(client, deed, site, message);
                same(scenario, &real, Texts::Same, shown).failed();
            }
        }
    }
    let checksum =
        |site: &Site| ftplib(&Desk::new(), site, &json!([["sendcmd", "XCRC /hello.txt"]]));
    same("ftp/retr-450-busy", &real, Texts::Same, checksum).failed();
    let get = |site: &Site| Deed::Get("/hello.txt").by(Client::Lftp, site);
    same("ftp/retr-450-busy/always", &real, Texts::Same, get).failed();
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn the_third_attempt_at_each_file_succeeds() {
    for client in [Client::Curl, Client::Ftplib] {
        let badftp = Badftp::serve("ftp/retr-450-busy");
        let site = badftp.site();
        for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
            deed.by(client, &site).failed();
            deed.by(client, &site).failed();
            deed.by(client, &site).ok();
        }
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_tries_again_without_a_word() {
    let badftp = Badftp::serve("ftp/retr-450-busy");
    let patient = "set net:max-retries 5; get /hello.txt -o local";
    let shown = lftp(&Desk::new(), &badftp.site(), patient);
    assert_eq!(shown.stderr, "");
    shown.ok();
}
