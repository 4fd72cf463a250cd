//! Commands that are known, and do nothing.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_downloads_the_same};
use crate::clients::{Desk, curl, ftplib, lftp};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{HELLO, Literal};
use crate::run::Shown;
use crate::site::Site;

const SCENARIO: &str = "ftp/cmd-502-not-implemented";
const WORDS: &str = "502 Command not implemented.";

/// RFC 959's words; each package implements these.
fn real() -> Site {
    let commands = ["ABOR", "ALLO", "APPE", "MDTM", "MFMT", "REST", "SITE", "STOU"].iter();
    commands
        .fold(Literal::new(), |literal, to| literal.says(to, WORDS))
        .sends("RETR", HELLO, "226 Transfer complete.")
        .site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_resumed_download_is_shown_as_with_exact_bytes() {
    let clients: [fn(&Site) -> Shown; 3] = [
        |site| {
            let resume = ["--continue-at", "5", &site.url("/hello.txt")];
            let shown = curl(&Desk::new(), site, &resume);
            curl_says(&shown, 31, "Couldn't use REST");
            shown
        },
        |site| lftp(&Desk::with("local", "Hello"), site, "get -c /hello.txt -o local"),
        |site| ftplib(&Desk::new(), site, &json!([["retr", "/hello.txt", "local", 5]])),
    ];
    for (client, exit) in clients.into_iter().zip([31, 0, 1]) {
        let shown = same(SCENARIO, &real(), Texts::Same, client);
        assert_eq!(shown.exit, exit, "{shown}");
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn what_is_appended_or_changed_is_shown_as_with_exact_bytes() {
    let clients: [fn(&Site) -> Shown; 4] = [
        |site| {
            let desk = Desk::with("local", "x");
            let shown = curl(&desk, site, &["--append", "-T", "local", &site.url("/report.csv")]);
            curl_says(&shown, 25, "Failed FTP upload: 502");
            shown
        },
        |site| ftplib(&Desk::new(), site, &json!([["appe", "/report.csv", "x"]])),
        |site| lftp(&Desk::new(), site, "chmod 600 /hello.txt"),
        |site| ftplib(&Desk::new(), site, &json!([["sendcmd", "SITE CHMOD 600 /hello.txt"]])),
    ];
    for client in clients {
        same(SCENARIO, &real(), Texts::Same, |site| client(site).failed());
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_plain_download_needs_none_of_them() {
    every_client_downloads_the_same(SCENARIO, &real(), Texts::Differ, (0, ""));
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn ports_that_are_not_implemented_are_shown_as_with_exact_bytes() {
    let ports = ["EPSV", "EPRT", "PORT"].iter();
    let real = ports
        .fold(Literal::new(), |literal, to| literal.says(to, WORDS))
        .sends("RETR", HELLO, "226 Transfer complete.")
        .site();
    let scenario = "ftp/cmd-502-not-implemented/ports";
    every_client_downloads_the_same(scenario, &real, Texts::Differ, (0, ""));
    for client in CLIENTS {
        let shown = same(scenario, &real, Texts::Same, |site| {
            Deed::GetActively("/hello.txt", "127.0.0.1").by(client, site).failed()
        });
        assert!(shown.exit == 30 || shown.stderr.contains("502"), "{shown}");
    }
}
