//! Uploads that are gone before anybody can look at them.

use super::{CLIENTS, Client, Deed, every_client_shows_the_same, rclone_says, stored};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::Vsftpd;
use crate::site::Family;
use crate::until::until;

const PUT: Deed = Deed::Put("report.csv", 1000);

/// To the client it is an upload like any other.
#[test]
#[ignore = "needs curl, lftp, python3 and vsftpd: tests/run"]
fn every_client_shows_what_it_shows_of_a_healthy_vsftpd() {
    let real = Vsftpd::healthy(Family::V4);
    for scenario in ["ftp/stor-vanishes", "ftp/stor-vanishes/later"] {
        every_client_shows_the_same(scenario, &real.site(), Texts::Same, PUT, (0, ""));
    }
}

#[test]
#[ignore = "needs curl, lftp, python3 and rclone: tests/run"]
fn the_file_is_gone_when_the_client_looks() {
    let badftp = Badftp::serve("ftp/stor-vanishes");
    for client in CLIENTS {
        PUT.by(client, &badftp.site()).ok();
        assert_eq!(stored(&badftp.site(), "/report.csv"), None);
    }
    let message = "SetModTime: 550 /local: No such file or directory";
    rclone_says(&badftp.site(), &["copy", "local", ":ftp:/"], message);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_file_is_there_at_first_and_gone_later() {
    let badftp = Badftp::serve("ftp/stor-vanishes/later");
    PUT.by(Client::Curl, &badftp.site()).ok();
    assert!(stored(&badftp.site(), "/report.csv").is_some(), "it is gone already");
    until("the file is gone", || stored(&badftp.site(), "/report.csv").is_none());
}
