//! Bytes that are not UTF-8.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use serde_json::json;

use crate::clients::{Desk, curl, ftplib, lftp};
use crate::compare::{Texts, same};
use crate::peers::Vsftpd;
use crate::run::Shown;
use crate::site::{Family, Site};

/// vsftpd sends the names that are on its disk, byte by byte.
fn real() -> Vsftpd {
    let name = Path::new(OsStr::from_bytes(b"r\xE4ksm\xF6rg\xE5s.txt"));
    Vsftpd::on(Family::V4, &[], |home| home.put(name, "Four slices"))
}

/// The rest of the listing, and where in it the name stands, is another matter.
fn only_the_name(mut shown: Shown) -> Shown {
    let ends = |line: &str| line.find("r<xE4>").map_or(String::new(), |at| line[at..].to_owned());
    shown.stdout = shown.stdout.lines().map(ends).collect();
    if let Some(at) = shown.stderr.find(" in position") {
        shown.stderr.truncate(at);
    }
    shown
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_bytes_as_those_of_vsftpd() {
    let clients: [fn(&Site) -> Shown; 4] = [
        |site| curl(&Desk::new(), site, &[&site.url("/")]),
        |site| curl(&Desk::new(), site, &["--list-only", &site.url("/")]),
        |site| lftp(&Desk::new(), site, "cls -1"),
        |site| ftplib(&Desk::new(), site, &json!([["names"]])),
    ];
    let real = real();
    for scenario in ["ftp/names-latin1", "ftp/names-latin1/in-feat"] {
        for (number, client) in clients.into_iter().enumerate() {
            let shown =
                same(scenario, &real.site(), Texts::Same, |site| only_the_name(client(site)));
            let (stdout, stderr) = if number < 3 {
                ("r<xE4>ksm<xF6>rg<xE5>s.txt", "")
            } else {
                ("", "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe4")
            };
            assert_eq!((shown.stdout.as_str(), shown.stderr.as_str()), (stdout, stderr), "{shown}");
        }
    }
}

#[test]
#[ignore = "needs python3 and vsftpd: tests/run"]
fn a_client_that_speaks_latin_1_gets_the_file() {
    let steps = json!([["speak", "latin-1"], ["retr", "/räksmörgås.txt", "local"]]);
    for scenario in ["ftp/names-latin1", "ftp/names-latin1/in-feat"] {
        same(scenario, &real().site(), Texts::Differ, |site| {
            let desk = Desk::new();
            let mut shown = ftplib(&desk, site, &steps);
            assert_eq!(shown.exit, 0, "{shown}");
            desk.holds("local", "Four slices");
            shown.stdout.truncate(4);
            shown
        });
    }
}
