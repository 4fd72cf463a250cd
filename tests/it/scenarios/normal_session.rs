//! What every other scenario rests on.

use super::{CLIENTS, Deed, session, shown_by};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Proftpd};
use crate::site::Family;

const SCENARIO: &str = "ftp/normal-session";

#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn every_client_does_all_it_does_with_proftpd() {
    let real = Proftpd::healthy(Family::V4);
    real.home.give_root();
    for client in CLIENTS {
        for deed in [
            Deed::Get("/hello.txt"),
            Deed::GetActively("/hello.txt", "127.0.0.1"),
            Deed::Put("report.csv", 1000),
            Deed::Enter("/"),
        ] {
            same(SCENARIO, &real.site(), Texts::Differ, |site| {
                let mut shown = shown_by(client, deed, site, (0, ""));
                if let Deed::Enter(_) = deed {
                    // A listing has dates and owners.
                    shown.stdout.clear();
                }
                shown
            });
        }
    }
}

/// The replies of RFC 959, section 5.4, and RFC 3659, in a session of `ProFTPD` and in one of badftp.
#[test]
#[ignore = "needs ProFTPD: tests/run"]
fn every_command_has_the_code_of_proftpd() {
    let real = Proftpd::healthy(Family::V4);
    real.home.give_root();
    real.home.put("old.txt", HELLO);
    let badftp = Badftp::serve(SCENARIO);
    let commands = [
        ("USER kermit\r\n", "331 "),
        ("PASS frog\r\n", "230 "),
        ("PWD\r\n", "257 \"/\" "),
        ("SYST\r\n", "215 UNIX"),
        ("TYPE I\r\n", "200 "),
        ("SIZE /hello.txt\r\n", "213 19\r\n"),
        ("MDTM /hello.txt\r\n", "213 2"),
        ("MKD /in\r\n", "257 \"/in\" "),
        ("CWD /in\r\n", "250 "),
        ("CDUP\r\n", "250 "),
        ("RNFR /in\r\n", "350 "),
        ("RNTO /out\r\n", "250 "),
        ("RMD /out\r\n", "250 "),
        ("PASV\r\n", "227 Entering Passive Mode (127,0,0,1,"),
        ("EPSV\r\n", "229 Entering Extended Passive Mode (|||"),
        ("REST 5\r\n", "350 "),
        ("ALLO 5\r\n", "202 "),
        ("NOOP\r\n", "200 "),
        ("QUIT\r\n", "221 "),
    ];
    for site in [real.site(), badftp.site()] {
        session(&site, &commands);
    }
}
