//! Servers that insist on UTF-8, and servers that do not want to hear of it.

use serde_json::json;

use super::{Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, ftplib, rclone};
use crate::compare::{Texts, curl_says, same};
use crate::peers::{Literal, Proftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const SCENARIO: &str = "ftp/names-utf8-only";

/// `ProFTPD` checks what it converts, here from UTF-8 to the charset of its disk.
fn real() -> Proftpd {
    let settings =
        ["LangEngine on", "UseEncoding ISO-8859-1 UTF-8", "LangOptions RequireValidEncoding"];
    Proftpd::on(Family::V4, &settings, |_| ())
}

#[test]
#[ignore = "needs curl, python3 and ProFTPD: tests/run"]
fn a_name_in_latin_1_is_refused_as_by_proftpd() {
    let real = real();
    let desk = || Desk::with("local", [b'x'; 1000]);
    same(SCENARIO, &real.site(), Texts::Same, |site| {
        let url = site.url(site.folder) + "r%E4k.txt";
        let shown = curl(&desk(), site, &["-T", "local", &url]);
        curl_says(&shown, 25, "Failed FTP upload: 550");
        shown
    });
    same(SCENARIO, &real.site(), Texts::Same, |site| {
        let steps = json!([["speak", "latin-1"], ["stor", site.path("räk.txt"), "local"]]);
        ftplib(&desk(), site, &steps)
    })
    .failed();
}

#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn a_name_in_utf_8_is_taken_as_by_proftpd() {
    let real = real();
    for name in ["räk.txt", "äk", "kä", "ä", "åä"] {
        let put = Deed::Put(name, 1000);
        every_client_shows_the_same(SCENARIO, &real.site(), Texts::Differ, put, (0, ""));
    }
}

/// Each place in a name where a lone byte may stand, for each thing that can be done with it.
#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_name_in_latin_1_is_refused_wherever_it_is_wrong() {
    let badftp = Badftp::serve(SCENARIO);
    let site = badftp.site();
    for name in ["r%E4k", "%E4k", "k%E4", "%E4", "a%E4/k", "%E4/k"] {
        let url = site.url("/") + name;
        let shown = curl(&Desk::with("local", "x"), &site, &["-T", "local", &url]);
        let code = if name.ends_with("/k") { 9 } else { 25 };
        assert_eq!(shown.exit, code, "{name}: {shown}");
    }
    for command in ["APPE", "RETR", "SIZE", "DELE", "MKD", "RMD", "RNFR", "CWD"] {
        let steps = json!([["speak", "latin-1"], ["sendcmd", format!("{command} räk")]]);
        let shown = ftplib(&Desk::new(), &site, &steps).failed();
        assert!(shown.stderr.contains("550 /räk: Illegal character sequence"), "{shown}");
    }
}

/// Exact bytes, as faults.json has them in SD-UTF8ONLY.
#[test]
#[ignore = "needs curl: tests/run"]
fn other_refusals_are_shown_as_with_exact_bytes() {
    for (variant, reply, message) in [
        ("code-501", "501 Syntax error in parameters or arguments.", "Failed FTP upload: 501"),
        ("code-553", "553 File name not allowed.", "Failed FTP upload: 553"),
    ] {
        let real = Literal::new().says("STOR", reply).site();
        let scenario = format!("{SCENARIO}/{variant}");
        same(&scenario, &real, Texts::Same, |site| {
            let url = site.url("/") + "r%E4k.txt";
            let shown = curl(&Desk::with("local", "x"), site, &["-T", "local", &url]);
            curl_says(&shown, 25, message);
            shown
        });
    }
}

/// Exact bytes, as faults.json has them in EX-064.
#[test]
#[ignore = "needs curl, lftp, python3, node and rclone: tests/run"]
fn a_refused_option_is_shown_as_with_exact_bytes() {
    const FEAT: &str =
        "211-Features:\r\n EPSV\r\n PASV\r\n REST STREAM\r\n SIZE\r\n UTF8\r\n211 End";
    const LIST: &[u8] =
        b"-rw-r--r--    1 ftp      ftp                19 Jan 01  2024 hello.txt\r\n";
    for (variant, reply) in [
        ("utf8-501", "501 Option not understood."),
        ("utf8-202", "202 UTF8 mode is always enabled. No need to send this command."),
        ("utf8-530", "530 Please login with USER and PASS."),
    ] {
        let scenario = format!("{SCENARIO}/{variant}");
        let real = Literal::new().says("FEAT", FEAT).says("OPTS UTF8 ON", reply);
        let real = real.sends("LIST", LIST, "226 Directory send OK.").site();
        every_client_shows_the_same(&scenario, &real, Texts::Same, Deed::List, (0, ""));
        let clients: [fn(&Site) -> Shown; 2] = [
            |site| basic_ftp(&Desk::new(), site, &json!([["names", "/"]])),
            |site| {
                let mut shown = rclone(&Desk::new(), site, &["lsf", ":ftp:/"]);
                // It begins with the time of day.
                shown.stderr = shown.stderr.split_once(": ").unwrap_or_default().1.to_owned();
                shown
            },
        ];
        for client in clients {
            same(&scenario, &real, Texts::Same, client);
        }
        let refuses = rclone(&Desk::new(), &real, &["lsf", ":ftp:/"]).exit != 0;
        assert_eq!(refuses, variant == "utf8-530", "{variant}");
    }
}
