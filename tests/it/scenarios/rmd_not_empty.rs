//! Folders that cannot be removed, as they are not empty.

use super::{Deed, every_client_shows_the_same};
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::{PureFtpd, Vsftpd};
use crate::site::{Family, Site};

const SCENARIO: &str = "ftp/rmd-not-empty";

#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn a_folder_that_is_not_empty_is_shown_as_that_of_pure_ftpd() {
    let real = PureFtpd::on(&[], |home| {
        home.make_folder("in");
        home.put("in/a.txt", "x");
    });
    let message = (21, "QUOT command failed with 550");
    every_client_shows_the_same(SCENARIO, &real.site(), Texts::Same, Deed::Remove("/in"), message);
}

/// vsftpd lists no file whose name begins with a dot.
#[test]
#[ignore = "needs lftp and vsftpd: tests/run"]
fn a_folder_that_looks_empty_is_shown_as_that_of_vsftpd_with_a_hidden_file() {
    let real = Vsftpd::on(Family::V4, &[], |home| {
        home.make_folder("in");
        home.put("in/.hidden", "x");
    });
    let remove = |site: &Site| lftp(&Desk::new(), site, "rm -r /in");
    same(SCENARIO, &real.site(), Texts::Differ, remove).failed();
}
