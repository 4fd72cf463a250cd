//! Downloads that end too early, and are called complete.

use super::{Client, Deed, every_client_shows_the_same, rclone_says, shown_by, some_clients_fail};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::Literal;

const GET: Deed = Deed::Get("/hello.txt");

/// No package does so: exact bytes, as faults.json has them in EX-071.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_truncated_download_is_shown_as_with_exact_bytes() {
    let sends = || Literal::new().sends("RETR", &[b'x'; 100], "226 Transfer complete.");
    let real = sends().says("SIZE", "213 300").site();
    let message = (18, "transfer closed with 200 bytes remaining to read");
    let scenario = "ftp/retr-truncated-226";
    for client in [Client::Curl, Client::Ftplib] {
        same(scenario, &real, Texts::Same, |site| shown_by(client, GET, site, message));
    }
    some_clients_fail(scenario, &real, GET, &[Client::Lftp]);
    let scenario = "ftp/retr-truncated-226/unknown-size";
    every_client_shows_the_same(scenario, &sends().site(), Texts::Same, GET, (0, ""));
}

#[test]
#[ignore = "needs curl, python3 and rclone: tests/run"]
fn only_who_compares_sizes_notices() {
    for variant in ["", "/unknown-size"] {
        let badftp = Badftp::serve(&format!("ftp/retr-truncated-226{variant}"));
        let shown = GET.by(Client::Ftplib, &badftp.site()).ok();
        assert!(shown.contains("left a file of 100 bytes"), "{shown}");
        let message = "corrupted on transfer: sizes differ 300 vs 100";
        rclone_says(&badftp.site(), &["copy", ":ftp:/", "copy"], message);
    }
}
