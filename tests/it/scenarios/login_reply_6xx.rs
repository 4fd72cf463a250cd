//! Replies in a shape that only a client with the right key can read.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::every_client_downloads_the_same;
use crate::compare::Texts;
use crate::peers::Literal;

const BASE64: &str = "MjMwIExvZ2luIHN1Y2Nlc3NmdWwuDQo=";

/// The three codes of RFC 2228, section 4.2; no package speaks so without Kerberos.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_protected_reply_is_shown_as_with_exact_bytes() {
    for (scenario, words) in [
        ("ftp/login-reply-6xx", "631 MjMwIExvZ2luIHN1Y2Nlc3NmdWwuDQo="),
        (
            "ftp/login-reply-6xx/integrity-and-confidentiality",
            "632 MjMwIExvZ2luIHN1Y2Nlc3NmdWwuDQo=",
        ),
        ("ftp/login-reply-6xx/confidentiality", "633 MjMwIExvZ2luIHN1Y2Nlc3NmdWwuDQo="),
    ] {
        let real = Literal::new().says("PASS", words).site();
        let message = (67, "Access denied: -01");
        every_client_downloads_the_same(scenario, &real, Texts::Same, message);
    }
}

#[test]
fn the_protected_reply_is_that_of_a_login() {
    let reply = BASE64_STANDARD.decode(BASE64).expect("it is base64");
    assert_eq!(reply, b"230 Login successful.\r\n");
}
