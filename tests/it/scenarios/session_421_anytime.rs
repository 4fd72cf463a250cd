//! Sessions that end in the middle of whatever the client does.

use super::{Client, Deed, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::Literal;

const GOING: &str = "421 Service not available, closing control connection.";
const TIMEOUT: (i32, &str) = (28, "Timeout was reached");

/// The text of RFC 959, section 4.2; a package says it only when it is stopped by hand.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn the_end_of_a_session_is_shown_as_with_exact_bytes() {
    let any = || Literal::new().says("SIZE", GOING).says("RETR", GOING).says("STOR", GOING);
    let login = Literal::new().says("PASS", "421 User limit reached");
    let folder = Literal::new().says("CWD", GOING);
    let passive = Literal::new().says("EPSV", GOING).says("PASV", GOING);
    let (get, put) = (Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000));
    for (scenario, real, deed) in [
        ("ftp/session-421-anytime", any(), get),
        ("ftp/session-421-anytime", any(), put),
        ("ftp/session-421-anytime/for-good", any(), get),
        ("ftp/session-421-anytime/login", login, get),
        ("ftp/session-421-anytime/folder", folder, Deed::Enter("/in")),
        ("ftp/session-421-anytime/passive", passive, get),
    ] {
        every_client_shows_the_same(scenario, &real.site(), Texts::Same, deed, TIMEOUT);
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_logs_in_again_and_gets_the_file() {
    let badftp = Badftp::serve("ftp/session-421-anytime");
    lftp(&Desk::new(), &badftp.site(), "set net:max-retries 3; cat /hello.txt").ok();
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn the_end_of_a_transfer_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], GOING).site();
    for client in [Client::Curl, Client::Ftplib] {
        same("ftp/session-421-anytime/in-transfer", &real, Texts::Same, |site| {
            let message = (18, "transfer closed with 200 bytes remaining to read");
            shown_by(client, Deed::Get("/hello.txt"), site, message)
        });
    }
}
