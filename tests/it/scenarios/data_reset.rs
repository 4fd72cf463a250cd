//! A data connection that is reset part way.

use super::{Client, Deed, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Leaves, Literal};
use crate::site::Site;

const SCENARIO: &str = "ftp/data-reset";
const ABORTED: &str = "426 Connection closed; transfer aborted.";

/// The wire of faults.json, EX-045; no package can be told to do so after so many bytes.
fn literal() -> Site {
    let literal = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], ABORTED);
    literal.takes("STOR", "150 Ok to send data.", 100, ABORTED).leaving(Leaves::Reset).site()
}

/// lftp is left out: it resumes, with which exact bytes alone cannot cope.
#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_reset_download_is_shown_as_with_exact_bytes() {
    let real = literal();
    let message = (56, "Recv failure: Connection reset by peer");
    for client in [Client::Curl, Client::Ftplib] {
        let get = |site: &Site| shown_by(client, Deed::Get("/hello.txt"), site, message);
        let shown = same(SCENARIO, &real, Texts::Same, get).failed();
        assert!(shown.stdout.contains("left a file of 100 bytes"), "{shown}");
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_resumes_until_the_download_is_whole() {
    let badftp = Badftp::serve(SCENARIO);
    let desk = Desk::new();
    let get = "set net:reconnect-interval-base 0; set net:max-retries 5; get /hello.txt -o local";
    lftp(&desk, &badftp.site(), get).ok();
    assert_eq!(desk.read("local").len(), 300);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_reset_upload_is_shown_as_with_exact_bytes() {
    let message = (55, "Send failure: Connection reset by peer");
    let put = Deed::Put("big.bin", 32 << 20);
    every_client_shows_the_same(SCENARIO, &literal(), Texts::Same, put, message);
}

#[test]
#[ignore = "needs node: tests/run"]
fn basic_ftp_shows_a_reset_as_with_exact_bytes() {
    let steps = serde_json::json!([["downloadTo", "local", "/hello.txt"]]);
    let ours = Badftp::serve(SCENARIO);
    // By which of two sockets it reads first, and that may differ from run to run.
    let reset = "Error: read ECONNRESET (data socket)\n";
    let aborted = format!("FTPError: {ABORTED}\n");
    for site in [literal(), ours.site()] {
        let shown = basic_ftp(&Desk::new(), &site, &steps).failed();
        assert!([reset, &aborted].contains(&&*shown.stderr), "{shown}");
    }
}
