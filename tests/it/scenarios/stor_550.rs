//! A server on which one may read only.

use super::{Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::Vsftpd;

const SCENARIO: &str = "ftp/stor-550";

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_the_refusal_as_that_of_a_read_only_vsftpd() {
    let real = Vsftpd::with(&["write_enable=NO"]);
    let message = (25, "Failed FTP upload: 550");
    every_client_shows_the_same(
        SCENARIO,
        &real.site(),
        Texts::Same,
        Deed::Put("report.csv", 1000),
        message,
    );
    let message = (21, "QUOT command failed with 550");
    every_client_shows_the_same(
        SCENARIO,
        &real.site(),
        Texts::Same,
        Deed::Delete("/hello.txt"),
        message,
    );
    for command in ["mkdir /d", "rmdir /d", "mv /hello.txt /x", "rm /hello.txt"] {
        let shown =
            same(SCENARIO, &real.site(), Texts::Same, |site| lftp(&Desk::new(), site, command));
        assert!(shown.stderr.contains("550 Permission denied."), "{shown}");
    }
    every_client_shows_the_same(
        SCENARIO,
        &real.site(),
        Texts::Differ,
        Deed::Get("/hello.txt"),
        (0, ""),
    );
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn nothing_changes() {
    let badftp = Badftp::serve(SCENARIO);
    lftp(&Desk::new(), &badftp.site(), "mv /hello.txt /x").failed();
    lftp(&Desk::new(), &badftp.site(), "rm /hello.txt").failed();
    lftp(&Desk::new(), &badftp.site(), "mkdir /d").failed();
    assert_eq!(lftp(&Desk::new(), &badftp.site(), "cls -1 /").ok(), "/hello.txt\n");
}
