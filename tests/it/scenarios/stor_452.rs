//! Full disks, before, within and after the data, and data connections that fail under the same code.

use super::{Client, Deed, every_client_shows_the_same, shown_by, some_clients_fail, stored};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::site::Site;

/// RFC 959's reply, with the wire of faults.json, SD-452a: no package has these words.
const FULL: &str = "452 Insufficient storage space in system.";
const PUT: Deed = Deed::Put("report.csv", 1000);

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_452_before_the_data_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("STOR", FULL).says("ALLO", FULL).site();
    let message = (25, "Failed FTP upload: 452");
    every_client_shows_the_same("ftp/stor-452", &real, Texts::Same, PUT, message);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_452_behind_the_data_is_shown_as_with_exact_bytes_and_nothing_is_kept() {
    let real = Literal::new().takes("STOR", "150 Ok to send data.", 1000, FULL).site();
    let message = (18, "server did not report OK, got 452");
    every_client_shows_the_same("ftp/stor-452/after", &real, Texts::Same, PUT, message);
    let badftp = Badftp::serve("ftp/stor-452/after");
    PUT.by(Client::Curl, &badftp.site()).failed();
    assert_eq!(stored(&badftp.site(), "/report.csv"), None);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_452_within_the_data_is_shown_as_with_exact_bytes_and_what_came_is_kept() {
    let real = Literal::new().takes("STOR", "150 Ok to send data.", 65_536, FULL).site();
    let large = Deed::Put("big.bin", 32 << 20);
    let message = (55, "Send failure: Connection reset by peer");
    let scenario = "ftp/stor-452/part-way";
    same(scenario, &real, Texts::Same, |site| shown_by(Client::Curl, large, site, message));
    some_clients_fail(scenario, &real, large, &[Client::Lftp, Client::Ftplib]);
    let badftp = Badftp::serve("ftp/stor-452/part-way");
    large.by(Client::Curl, &badftp.site()).failed();
    let length = stored(&badftp.site(), "/big.bin").map(|file| file.len());
    assert_eq!(length, Some(65_536));
}

/// faults.json, SD-452b: some manuals read 452 as a data connection that was closed.
#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_452_for_a_closed_data_connection_is_shown_as_with_exact_bytes() {
    let closed = "452 Requested action not taken.";
    let real = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], closed).site();
    let message = (18, "transfer closed with 200 bytes remaining to read");
    for client in [Client::Curl, Client::Ftplib] {
        let get = |site: &Site| shown_by(client, Deed::Get("/hello.txt"), site, message);
        let shown = same("ftp/stor-452/closed", &real, Texts::Same, get);
        assert!(shown.stdout.contains("left a file of 100 bytes"), "{shown}");
    }
}
