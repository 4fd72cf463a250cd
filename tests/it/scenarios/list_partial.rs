//! Listings that end too early, and are called complete.

use serde_json::json;

use super::{CLIENTS, Client, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::site::Site;

const LINE: &[u8] = b"-rw-r--r--    1 ftp      ftp                 5 Jan 01  2024 a.txt\r\n";
const CUT: &[u8] = b"-rw-r--r--    1 ftp      ftp                 5 Jan 01  2024 a.txt\r\n\
                     -rw-r--r--    1 ftp      ftp     ";

/// No package does so: exact bytes, as faults.json has them in EX-066.
fn real(list: &'static [u8], names: &'static [u8]) -> Site {
    let done = "226 Directory send OK.";
    Literal::new().sends("LIST", list, done).sends("NLST", names, done).site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_listing_that_ends_early_is_shown_as_with_exact_bytes() {
    for (scenario, real) in [
        ("ftp/list-partial", real(CUT, b"a.txt\r\nb.t")),
        ("ftp/list-partial/entries-missing", real(LINE, b"a.txt\r\n")),
    ] {
        every_client_shows_the_same(scenario, &real, Texts::Same, Deed::List, (0, ""));
        let names = |site: &Site| ftplib(&Desk::new(), site, &json!([["names"]]));
        same(scenario, &real, Texts::Same, names).ok();
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn a_mirror_deletes_what_the_listing_does_not_show() {
    for scenario in ["ftp/list-partial", "ftp/list-partial/entries-missing"] {
        let badftp = Badftp::serve(scenario);
        let desk = Desk::new();
        for name in ["a.txt", "b.txt", "c.txt"] {
            desk.write(name, "Hello");
        }
        lftp(&desk, &badftp.site(), "mirror --delete / .").ok();
        let left = ["a.txt", "b.txt", "c.txt"].map(|name| desk.path(name).exists());
        assert_eq!(left, [true, false, false], "{scenario}");
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn what_is_missing_in_the_listing_is_there() {
    for client in CLIENTS {
        let badftp = Badftp::serve("ftp/list-partial");
        Deed::Get("/c.txt").by(client, &badftp.site()).ok();
    }
    let badftp = Badftp::serve("ftp/list-partial");
    Deed::Get("/b.t").by(Client::Curl, &badftp.site()).failed();
}
