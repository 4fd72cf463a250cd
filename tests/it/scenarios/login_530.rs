//! Logins that fail, and how a client tells.

use super::{CLIENTS, Client, Deed, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::{Proftpd, Vsftpd};
use crate::site::Family;

const DENIED: (i32, &str) = (67, "Access denied: 530");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_wrong_login_is_shown_as_that_of_vsftpd() {
    let real = Vsftpd::with(&["anonymous_enable=NO"]);
    every_client_shows_the_same(
        "ftp/login-530",
        &real.site(),
        Texts::Same,
        Deed::Get("/hello.txt"),
        DENIED,
    );
}

#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn a_wrong_password_is_shown_as_that_of_proftpd_and_the_right_one_lets_in() {
    let real = Proftpd::healthy(Family::V4);
    for client in CLIENTS {
        for (user, password) in [("kermit", "FROG"), ("Kermit", "frog"), ("piggy", "frog")] {
            same("ftp/login-530/password", &real.site(), Texts::Same, |site| {
                shown_by(client, Deed::Get("/hello.txt"), &site.login(user, password), DENIED)
            });
        }
        let badftp = Badftp::serve("ftp/login-530/password");
        Deed::Get("/hello.txt").by(client, &badftp.site().login("kermit", "frog")).ok();
    }
}

/// No package locks accounts in these words, which are those of IIS; the client's own words are those for any 530.
#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_locked_account_and_a_missing_home_look_like_a_wrong_login() {
    let real = Vsftpd::with(&["anonymous_enable=NO"]);
    for scenario in ["ftp/login-530/locked", "ftp/login-530/no-home"] {
        every_client_shows_the_same(
            scenario,
            &real.site(),
            Texts::Differ,
            Deed::Get("/hello.txt"),
            DENIED,
        );
        let badftp = Badftp::serve(scenario);
        let shown = Deed::Get("/hello.txt").by(Client::Ftplib, &badftp.site()).failed();
        assert!(shown.stderr.starts_with("error_perm: 530 "), "{shown}");
    }
}
