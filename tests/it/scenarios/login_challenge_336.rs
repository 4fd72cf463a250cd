//! Passwords that are good once.

use super::every_client_downloads_the_same;
use crate::compare::Texts;
use crate::peers::Literal;

/// The text of RFC 2228, section 5.1, and that of OPIE's server; no package has them.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_challenge_is_shown_as_with_exact_bytes() {
    let challenge = "336 User name okay, need password. Challenge is \"otp-md5 98 ba1234\"";
    let opie = "331 Response to otp-md5 98 ba1234 required for anonymous.";
    for (scenario, words, message) in [
        ("ftp/login-challenge-336", challenge, "Access denied: 336"),
        ("ftp/login-challenge-336/in-331", opie, "Access denied: 530"),
    ] {
        let real = Literal::new().says("USER", words).says("PASS", "530 Login incorrect.").site();
        every_client_downloads_the_same(scenario, &real, Texts::Same, (67, message));
    }
}
