//! What is done, and not known to be done, is done again.

use super::{CLIENTS, Client, Deed, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Fate, PureFtpd, Relay, Vsftpd};
use crate::site::{Family, Site};

const SCENARIO: &str = "ftp/ack-lost";
const RESET: (i32, &str) = (56, "Recv failure: Connection reset by peer");
const DELETE: Deed = Deed::Delete("/hello.txt");
const RENAME: Deed = Deed::Rename("/hello.txt", "/done.txt");

/// Pure-FTPd, whose answer to a delete or a rename is lost on its way. Each client needs a file to lose.
fn behind_a_bad_line(server: &PureFtpd) -> Site {
    Relay::to(&server.site(), |line| {
        let is_done = ["250 Deleted", "250 File successfully renamed"];
        if is_done.iter().any(|start| line.starts_with(start)) {
            Fate::IsAReset
        } else {
            Fate::Passes
        }
    })
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_an_upload_as_over_a_bad_line_to_vsftpd() {
    let vsftpd = Vsftpd::healthy(Family::V4);
    let real = Relay::of(&vsftpd.site(), "226", Fate::IsAReset);
    let put = Deed::Put("report.csv", 1000);
    every_client_shows_the_same(SCENARIO, &real, Texts::Same, put, RESET);
}

#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn every_client_shows_a_delete_and_a_rename_as_over_a_bad_line_to_pure_ftpd() {
    for deed in [DELETE, RENAME] {
        for client in CLIENTS {
            let server = PureFtpd::with(&[]);
            let real = behind_a_bad_line(&server);
            same(SCENARIO, &real, Texts::Same, |site| shown_by(client, deed, site, RESET)).failed();
        }
    }
}

#[test]
#[ignore = "needs lftp and Pure-FTPd: tests/run"]
fn lftp_asks_again_and_is_refused_as_over_a_bad_line_to_pure_ftpd() {
    for commands in ["rm /hello.txt", "mv /hello.txt /done.txt"] {
        let server = PureFtpd::with(&[]);
        let real = behind_a_bad_line(&server);
        let retry = |site: &Site| {
            lftp(&Desk::new(), site, &format!("set net:max-retries 3; {commands}")).failed()
        };
        let badftp = Badftp::serve(SCENARIO);
        for shown in [retry(&real), retry(&badftp.site())] {
            assert!(shown.stderr.contains(": Access failed: 550 "), "{shown}");
        }
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_second_try_finds_it_done() {
    let badftp = Badftp::serve(SCENARIO);
    let put = Deed::Put("report.csv", 1000);
    put.by(Client::Curl, &badftp.site()).failed();
    put.by(Client::Curl, &badftp.site()).ok();
    DELETE.by(Client::Curl, &badftp.site()).failed();
    let shown = DELETE.by(Client::Curl, &badftp.site()).failed();
    assert!(shown.stderr.contains("550"), "{shown}");
}
