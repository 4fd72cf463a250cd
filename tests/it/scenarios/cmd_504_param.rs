//! Commands that are known, and their parameters not.

use super::{Deed, every_client_downloads_the_same, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, lftp, rclone};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{HELLO, Literal};

const WORDS: &str = "504 Command not implemented for that parameter.";
const MODE: (i32, &str) = (17, "Couldn't set desired mode");

fn real(refused: &'static str) -> Literal {
    // In ASCII, as badftp sends it then.
    let hello = b"Hello from badftp!\r\n";
    Literal::new().says(refused, WORDS).sends("RETR", hello, "226 Transfer complete.")
}

/// RFC 959's words; each package knows both types.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_missing_binary_mode_is_shown_as_with_exact_bytes() {
    every_client_downloads_the_same("ftp/cmd-504-param", &real("TYPE I").site(), Texts::Same, MODE);
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_does_not_mind_and_leaves_another_file() {
    let badftp = Badftp::serve("ftp/cmd-504-param");
    let desk = Desk::new();
    lftp(&desk, &badftp.site(), "get /hello.txt -o local").ok();
    desk.holds("local", "Hello from badftp!\r\n");
}

#[test]
#[ignore = "needs node and rclone: tests/run"]
fn clients_that_insist_on_binary_mode_cannot_log_in() {
    let badftp = Badftp::serve("ftp/cmd-504-param");
    let shown = basic_ftp(&Desk::new(), &badftp.site(), &serde_json::json!([["pwd"]])).failed();
    assert_eq!(shown.stderr, format!("FTPError: {WORDS}\n"));
    let shown = rclone(&Desk::new(), &badftp.site(), &["lsf", ":ftp:/"]).failed();
    assert!(shown.stderr.contains(WORDS), "{shown}");
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_missing_ascii_mode_is_shown_as_with_exact_bytes() {
    let list = b"-rw-r--r--    1 ftp      ftp                19 Jan 01  2024 hello.txt\r\n";
    let real = real("TYPE A").sends("LIST", list, "226 Directory send OK.").site();
    every_client_shows_the_same("ftp/cmd-504-param/ascii", &real, Texts::Same, Deed::List, MODE);
}

#[test]
#[ignore = "needs curl and lftp: tests/run"]
fn missing_compression_and_tls_are_shown_as_with_exact_bytes() {
    let real = Literal::new()
        .says("MODE", WORDS)
        .says("AUTH", WORDS)
        .says("FEAT", "211-Features:\r\n MODE Z\r\n SIZE\r\n UTF8\r\n211 End")
        .sends("RETR", HELLO, "226 Transfer complete.")
        .site();
    let script = "set ftp:use-mode-z yes; cat /hello.txt";
    same("ftp/cmd-504-param/compression", &real, Texts::Same, |site| {
        lftp(&Desk::new(), site, script)
    })
    .ok();
    let scenario = "ftp/cmd-504-param/tls";
    same(scenario, &real, Texts::Same, |site| {
        let shown = curl(&Desk::new(), site, &["--ssl-reqd", &site.url("/hello.txt")]);
        curl_says(&shown, 64, "Requested SSL level failed");
        shown
    });
    let script = "set ftp:ssl-allow yes; set ftp:ssl-force yes; get /hello.txt -o local";
    same(scenario, &real, Texts::Same, |site| lftp(&Desk::new(), site, script).failed());
}
