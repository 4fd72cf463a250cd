//! A server that knows nothing new.

use serde_json::json;

use super::{Deed, every_client_downloads_the_same, every_client_shows_the_same, session};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, ftplib, rclone};
use crate::compare::{Texts, same};
use crate::peers::{HELLO, Literal};
use crate::site::Site;

const SCENARIO: &str = "ftp/cmd-500-old-server";

/// No package is as old; the text is vsftpd's.
fn real(feat: &'static str) -> Site {
    let unknown = "500 Unknown command.";
    let old = ["EPSV", "EPRT", "SIZE", "MDTM", "OPTS"].iter();
    old.fold(Literal::new(), |literal, to| literal.says(to, unknown))
        .says("FEAT", feat)
        .sends("RETR", HELLO, "226 Transfer complete.")
        .takes("STOR", "150 Ok to send data.", 1000, "226 Transfer complete.")
        .site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_does_without_as_with_exact_bytes() {
    let real = real("500 Unknown command.");
    for deed in [Deed::Get("/hello.txt"), Deed::Put("report.csv", 1000)] {
        every_client_shows_the_same(SCENARIO, &real, Texts::Differ, deed, (0, ""));
    }
    for step in [json!([["size", "/hello.txt"]]), json!([["facts", "/"]])] {
        let shown =
            same(SCENARIO, &real, Texts::Same, |site| ftplib(&Desk::new(), site, &step)).failed();
        assert_eq!(shown.stderr, "error_perm: 500 Unknown command.\n");
    }
}

#[test]
#[ignore = "needs node and rclone: tests/run"]
fn others_list_and_download_all_the_same() {
    let badftp = Badftp::serve(SCENARIO);
    let (desk, site) = (Desk::new(), badftp.site());
    let steps = json!([["names", "/"], ["downloadTo", "local", "/hello.txt"]]);
    basic_ftp(&desk, &site, &steps).ok();
    desk.holds("local", HELLO);
    assert_eq!(rclone(&desk, &site, &["lsf", ":ftp:/"]).ok(), "hello.txt\n");
    assert_eq!(rclone(&desk, &site, &["cat", ":ftp:/hello.txt"]).ok().as_bytes(), HELLO);
}

/// The words are those of IIS.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_does_without_feat_as_with_exact_bytes() {
    for (scenario, words) in [
        ("ftp/cmd-500-old-server/feat-before-login", "530 Please login with USER and PASS."),
        ("ftp/cmd-500-old-server/feat-wants-tls", "534 Policy requires SSL."),
    ] {
        every_client_downloads_the_same(scenario, &real(words), Texts::Differ, (0, ""));
        let badftp = Badftp::serve(scenario);
        session(&badftp.site(), &[("FEAT\r\n", words)]);
    }
}

#[test]
fn after_the_login_feat_is_answered() {
    let badftp = Badftp::serve("ftp/cmd-500-old-server/feat-before-login");
    let lines = [
        ("FEAT\r\n", "530"),
        ("USER kermit\r\n", "331"),
        ("PASS frog\r\n", "230"),
        ("FEAT\r\n", "211"),
    ];
    session(&badftp.site(), &lines);
}

#[test]
#[ignore = "needs curl, lftp, python3 and rclone: tests/run"]
fn only_rclone_insists_on_opts_as_with_exact_bytes() {
    let scenario = "ftp/cmd-500-old-server/opts";
    let real = real("211-Features:\r\n UTF8\r\n211 End");
    every_client_downloads_the_same(scenario, &real, Texts::Differ, (0, ""));
    let badftp = Badftp::serve(scenario);
    for site in [&real, &badftp.site()] {
        let shown = rclone(&Desk::new(), site, &["cat", ":ftp:/hello.txt"]).failed();
        assert!(shown.stderr.trim_end().ends_with(": Unknown command."), "{shown}");
    }
}
