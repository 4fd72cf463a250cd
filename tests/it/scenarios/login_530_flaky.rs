//! Logins that fail now and then.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_downloads_the_same, session, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib};
use crate::compare::Texts;
use crate::peers::Vsftpd;

const DENIED: (i32, &str) = (67, "Access denied: 530");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_failed_try_is_shown_as_that_of_vsftpd() {
    let real = Vsftpd::with(&["anonymous_enable=NO"]);
    every_client_downloads_the_same("ftp/login-530-flaky", &real.site(), Texts::Same, DENIED);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn the_third_try_succeeds() {
    for client in CLIENTS {
        let badftp = Badftp::serve("ftp/login-530-flaky");
        for _ in 0..2 {
            shown_by(client, Deed::Get("/hello.txt"), &badftp.site(), DENIED).failed();
        }
        Deed::Get("/hello.txt").by(client, &badftp.site()).ok();
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn only_a_second_try_on_the_same_connection_succeeds() {
    let badftp = Badftp::serve("ftp/login-530-flaky/once-a-connection");
    for client in CLIENTS.repeat(2) {
        shown_by(client, Deed::Get("/hello.txt"), &badftp.site(), DENIED).failed();
    }
    let user = ("USER kermit\r\n", "331");
    let tries = [user, ("PASS frog\r\n", "530"), user, ("PASS frog\r\n", "230")];
    session(&badftp.site(), &tries);
}

/// Of thirty tries, ten are to fail; the coins of seed 0 are always the same.
#[test]
#[ignore = "needs python3: tests/run"]
fn about_one_login_in_three_fails() {
    let badftp = Badftp::serve("ftp/login-530-flaky/at-random");
    let failed = (0..30).filter(|_| ftplib(&Desk::new(), &badftp.site(), &json!([])).exit != 0);
    assert!((5..=15).contains(&failed.count()), "one in three should fail");
}
