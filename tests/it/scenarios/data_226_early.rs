//! The 226 overtakes the data.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{HELLO, Literal};

/// The wire of faults.json, EX-034; the 150 and the 226 go out before the data.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_gets_all_the_data_as_with_exact_bytes() {
    let early = "150 Here comes the data.\r\n226 Transfer complete.";
    let real = Literal::new().sends_after(early, "RETR", HELLO, "").site();
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same("ftp/data-226-early", &real, Texts::Same, get, (0, ""));
}

/// The wire of faults.json, EX-035.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_understands_a_late_150_as_with_exact_bytes() {
    let late = "150 Here comes the data.\r\n226 Transfer complete.";
    let real = Literal::new().sends_after("", "RETR", HELLO, late).site();
    let get = Deed::Get("/hello.txt");
    every_client_shows_the_same("ftp/data-226-early/with-150", &real, Texts::Same, get, (0, ""));
}
