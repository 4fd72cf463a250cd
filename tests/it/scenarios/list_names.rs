//! Names with spaces, arrows and dashes.

use serde_json::json;

use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, ftplib, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::{Literal, Vsftpd};
use crate::run::Shown;
use crate::site::{Family, Site};

const NAMES: [&str; 8] = [
    " leading space.txt",
    "trailing space.txt ",
    "two  spaces.txt",
    "a -> b",
    "-a",
    "50% #1;x.txt",
    "[x].txt",
    "\"q\".txt",
];

fn real() -> Vsftpd {
    Vsftpd::on(Family::V4, &["anon_umask=022"], |home| {
        for name in NAMES {
            home.put(name, "x");
        }
        std::os::unix::fs::symlink("hello.txt", home.root().join("link"))
            .expect("a link can be made");
    })
}

/// The names alone, sorted; the folder to write in is the real server's own.
fn sorted(mut shown: Shown) -> Shown {
    let mut lines: Vec<&str> =
        shown.stdout.lines().filter(|line| line.trim_end_matches('/') != "pub").collect();
    lines.sort_unstable();
    shown.stdout = lines.join("\n");
    shown
}

/// One name a line, as the others have it.
fn unpacked(mut shown: Shown) -> Shown {
    let names: Vec<String> =
        serde_json::from_str(&shown.stdout).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    shown.stdout = names.join("\n");
    sorted(shown)
}

#[test]
#[ignore = "needs curl, lftp, python3, node, rclone and vsftpd: tests/run"]
fn every_client_reads_the_names_as_those_of_vsftpd() {
    let clients: [fn(&Site) -> Shown; 5] = [
        |site| sorted(curl(&Desk::new(), site, &["--list-only", &site.url("/")])),
        |site| sorted(lftp(&Desk::new(), site, "set ftp:use-mlsd no; cls -1")),
        |site| unpacked(ftplib(&Desk::new(), site, &json!([["names"]]))),
        |site| unpacked(basic_ftp(&Desk::new(), site, &json!([["names", "/"]]))),
        |site| sorted(rclone(&Desk::new(), site, &["lsf", "--ftp-disable-mlsd", ":ftp:/"])),
    ];
    let real = real();
    for client in clients {
        let shown = same("ftp/list-names", &real.site(), Texts::Same, client).ok();
        for name in NAMES {
            assert!(shown.lines().any(|line| line == name), "{name:?} is missing in\n{shown}");
        }
    }
}

#[test]
#[ignore = "needs python3: tests/run"]
fn each_name_can_be_fetched() {
    let badftp = Badftp::serve("ftp/list-names");
    for name in NAMES {
        ftplib(&Desk::new(), &badftp.site(), &json!([["retr", name, "local"]])).ok();
    }
}

/// The reply is that of the servers in faults.json, EX-062; ours understand `-a`, as most packages do.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_option_taken_for_a_path_is_shown_as_with_exact_bytes() {
    let hello = b"-rw-r--r--    1 0        0              19 Nov 21 03:14 hello.txt\r\n";
    let real = Literal::new()
        .says("LIST -", "550 No such file or directory: -a")
        .sends("LIST", hello, "226 Directory send OK.")
        .site();
    let scenario = "ftp/list-names/dash-a";
    let shown = same(scenario, &real, Texts::Same, |site| {
        ftplib(&Desk::new(), site, &json!([["list", "-a"]]))
    });
    assert_eq!(shown.stderr, "error_perm: 550 No such file or directory: -a\n");
    let shown = same(scenario, &real, Texts::Same, |site| lftp(&Desk::new(), site, "ls -a"));
    assert!(shown.stderr.contains("550 No such file or directory: -a"), "{shown}");
    let badftp = Badftp::serve(scenario);
    let list = curl(&Desk::new(), &badftp.site(), &[&badftp.site().url("/")]).ok();
    assert!(list.contains("hello.txt"), "{list}");
}
