//! A greeting in two replies.

use super::every_client_downloads_the_same;
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Literal};
use crate::site::Site;

const SCENARIO: &str = "ftp/greeting-120-delay";

/// The text of RFC 959, section 4.2, which no package says; a client cannot tell how long the pause was.
fn real() -> Site {
    Literal::new()
        .says("220", "120 Service ready in 001 minutes\r\n220 badftp ready")
        .sends("RETR", HELLO, "226 Transfer complete.")
        .site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_server_that_is_not_ready_yet_is_shown_as_with_exact_bytes() {
    let message = (8, "Got a 120 ftp-server response when 220 was expected");
    every_client_downloads_the_same(SCENARIO, &real(), Texts::Same, message);
}

#[test]
#[ignore = "needs node and rclone: tests/run"]
fn clients_that_know_no_120_say_so() {
    let steps = serde_json::json!([["pwd"]]);
    let shown = same(SCENARIO, &real(), Texts::Same, |site| basic_ftp(&Desk::new(), site, &steps));
    assert_eq!(shown.stderr, "FTPError: 120 Service ready in 001 minutes\n");
    let badftp = Badftp::serve(SCENARIO);
    let shown = rclone(&Desk::new(), &badftp.site(), &["lsf", ":ftp:/"]).failed();
    assert!(shown.stderr.ends_with(": 120 Service ready in 001 minutes\n"), "{shown}");
}
