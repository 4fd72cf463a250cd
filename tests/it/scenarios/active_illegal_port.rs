//! A client that announces an address which is not its own.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{PureFtpd, Vsftpd};
use crate::site::Family;

const GET: Deed = Deed::GetActively("/hello.txt", "127.0.0.2");
/// What curl 7.88 says in place of the reply, whatever the reply was.
const REFUSED: (i32, &str) =
    (30, "sa_addr inet_ntop() failed with errno 97: Address family not supported by protocol");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_refusal_as_that_of_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    let scenario = "ftp/active-illegal-port";
    every_client_shows_the_same(scenario, &real.site(), Texts::Same, GET, REFUSED);
}

#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn every_client_shows_the_refusal_as_that_of_pure_ftpd() {
    let real = PureFtpd::with(&[]);
    let scenario = "ftp/active-illegal-port/private";
    every_client_shows_the_same(scenario, &real.site(), Texts::Differ, GET, REFUSED);
}
