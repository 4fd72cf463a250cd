//! A transfer that is promised and never begins.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{Leaves, Literal};

/// The wire of faults.json, EX-033.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_waits_as_with_exact_bytes() {
    let literal = Literal::new().says("SIZE", "213 19").sends("RETR", b"", "");
    let real = literal.takes("STOR", "150 Ok to send data.", 0, "").leaving(Leaves::Open).site();
    let message = (28, "Operation timed out after N milliseconds with 0 out of 19 bytes received");
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same("ftp/data-150-silence", &real, Texts::Same, get, message);
    let put = Deed::Put("report.csv", 1000);
    let message = (28, "FTP response timeout");
    every_client_shows_the_same("ftp/data-150-silence", &real, Texts::Same, put, message);
}
