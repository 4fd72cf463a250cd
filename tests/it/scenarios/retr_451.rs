//! Files that the server cannot read.

use super::{Client, Deed, every_client_shows_the_same, shown_by};
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Literal};
use crate::site::Site;

/// vsftpd's words when a read fails.
const UNREADABLE: &str = "451 Failure reading local file.";
const GET: Deed = Deed::Get("/hello.txt");

/// No package's disk can be made to fail: exact bytes, as faults.json has them in SD-451.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_451_behind_the_data_is_shown_as_with_exact_bytes() {
    let real = Literal::new()
        .says("SIZE", "213 19")
        .sends("RETR", HELLO, UNREADABLE)
        .sends(
            "LIST",
            b"-rw-r--r--    1 ftp      ftp                19 Jan 01  2024 hello.txt\r\n",
            UNREADABLE,
        )
        .site();
    let message = (18, "server did not report OK, got 451");
    // lftp is content or tries again, whichever it reads first: the last of the data or the 451.
    for client in [Client::Curl, Client::Ftplib] {
        for deed in [GET, Deed::List] {
            let shown = |site: &Site| shown_by(client, deed, site, message);
            same("ftp/retr-451", &real, Texts::Same, shown).failed();
        }
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_451_before_the_data_is_shown_as_with_exact_bytes() {
    let said = "451 Requested action aborted: local error in processing.";
    let real = ["RETR", "STOR", "LIST"].into_iter();
    let real = real.fold(Literal::new().says("SIZE", "213 19"), |real, verb| real.says(verb, said));
    let real = real.site();
    for (deed, message) in [
        (GET, (19, "RETR response: 451")),
        (Deed::List, (19, "RETR response: 451")),
        (Deed::Put("report.csv", 1000), (25, "Failed FTP upload: 451")),
    ] {
        every_client_shows_the_same("ftp/retr-451/before", &real, Texts::Same, deed, message);
    }
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_451_within_the_data_is_shown_as_with_exact_bytes() {
    let real =
        Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], UNREADABLE).site();
    let message = (18, "transfer closed with 200 bytes remaining to read");
    for client in [Client::Curl, Client::Ftplib] {
        let get = |site: &Site| shown_by(client, GET, site, message);
        let shown = same("ftp/retr-451/part-way", &real, Texts::Same, get);
        assert!(shown.stdout.contains("left a file of 100 bytes"), "{shown}");
    }
}
