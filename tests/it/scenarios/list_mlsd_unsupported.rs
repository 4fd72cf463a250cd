//! A server without MLSD, which vsftpd is.

use serde_json::json;

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, basic_ftp, curl, ftplib, lftp, rclone};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{Literal, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const SCENARIO: &str = "ftp/list-mlsd-unsupported";

/// Of what else lies in `/` and how lines are put there, this says nothing.
fn only_hello(mut shown: Shown) -> Shown {
    assert!(shown.stdout.contains("hello.txt"), "{shown}");
    "hello.txt".clone_into(&mut shown.stdout);
    shown
}

#[test]
#[ignore = "needs curl, lftp, node, rclone and vsftpd: tests/run"]
fn clients_fall_back_to_list_as_with_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    let clients: [fn(&Site) -> Shown; 4] = [
        |site| curl(&Desk::new(), site, &[&site.url("/")]),
        |site| lftp(&Desk::new(), site, "set ftp:use-mlsd yes; cls -1"),
        |site| basic_ftp(&Desk::new(), site, &json!([["names", "/"]])),
        |site| rclone(&Desk::new(), site, &["lsf", ":ftp:/"]),
    ];
    for client in clients {
        same(SCENARIO, &real.site(), Texts::Same, |site| only_hello(client(site)));
    }
}

#[test]
#[ignore = "needs curl, python3 and vsftpd: tests/run"]
fn clients_that_insist_on_mlsd_fail_as_with_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    for scenario in [SCENARIO, "ftp/list-mlsd-unsupported/in-feat"] {
        let shown = same(scenario, &real.site(), Texts::Same, |site| {
            ftplib(&Desk::new(), site, &json!([["facts", "/"]]))
        });
        assert_eq!(shown.stderr, "error_perm: 500 Unknown command.\n");
        same(scenario, &real.site(), Texts::Same, |site| {
            let shown = curl(&Desk::new(), site, &["-X", "MLSD", &site.url("/")]);
            curl_says(&shown, 19, "RETR response: 500");
            shown
        });
    }
}

/// RFC 959's reply to a command that is known and not implemented; vsftpd has it for ACCT, but not for MLSD.
#[test]
#[ignore = "needs python3: tests/run"]
fn ftplib_fails_with_a_502_as_with_exact_bytes() {
    let real = Literal::new().says("MLSD", "502 Command not implemented.").site();
    let scenario = "ftp/list-mlsd-unsupported/not-implemented";
    let shown = same(scenario, &real, Texts::Same, |site| {
        ftplib(&Desk::new(), site, &json!([["facts", "/"]]))
    });
    assert_eq!(shown.stderr, "error_perm: 502 Command not implemented.\n");
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn everything_else_works() {
    let real = Vsftpd::healthy(Family::V4);
    every_client_shows_the_same(
        SCENARIO,
        &real.site(),
        Texts::Differ,
        Deed::Get("/hello.txt"),
        (0, ""),
    );
}
