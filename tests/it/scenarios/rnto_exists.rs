//! New names that another file has already.

use super::{CLIENTS, Deed, every_client_shows_the_same, stored};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::{Literal, Proftpd};
use crate::site::Family;

const RENAME: Deed = Deed::Rename("/hello.txt", "/report.csv");

/// `ProFTPD`, told to overwrite nothing, says 550; the codes of others come as exact bytes (faults.json, EX-088).
#[test]
#[ignore = "needs curl, lftp, python3 and ProFTPD: tests/run"]
fn a_name_that_exists_is_shown_as_that_of_proftpd() {
    let settings = ["AllowOverwrite off"];
    let real = Proftpd::on(Family::V4, &settings, |home| {
        home.give_root();
        home.put("report.csv", "old");
    });
    let message = (21, "QUOT command failed with 550");
    let scenario = "ftp/rnto-exists/code-550";
    every_client_shows_the_same(scenario, &real.site(), Texts::Differ, RENAME, message);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_name_that_exists_is_shown_as_with_exact_bytes() {
    let renames = |reply| {
        let ready = Literal::new().says("RNFR", "350 Ready for RNTO.");
        ready.says("RNTO", reply).sends("LIST", b"", "226 Directory send OK.").site()
    };
    let real = renames("553 Can't rename file.");
    let message = (21, "QUOT command failed with 553");
    every_client_shows_the_same("ftp/rnto-exists", &real, Texts::Same, RENAME, message);
    let real = renames("550 Cannot create a file when that file already exists.");
    let message = (21, "QUOT command failed with 550");
    every_client_shows_the_same("ftp/rnto-exists/code-550", &real, Texts::Same, RENAME, message);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_new_name_that_is_only_acknowledged_is_noticed_by_nobody() {
    for client in CLIENTS {
        let badftp = Badftp::serve("ftp/rnto-exists/success");
        RENAME.by(client, &badftp.site()).ok();
        assert_eq!(stored(&badftp.site(), "/report.csv"), Some(b"old".to_vec()));
        assert_eq!(stored(&badftp.site(), "/hello.txt"), Some(b"Hello".to_vec()));
    }
}
