//! Listings of systems that no Debian package speaks, as clients that know them read them; each line is in the unit
//! tests of its style.

use crate::badftp::Badftp;
use crate::clients::{Desk, lftp, wget};

fn server(style: &str) -> Badftp {
    Badftp::with_yaml(&format!(
        "server: {{ftp: {{listing: {style}, without: [MLSD, MLST]}}}}\n\
         files: {{/A.TXT: {{size: 1234B, modified: \"2020-02-03T16:05:06Z\"}}, \
                  /IN/: {{modified: \"2021-03-04T04:05:06Z\"}}}}"
    ))
}

/// lftp knows the lines of IBM i, too, but wants a word more than they have, and falls back to NLST.
#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_reads_that_of_publicfile() {
    let server = server("eplf");
    let commands = "cls -l --sort=name --time-style=long-iso";
    let shown = lftp(&Desk::new(), &server.site(), commands).ok();
    let lines: Vec<_> = shown.lines().map(str::trim).collect();
    assert_eq!(lines, ["1234 2020-02-03 16:05 A.TXT", "2021-03-04 04:05 IN/"]);
}

/// wget chooses its parser by SYST.
#[test]
#[ignore = "needs wget: tests/run"]
fn wget_reads_that_of_openvms() {
    let server = server("vms");
    let site = server.site();
    let page = wget(&Desk::new(), &site, &["-O", "-", &site.url("/")]).ok();
    assert!(page.contains("2020 Feb 03 16:05  File        <a href="), "{page}");
    assert!(page.contains(">A.TXT</a>"), "{page}");
    assert!(page.contains("2021 Mar 04 04:05  Directory   <a href="), "{page}");
}
