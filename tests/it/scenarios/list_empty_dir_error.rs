//! Empty folders, which some servers take for an error.

use serde_json::json;

use super::{CLIENTS, Client, Deed, every_client_shows_the_same, rclone_says, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl, ftplib};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::site::Site;

const IN: Deed = Deed::Look("/in");

/// All packages list an empty folder: exact bytes, as faults.json has them in EX-051.
fn real(reply: &'static str) -> Site {
    ["LIST", "NLST", "MLSD"]
        .into_iter()
        .fold(Literal::new(), |real, verb| real.says(verb, reply))
        .site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_empty_folder_that_is_not_found_is_shown_as_with_exact_bytes() {
    let real = real("550 No files found.");
    let message = (19, "RETR response: 550");
    let scenario = "ftp/list-empty-dir-error";
    every_client_shows_the_same(scenario, &real, Texts::Same, IN, message);
    let names = |site: &Site| ftplib(&Desk::new(), site, &json!([["names", "/in"]]));
    same(scenario, &real, Texts::Same, names).failed();
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_finds_no_folder() {
    for scenario in ["ftp/list-empty-dir-error", "ftp/list-empty-dir-error/code-450"] {
        let badftp = Badftp::serve(scenario);
        rclone_says(&badftp.site(), &["lsf", ":ftp:/in"], "directory not found");
    }
}

/// lftp would try again for ever.
#[test]
#[ignore = "needs curl and python3: tests/run"]
fn an_empty_folder_that_is_busy_is_shown_as_with_exact_bytes() {
    let real = real("450 No files found.");
    for client in [Client::Curl, Client::Ftplib] {
        let look = |site: &Site| shown_by(client, IN, site, (0, ""));
        let shown = same("ftp/list-empty-dir-error/code-450", &real, Texts::Same, look);
        assert_eq!(shown.exit, i32::from(client == Client::Ftplib), "{shown}");
    }
}

/// ftplib waits for the data connection first, which nobody ever takes (faults.json, EX-052).
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn an_empty_folder_without_a_data_connection_is_shown_as_with_exact_bytes() {
    let real = real("226 Transfer complete.");
    let message = (19, "RETR response: 226");
    let scenario = "ftp/list-empty-dir-error/without-data";
    every_client_shows_the_same(scenario, &real, Texts::Same, IN, message);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn other_folders_are_listed() {
    for variant in ["", "/code-450", "/without-data"] {
        let badftp = Badftp::serve(&format!("ftp/list-empty-dir-error{variant}"));
        for client in CLIENTS {
            let shown = Deed::List.by(client, &badftp.site()).ok();
            assert!(shown.contains("in"), "{shown}");
        }
        curl(&Desk::new(), &badftp.site(), &[&badftp.site().url("/")]).ok();
    }
}
