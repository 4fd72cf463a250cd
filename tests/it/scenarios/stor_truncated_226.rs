//! Uploads that are acknowledged, and stored in part or not at all.

use super::{CLIENTS, Deed, every_client_shows_the_same, rclone_says, stored};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::Vsftpd;
use crate::site::Family;

const PUT: Deed = Deed::Put("report.csv", 1000);
const SCENARIOS: [(&str, usize); 2] =
    [("ftp/stor-truncated-226", 100), ("ftp/stor-truncated-226/empty", 0)];

/// To the client it is an upload like any other.
#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_what_it_shows_of_a_healthy_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    for (scenario, _) in SCENARIOS {
        every_client_shows_the_same(scenario, &real.site(), Texts::Same, PUT, (0, ""));
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and rclone: tests/run"]
fn only_a_part_is_stored_and_only_who_compares_sizes_notices() {
    for (scenario, length) in SCENARIOS {
        let badftp = Badftp::serve(scenario);
        for client in CLIENTS {
            PUT.by(client, &badftp.site()).ok();
            let file = stored(&badftp.site(), "/report.csv");
            assert_eq!(file.map(|file| file.len()), Some(length), "{scenario}");
        }
        let message = format!("corrupted on transfer: sizes differ 1000 vs {length}");
        rclone_says(&badftp.site(), &["copy", "local", ":ftp:/"], &message);
    }
}
