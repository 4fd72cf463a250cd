//! Passwords that are not answered, or late.

use super::{Deed, shown_by, side_by_side};
use crate::compare::{Texts, same};
use crate::peers::{Literal, Vsftpd};

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_gives_up_waiting_as_with_exact_bytes() {
    let real = Literal::new().says("PASS", "").site();
    let silence = (28, "Operation timed out after N milliseconds with 0 bytes received");
    side_by_side(|client| {
        same("ftp/login-silence", &real, Texts::Same, |site| {
            shown_by(client, Deed::Get("/hello.txt"), site, silence)
        });
    });
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_waits_for_a_late_answer_as_for_that_of_vsftpd() {
    let real = Vsftpd::with(&["delay_successful_login=3"]);
    side_by_side(|client| {
        same("ftp/login-silence/slow", &real.site(), Texts::Differ, |site| {
            shown_by(client, Deed::Get("/hello.txt"), site, (0, ""))
        });
    });
}
