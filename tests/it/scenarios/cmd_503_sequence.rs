//! Commands that come, so the server says, at the wrong time.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_downloads_the_same, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib, lftp};
use crate::compare::{Texts, curl_says, same};
use crate::peers::Literal;
use crate::run::Shown;
use crate::site::Site;

/// vsftpd's own words, which a client meets where something between them loses its RNFR.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_refused_rename_is_shown_as_with_exact_bytes() {
    let real = Literal::new()
        .says("RNFR", "350 Ready for RNTO.")
        .says("RNTO", "503 RNFR required first.")
        .site();
    let clients: [fn(&Site) -> Shown; 3] = [
        |site| {
            let rename = ["-Q", "RNFR /hello.txt", "-Q", "RNTO /b", &site.url("/")];
            let shown = curl(&Desk::new(), site, &rename);
            curl_says(&shown, 21, "QUOT command failed with 503");
            shown
        },
        |site| lftp(&Desk::new(), site, "mv /hello.txt /b"),
        |site| ftplib(&Desk::new(), site, &json!([["rename", "/hello.txt", "/b"]])),
    ];
    for client in clients {
        same("ftp/cmd-503-sequence", &real, Texts::Same, |site| client(site).failed());
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn refused_passwords_and_transfers_are_shown_as_with_exact_bytes() {
    let real = Literal::new().says("PASS", "503 Login with USER first.").site();
    let denied = (67, "Access denied: 503");
    every_client_downloads_the_same("ftp/cmd-503-sequence/password", &real, Texts::Same, denied);
    let words = "503 Bad sequence of commands.";
    let real =
        ["RETR", "STOR", "LIST"].iter().fold(Literal::new(), |l, to| l.says(to, words)).site();
    for (deed, message) in [
        (Deed::Get("/hello.txt"), (19, "RETR response: 503")),
        (Deed::List, (19, "RETR response: 503")),
        (Deed::Put("report.csv", 1000), (25, "Failed FTP upload: 503")),
    ] {
        every_client_shows_the_same("ftp/cmd-503-sequence/data", &real, Texts::Same, deed, message);
    }
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn only_an_upload_that_goes_on_is_refused() {
    let scenario = "ftp/cmd-503-sequence/resume";
    let real = Literal::new().says("STOR", "503 Bad sequence of commands.").site();
    let shown = same(scenario, &real, Texts::Same, |site| {
        let desk = Desk::with("local", vec![b'x'; 1000]);
        ftplib(&desk, site, &json!([["stor", "/report.csv", "local", 5]]))
    });
    assert_eq!(shown.stderr, "error_perm: 503 Bad sequence of commands.\n");
    let badftp = Badftp::serve(scenario);
    for client in CLIENTS {
        Deed::Put("report.csv", 1000).by(client, &badftp.site()).ok();
    }
}
