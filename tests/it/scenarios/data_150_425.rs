//! A 425 that comes after the 150, with the data connection in three states.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, basic_ftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Leaves, Literal};
use crate::site::Site;

const GET: Deed = Deed::Get("/hello.txt");
const PUT: Deed = Deed::Put("report.csv", 1000);
const CANNOT: &str = "425 Can't open data connection.";
/// An upload is over for curl as soon as it has sent all.
const NOT_OK: (i32, &str) = (18, "server did not report OK, got 425");

/// The wire of faults.json, EX-032; no package can be brought to say both.
fn literal(leaves: Leaves) -> Site {
    let literal =
        Literal::new().says("SIZE", "213 19").sends("RETR", b"", CANNOT).sends("LIST", b"", CANNOT);
    literal.takes("STOR", "150 Ok to send data.", 0, CANNOT).leaving(leaves).site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_open_data_connection_lets_clients_wait_as_with_exact_bytes() {
    let real = literal(Leaves::Open);
    let waits = (28, "Operation timed out after N milliseconds with 0 out of 19 bytes received");
    every_client_shows_the_same("ftp/data-150-425", &real, Texts::Same, GET, waits);
    every_client_shows_the_same("ftp/data-150-425", &real, Texts::Same, PUT, NOT_OK);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_closed_data_connection_lets_clients_read_the_425_as_with_exact_bytes() {
    let real = literal(Leaves::Closed);
    let short = (18, "transfer closed with 19 bytes remaining to read");
    every_client_shows_the_same("ftp/data-150-425/closed", &real, Texts::Same, GET, short);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_reset_data_connection_is_an_error_of_its_own_as_with_exact_bytes() {
    let real = literal(Leaves::Reset);
    let reset = (56, "Recv failure: Connection reset by peer");
    every_client_shows_the_same("ftp/data-150-425/reset", &real, Texts::Same, GET, reset);
}

#[test]
#[ignore = "needs node and rclone: tests/run"]
fn basic_ftp_reads_the_425_and_rclone_waits_as_with_exact_bytes() {
    let real = literal(Leaves::Open);
    let steps = serde_json::json!([["downloadTo", "local", "/hello.txt"]]);
    let shown =
        same("ftp/data-150-425", &real, Texts::Same, |site| basic_ftp(&Desk::new(), site, &steps));
    assert_eq!(shown.stderr, "FTPError: 425 Can't open data connection.\n");
    same("ftp/data-150-425", &real, Texts::Same, |site| {
        let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/"]).failed();
        // Two of its clocks are set to the same time: "timeout when waiting for List", or "i/o timeout". The time of day
        // and the port stand around the message.
        assert!(shown.stderr.contains("timeout"), "{shown}");
        shown.stderr.clear();
        shown
    });
}
