//! Folders that are there before the client makes them.

use super::{CLIENTS, Deed, every_client_shows_the_same, rclone};
use crate::badftp::Badftp;
use crate::clients::{Desk, curl};
use crate::compare::{Texts, same};
use crate::peers::{Literal, Vsftpd};
use crate::site::{Family, Site};

#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn a_folder_that_exists_is_refused_as_by_vsftpd() {
    let real = Vsftpd::on(Family::V4, &[], |home| home.make_folder("in"));
    let message = (21, "QUOT command failed with 550");
    let (scenario, deed) = ("ftp/mkd-exists", Deed::Make("/in"));
    every_client_shows_the_same(scenario, &real.site(), Texts::Same, deed, message);
}

/// Exact bytes, for no package says 521: RFC 959, appendix II, and faults.json, EX-089.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_code_of_its_own_and_a_success_are_shown_as_with_exact_bytes() {
    let refused = Literal::new().says("MKD", "521 \"/in\" directory exists").site();
    let made = Literal::new().says("MKD", "257 \"/in\" created").sends("LIST", b"", "226 Done.");
    for (scenario, real, message) in [
        ("ftp/mkd-exists/code-521", refused, (21, "QUOT command failed with 521")),
        ("ftp/mkd-exists/success", made.site(), (0, "")),
    ] {
        for client in CLIENTS {
            same(scenario, &real, Texts::Same, |site| {
                let mut shown = super::shown_by(client, Deed::Make("/in"), site, message);
                // curl lists the folder, too.
                shown.stdout.clear();
                shown
            });
        }
    }
}

/// curl and rclone go on: the folder is there, whoever made it.
#[test]
#[ignore = "needs curl, lftp, python3 and rclone: tests/run"]
fn a_lost_race_is_shown_as_with_exact_bytes_and_stops_only_some_clients() {
    let scenario = "ftp/mkd-exists/race";
    let real = Literal::new().says("MKD", "550 Create directory operation failed.").site();
    let message = (21, "QUOT command failed with 550");
    every_client_shows_the_same(scenario, &real, Texts::Same, Deed::Make("/in"), message);
    let clients: [fn(&Site) -> _; 2] = [
        |site| {
            let url = site.url("/in/report.csv");
            curl(&Desk::with("local", "x"), site, &["--ftp-create-dirs", "-T", "local", &url])
        },
        |site| rclone(&Desk::with("local", "x"), site, &["copy", "local", ":ftp:/new"]),
    ];
    for client in clients {
        let badftp = Badftp::serve(scenario);
        client(&badftp.site()).ok();
    }
}
