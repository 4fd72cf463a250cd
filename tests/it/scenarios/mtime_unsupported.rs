//! Servers that cannot set dates.

use serde_json::json;

use super::{CLIENTS, Deed, every_client_shows_the_same, rclone_says};
use crate::badftp::Badftp;
use crate::clients::{Desk, ftplib, lftp, rclone};
use crate::compare::{Texts, same};
use crate::peers::Vsftpd;
use crate::run::Shown;
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

/// An old client would set the date with MDTM, of which servers without it make a long name.
#[test]
#[ignore = "needs lftp, python3 and vsftpd: tests/run"]
fn dates_and_permissions_are_refused_as_by_vsftpd() {
    let real = Vsftpd::with(&["mdtm_write=NO"]);
    for command in ["MFMT 20200101000000 /hello.txt", "MDTM 20200101000000 /hello.txt"] {
        let send = |site: &Site| ftplib(&Desk::new(), site, &json!([["sendcmd", command]]));
        same("ftp/mtime-unsupported", &real.site(), Texts::Differ, send).failed();
    }
    let clients: [fn(&Site) -> Shown; 2] = [
        |site| lftp(&Desk::new(), site, "chmod 600 /hello.txt"),
        |site| {
            let utime = json!([["sendcmd", "SITE UTIME 20200101000000 /hello.txt"]]);
            ftplib(&Desk::new(), site, &utime)
        },
    ];
    for client in clients {
        same("ftp/mtime-unsupported/denied", &real.site(), Texts::Same, client).failed();
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
