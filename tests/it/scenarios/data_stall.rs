//! A transfer that stops, and one that never ends.

use super::{CLIENTS, Client, Deed, at_once, every_client_shows_the_same, shown_by};
use crate::badftp::Badftp;
use crate::clients::{Desk, lftp};
use crate::compare::{Texts, same};
use crate::peers::{Leaves, Literal};
use crate::run::Shown;
use crate::site::Site;

const GET: Deed = Deed::Get("/hello.txt");

/// The wire of faults.json, EX-095.
fn stalling() -> Site {
    let literal = Literal::new().says("SIZE", "213 300").sends("RETR", &[b'x'; 100], "");
    literal.takes("STOR", "150 Ok to send data.", 100, "").leaving(Leaves::Open).site()
}

#[test]
#[ignore = "needs curl and python3: tests/run"]
fn a_stalled_download_is_shown_as_with_exact_bytes() {
    let real = stalling();
    let message =
        (28, "Operation timed out after N milliseconds with 100 out of 300 bytes received");
    for client in [Client::Curl, Client::Ftplib] {
        let get = |site: &Site| shown_by(client, GET, site, message);
        let shown = same("ftp/data-stall", &real, Texts::Same, get).failed();
        assert!(shown.stdout.contains("left a file of 100 bytes"), "{shown}");
    }
}

#[test]
#[ignore = "needs lftp: tests/run"]
fn lftp_resumes_after_each_stall() {
    let badftp = Badftp::serve("ftp/data-stall");
    let desk = Desk::new();
    let get = "set net:timeout 1; set net:max-retries 5; get /hello.txt -o local";
    lftp(&desk, &badftp.site(), get).ok();
    assert_eq!(desk.read("local").len(), 300);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_stalled_upload_is_shown_as_with_exact_bytes() {
    let message = (28, "Operation timed out after N milliseconds with 0 bytes received");
    let put = Deed::Put("big.bin", 32 << 20);
    every_client_shows_the_same("ftp/data-stall", &stalling(), Texts::Same, put, message);
}

/// The wire of faults.json, EX-093.
#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_data_connection_left_open_is_shown_as_with_exact_bytes() {
    let literal = Literal::new().says("SIZE", "213 300");
    let literal = literal.sends("RETR", &[b'x'; 300], "226 Transfer complete.");
    let real = literal.leaving(Leaves::Open).site();
    let message =
        (28, "Operation timed out after N milliseconds with 300 out of 300 bytes received");
    let scenario = "ftp/data-stall/open-after-226";
    at_once(CLIENTS, |client| {
        same(scenario, &real, Texts::Same, |site| match client {
            Client::Lftp => with_the_whole_file(GET.by(client, site)),
            _ => shown_by(client, GET, site, message),
        });
    });
}

/// lftp has all that `SIZE` has told, and waits for the end of the data connection until its time is over. Then it is done,
/// or has failed without a word, by which of its two connections it finds overdue first.
fn with_the_whole_file(mut shown: Shown) -> Shown {
    assert_eq!(shown.stdout.trim(), "left a file of 300 bytes", "{shown}");
    let told = (shown.exit, shown.stderr.trim());
    assert!([(0, ""), (1, "get: /hello.txt:")].contains(&told), "{shown}");
    (shown.exit, shown.stderr) = (0, String::new());
    shown
}
