//! SIZE where lines are converted.

use serde_json::json;

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, curl, ftplib};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{HELLO, Literal, Proftpd};
use crate::site::Family;

#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn size_in_ascii_mode_is_refused_as_by_proftpd_and_in_binary_mode_it_is_not() {
    let real = Proftpd::healthy(Family::V4);
    let scenario = "ftp/size-550-ascii";
    same(scenario, &real.site(), Texts::Same, |site| {
        let mut shown =
            curl(&Desk::new(), site, &["--use-ascii", "--head", &site.url("/hello.txt")]);
        curl_says(&shown, 78, "The file does not exist");
        // The file's own date.
        shown.stdout.clear();
        shown
    });
    let size = |steps| move |site: &_| ftplib(&Desk::new(), site, &steps);
    let shown = same(scenario, &real.site(), Texts::Same, size(json!([["size", "/hello.txt"]])));
    assert_eq!(shown.stderr, "error_perm: 550 SIZE not allowed in ASCII mode\n");
    let back_and_forth = json!([
        ["sendcmd", "TYPE I"],
        ["size", "/hello.txt"],
        ["sendcmd", "TYPE A"],
        ["size", "/hello.txt"]
    ]);
    let shown = same(scenario, &real.site(), Texts::Differ, size(back_and_forth));
    assert_eq!(shown.stderr.trim_end(), "error_perm: 550 …");
    every_client_shows_the_same(
        scenario,
        &real.site(),
        Texts::Differ,
        Deed::Get("/hello.txt"),
        (0, ""),
    );
}

/// Exact bytes: `ProFTPD` refuses in ASCII mode only, other servers always (faults.json, EX-070).
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_size_that_is_always_refused_is_shown_as_with_exact_bytes() {
    let hello = || Literal::new().sends("RETR", HELLO, "226 Transfer complete.");
    let real = hello().says("SIZE", "550 SIZE not allowed in ASCII mode").site();
    for (scenario, real, message) in [
        ("ftp/size-550-ascii/in-any-mode", real, (78, "The file does not exist")),
        ("ftp/size-550-ascii/unknown", hello().site(), (0, "")),
    ] {
        every_client_shows_the_same(
            scenario,
            &real,
            Texts::Differ,
            Deed::Get("/hello.txt"),
            message,
        );
    }
}
