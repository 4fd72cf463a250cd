//! Logins that want an account, too.

use super::{every_client_downloads_the_same, session};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, lftp};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{HELLO, Literal};
use crate::run::Shown;
use crate::site::Site;

const NONE: (i32, &str) = (67, "ACCT requested but none available");
const WANTED: &str = "332 Need account for login.";

/// The texts of RFC 959, section 4.2; no package knows accounts.
fn literal() -> Literal {
    Literal::new()
        .says("ACCT muppets", "230 User logged in, proceed.")
        .says("ACCT", "501 Syntax error in parameters or arguments.")
        .sends("RETR", HELLO, "226 Transfer complete.")
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_client_without_an_account_is_shown_as_with_exact_bytes() {
    let real = literal().says("PASS", WANTED).site();
    every_client_downloads_the_same("ftp/login-account-332", &real, Texts::Same, NONE);
    let real = literal().says("USER", WANTED).says("PASS", "503 Bad sequence of commands.").site();
    let scenario = "ftp/login-account-332/instead-of-password";
    every_client_downloads_the_same(scenario, &real, Texts::Same, NONE);
}

#[test]
#[ignore = "needs curl and lftp: tests/run"]
fn a_client_with_an_account_gets_the_file() {
    let clients: [fn(&Site) -> Shown; 2] = [
        |site| curl(&Desk::new(), site, &["--ftp-account", "muppets", &site.url("/hello.txt")]),
        |site| lftp(&Desk::new(), site, "set ftp:acct muppets; cat /hello.txt"),
    ];
    let real = literal().says("PASS", WANTED).site();
    for client in clients {
        let shown = same("ftp/login-account-332", &real, Texts::Same, client).ok();
        assert_eq!(shown.as_bytes(), HELLO);
    }
}

#[test]
fn without_an_account_nobody_is_logged_in() {
    let badftp = Badftp::serve("ftp/login-account-332");
    let lines = [
        ("USER kermit\r\n", "331"),
        ("PASS frog\r\n", "332"),
        ("MKD /in\r\n", "530"),
        ("ACCT muppets\r\n", "230"),
        ("MKD /in\r\n", "257"),
    ];
    session(&badftp.site(), &lines);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_refused_account_is_shown_as_with_exact_bytes() {
    let scenario = "ftp/login-account-332/refused";
    let real = Literal::new().says("PASS", WANTED).says("ACCT", "530 Not logged in.").site();
    same(scenario, &real, Texts::Same, |site| {
        let shown = curl(&Desk::new(), site, &["--ftp-account", "muppets", &site.url("/")]);
        curl_says(&shown, 11, "ACCT rejected by server: 530");
        shown
    });
}
