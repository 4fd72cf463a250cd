//! Missing files, missing folders, and files that one may not read.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::Vsftpd;
use crate::site::Family;

/// In our scenario `/hello.txt` is missing; for the real server its file is another.
#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_missing_file_is_shown_as_that_of_vsftpd() {
    let real = Vsftpd::on(Family::V4, &[], |home| {
        std::fs::remove_file(home.root().join("hello.txt")).expect("a file can be removed");
    });
    let message = (78, "The file does not exist");
    every_client_shows_the_same(
        "ftp/retr-550",
        &real.site(),
        Texts::Same,
        Deed::Get("/hello.txt"),
        message,
    );
    let message = (21, "QUOT command failed with 550");
    every_client_shows_the_same(
        "ftp/retr-550",
        &real.site(),
        Texts::Differ,
        Deed::Delete("/hello.txt"),
        message,
    );
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_missing_folder_is_shown_as_that_of_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    let message = (9, "Server denied you to change to the given directory");
    every_client_shows_the_same(
        "ftp/retr-550/folder",
        &real.site(),
        Texts::Same,
        Deed::Enter("/in"),
        message,
    );
}

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_denied_file_is_shown_as_that_of_a_vsftpd_without_downloads() {
    let real = Vsftpd::with(&["download_enable=NO", "dirlist_enable=NO"]);
    for deed in [Deed::Get("/hello.txt"), Deed::List] {
        let code = if matches!(deed, Deed::List) { 19 } else { 78 };
        let message = (code, "RETR response: 550");
        every_client_shows_the_same(
            "ftp/retr-550/denied",
            &real.site(),
            Texts::Same,
            deed,
            message,
        );
    }
}
