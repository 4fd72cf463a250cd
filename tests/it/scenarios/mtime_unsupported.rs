//! Servers that cannot set dates.

use super::{CLIENTS, Deed, every_client_shows_the_same, rclone_says};
use crate::badftp::Badftp;
use crate::clients::{Desk, rclone};
use crate::compare::Texts;
use crate::peers::Vsftpd;
use crate::site::Site;

/// vsftpd knows no MFMT; that it would take a date with MDTM is turned off.
#[test]
#[ignore = "needs curl, lftp, python3, rclone and vsftpd: tests/run"]
fn uploads_without_dates_are_shown_as_those_of_vsftpd() {
    let real = Vsftpd::with(&["mdtm_write=NO"]);
    let put = Deed::Put("report.csv", 1000);
    let scenario = "ftp/mtime-unsupported";
    every_client_shows_the_same(scenario, &real.site(), Texts::Same, put, (0, ""));
    let badftp = Badftp::serve(scenario);
    for site in [real.site(), badftp.site()] {
        let remote = format!(":ftp:{}", site.folder);
        let shown = copied(&site, &remote);
        assert!(shown.contains("SetModTime is not supported"), "{shown}");
    }
}

fn copied(site: &Site, remote: &str) -> String {
    let desk = Desk::with("local", [b'x'; 1000]);
    let shown = rclone(&desk, site, &["copy", "local", remote]);
    assert_eq!(shown.exit, 0, "{shown}");
    shown.stderr
}

/// rclone believes FEAT, and then the reply; the others do not care.
#[test]
#[ignore = "needs curl, lftp, python3 and rclone: tests/run"]
fn a_refused_date_is_a_failed_upload_for_rclone_alone() {
    for (variant, message) in [
        ("in-feat", "Failed to copy: SetModTime: 500 Unknown command."),
        ("denied", "Failed to copy: SetModTime: 550 Permission denied."),
    ] {
        let badftp = Badftp::serve(&format!("ftp/mtime-unsupported/{variant}"));
        rclone_says(&badftp.site(), &["copy", "local", ":ftp:/"], message);
        for client in CLIENTS {
            Deed::Put("report.csv", 1000).by(client, &badftp.site()).ok();
        }
    }
}
