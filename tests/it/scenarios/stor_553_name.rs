//! Names that the server does not take.

use super::{CLIENTS, Deed, every_client_shows_the_same};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{PureFtpd, Vsftpd};
use crate::site::{Family, Site};

const REFUSED: (i32, &str) = (25, "Failed FTP upload: 553");

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_refused_name_is_shown_as_that_of_a_vsftpd_that_cannot_create_it() {
    let real = Vsftpd::healthy(Family::V4);
    let real = Site { folder: "/", ..real.site() };
    every_client_shows_the_same(
        "ftp/stor-553-name",
        &real,
        Texts::Same,
        Deed::Put("report.csv", 1000),
        REFUSED,
    );
}

/// Pure-FTPd, told to, refuses names that begin with a dot; other characters it takes.
#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn a_refused_character_is_shown_as_by_pure_ftpd_and_other_names_pass() {
    let real = PureFtpd::with(&["--prohibitdotfileswrite"]);
    let real = Site { folder: "/", ..real.site() };
    for client in CLIENTS {
        let shown = Deed::Put(".b", 1000).by(client, &real).failed();
        let badftp = Badftp::serve("ftp/stor-553-name/characters");
        let got = Deed::Put("a:b", 1000).by(client, &badftp.site()).failed();
        assert_eq!(shown.exit, got.exit, "of Pure-FTPd:\n{shown}\nof badftp:\n{got}");
        assert!(
            shown.stderr.contains("553") && got.stderr.contains("553"),
            "of Pure-FTPd:\n{shown}\nof badftp:\n{got}"
        );
        Deed::Put("report.csv", 1000).by(client, &badftp.site()).ok();
    }
}

/// vsftpd keeps anonymous users from overwriting.
#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn what_exists_is_shown_as_by_a_vsftpd_that_lets_nobody_overwrite() {
    let real = Vsftpd::on(Family::V4, &["anon_other_write_enable=NO"], |home| {
        home.put("pub/hello.txt", "old");
    });
    every_client_shows_the_same(
        "ftp/stor-553-name/exists",
        &real.site(),
        Texts::Same,
        Deed::Put("hello.txt", 9),
        REFUSED,
    );
    let badftp = Badftp::serve("ftp/stor-553-name/exists");
    for client in CLIENTS {
        let name = ["a", "b", "c"][client as usize];
        Deed::Put(name, 1000).by(client, &badftp.site()).ok();
    }
}
