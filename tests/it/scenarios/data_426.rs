//! A transfer that is aborted by the server. No package can be told to do so after so many bytes.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::Literal;

/// RFC 959's reply, with the wire of faults.json, SD-426.
const ABORTED: &str = "426 Connection closed; transfer aborted.";

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_aborted_download_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], ABORTED).site();
    let message = (18, "transfer closed with 200 bytes remaining to read");
    every_client_shows_the_same(
        "ftp/data-426",
        &real,
        Texts::Same,
        Deed::Get("/hello.txt"),
        message,
    );
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_aborted_upload_is_shown_as_with_exact_bytes() {
    let real = Literal::new().takes("STOR", "150 Ok to send data.", 100, ABORTED).site();
    let message = (55, "Send failure: Connection reset by peer");
    every_client_shows_the_same(
        "ftp/data-426",
        &real,
        Texts::Same,
        Deed::Put("big.bin", 32 << 20),
        message,
    );
}
