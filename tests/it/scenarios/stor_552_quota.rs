//! Quotas, before, within and after the data.

use super::{
    CLIENTS, Client, Deed, every_client_shows_the_same, shown_by, some_clients_fail, stored,
};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::{Literal, PureFtpd};
use crate::site::Site;

/// RFC 959's reply, for a server that says it at another time than Pure-FTPd does.
const EXCEEDED: &str = "552 Exceeded storage allocation.";
/// More than the socket buffers hold, so that a client is still sending when the server has had enough.
const LARGE: usize = 32 << 20;

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_552_behind_the_data_is_shown_as_with_exact_bytes_and_nothing_is_kept() {
    let real = Literal::new().takes("STOR", "150 Ok to send data.", 1000, EXCEEDED).site();
    let message = (70, "Exceeded storage allocation");
    every_client_shows_the_same(
        "ftp/stor-552-quota",
        &real,
        Texts::Same,
        Deed::Put("report.csv", 1000),
        message,
    );
    let badftp = Badftp::serve("ftp/stor-552-quota");
    Deed::Put("report.csv", 1000).by(Client::Curl, &badftp.site()).failed();
    assert!(stored(&badftp.site(), "/report.csv").is_none(), "a refused upload was kept");
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_552_before_the_data_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("STOR", EXCEEDED).site();
    let message = (25, "Failed FTP upload: 552");
    every_client_shows_the_same(
        "ftp/stor-552-quota/before",
        &real,
        Texts::Same,
        Deed::Put("report.csv", 1000),
        message,
    );
}

/// Pure-FTPd stops reading at the byte that exceeds the quota, and removes what it has stored.
#[test]
#[ignore = "needs curl, lftp, python3 and Pure-FTPd: tests/run"]
fn a_552_within_the_data_is_shown_as_that_of_pure_ftpd() {
    let real = PureFtpd::with(&[]);
    let message = (55, "Send failure: Connection reset by peer");
    for scenario in ["ftp/stor-552-quota/part-way", "ftp/stor-552-quota/removed"] {
        let put = Deed::Put("big.bin", LARGE);
        let shown = |site: &Site| shown_by(Client::Curl, put, site, message);
        same(scenario, &real.site(), Texts::Differ, shown);
        some_clients_fail(scenario, &real.site(), put, &[Client::Lftp, Client::Ftplib]);
    }
    for (scenario, kept) in
        [("ftp/stor-552-quota/part-way", true), ("ftp/stor-552-quota/removed", false)]
    {
        let badftp = Badftp::serve(scenario);
        Deed::Put("big.bin", LARGE).by(Client::Curl, &badftp.site()).failed();
        assert_eq!(stored(&badftp.site(), "/big.bin").is_some(), kept, "after {scenario}");
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn quotas_of_users_files_and_uploads_let_pass_what_does_not_exceed_them() {
    let upload =
        |site: &Site, size| Deed::Put(["a", "b", "c", "d"][size % 4], size).by(Client::Curl, site);
    let badftp = Badftp::serve("ftp/stor-552-quota/user");
    upload(&badftp.site(), 400_000).ok();
    upload(&badftp.site(), 400_001).ok();
    upload(&badftp.site(), 400_002).failed();
    let badftp = Badftp::serve("ftp/stor-552-quota/too-large");
    upload(&badftp.site(), 65_536).ok();
    upload(&badftp.site(), 65_537).failed();
    let badftp = Badftp::serve("ftp/stor-552-quota/uploads");
    for size in 0..3 {
        upload(&badftp.site(), size).ok();
    }
    let shown = upload(&badftp.site(), 3).failed();
    assert!(shown.stderr.contains("Failed FTP upload: 552"), "{shown}");
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_used_up_download_quota_and_a_stopped_site_are_shown_as_with_exact_bytes() {
    let real =
        Literal::new().says("SIZE", "213 300").says("RETR", "552 Download quota exceeded.").site();
    let message = (19, "RETR response: 552");
    for client in CLIENTS {
        let get = |site: &Site| shown_by(client, Deed::Get("/hello.txt"), site, message);
        same("ftp/stor-552-quota/downloads", &real, Texts::Same, get);
    }
    let stopped = "552 Requested file action aborted, site stopped.\r\n421 Service not available.";
    let real = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], stopped).site();
    let get = |site: &Site| Deed::Get("/hello.txt").by(Client::Ftplib, site);
    let shown = same("ftp/stor-552-quota/site-stopped", &real, Texts::Same, get);
    assert!(shown.stdout.contains("left a file of 100 bytes"), "{shown}");
    let message = (18, "transfer closed with 200 bytes remaining to read");
    let get = |site: &Site| shown_by(Client::Curl, Deed::Get("/hello.txt"), site, message);
    same("ftp/stor-552-quota/site-stopped", &real, Texts::Same, get);
}
