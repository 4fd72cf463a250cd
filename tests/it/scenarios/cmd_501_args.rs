//! Arguments that the server cannot read.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_downloads_the_same, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, ftplib, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Literal};

const SYNTAX: &str = "501 Syntax error in parameters or arguments.";

/// The text of RFC 959, section 4.2; the packages take such names.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_name_that_is_not_plain_is_shown_as_with_exact_bytes_and_plain_ones_pass() {
    let scenario = "ftp/cmd-501-args";
    let real = Literal::new().says("STOR", SYNTAX).site();
    for name in ["a b", "räksmörgås"] {
        let message = (25, "Failed FTP upload: 501");
        every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Put(name, 10), message);
    }
    let badftp = Badftp::serve(scenario);
    for client in CLIENTS {
        Deed::Put("report-1.csv", 1000).by(client, &badftp.site()).ok();
    }
}

#[test]
#[ignore = "needs curl, lftp, python3, node and rclone: tests/run"]
fn nobody_insists_on_utf8() {
    let scenario = "ftp/cmd-501-args/utf8";
    let real = Literal::new()
        .says("FEAT", "211-Features:\r\n UTF8\r\n211 End")
        .says("OPTS", "501 Option not understood.")
        .sends("RETR", HELLO, "226 Transfer complete.")
        .site();
    every_client_downloads_the_same(scenario, &real, Texts::Differ, (0, ""));
    let badftp = Badftp::serve(scenario);
    basic_ftp(&Desk::new(), &badftp.site(), &json!([["names", "/"]])).ok();
    rclone(&Desk::new(), &badftp.site(), &["lsf", ":ftp:/"]).ok();
}

#[test]
#[ignore = "needs lftp and python3: tests/run"]
fn options_and_lengths_are_shown_as_with_exact_bytes() {
    let real = Literal::new().says("LIST -", SYNTAX).says("ALLO", SYNTAX).site();
    let scenario = "ftp/cmd-501-args/list-options";
    same(scenario, &real, Texts::Same, |site| lftp(&Desk::new(), site, "ls -a").failed());
    let steps = json!([["list", "-a"]]);
    same(scenario, &real, Texts::Same, |site| ftplib(&Desk::new(), site, &steps).failed());
    same("ftp/cmd-501-args/length", &real, Texts::Same, |site| {
        let desk = Desk::with("local", "x");
        lftp(&desk, site, "set ftp:use-allo yes; put local -o /report.csv").failed()
    });
}

/// curl's own words are those of a system error that never happened.
#[test]
#[ignore = "needs lftp and python3: tests/run"]
fn a_refused_address_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("PORT", SYNTAX).says("EPRT", SYNTAX).site();
    for client in CLIENTS {
        let shown = same("ftp/cmd-501-args/port", &real, Texts::Same, |site| {
            Deed::GetActively("/hello.txt", "127.0.0.1").by(client, site).failed()
        });
        assert!(shown.exit == 30 || shown.stderr.contains("501"), "{shown}");
    }
}
