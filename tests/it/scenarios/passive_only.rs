//! A server that connects to nobody.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::{Literal, Vsftpd};

/// What curl 7.88 says in place of the reply, whatever the reply was.
const REFUSED: (i32, &str) =
    (30, "sa_addr inet_ntop() failed with errno 97: Address family not supported by protocol");
const GET: Deed = Deed::GetActively("/hello.txt", "127.0.0.1");

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_shows_a_missing_active_mode_as_with_exact_bytes() {
    let refusal = "502 Active mode not enabled.";
    let real = Literal::new().says("PORT", refusal).says("EPRT", refusal).site();
    every_client_shows_the_same("ftp/passive-only", &real, Texts::Same, GET, REFUSED);
    let real = Literal::new().site();
    every_client_shows_the_same("ftp/passive-only/unknown", &real, Texts::Same, GET, REFUSED);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_a_forbidden_active_mode_as_that_of_vsftpd() {
    let real = Vsftpd::with(&["port_enable=NO"]);
    let scenario = "ftp/passive-only/forbidden";
    every_client_shows_the_same(scenario, &real.site(), Texts::Same, GET, REFUSED);
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn passive_mode_works() {
    let real = Vsftpd::with(&["port_enable=NO"]);
    let get = Deed::Get("/hello.txt");
    for scenario in ["ftp/passive-only", "ftp/passive-only/unknown", "ftp/passive-only/forbidden"] {
        every_client_shows_the_same(scenario, &real.site(), Texts::Same, get, (0, ""));
    }
}
