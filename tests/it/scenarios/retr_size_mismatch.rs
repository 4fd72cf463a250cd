//! Sizes that are not those of the files.

use super::{Client, Deed, every_client_shows_the_same, rclone_says, shown_by, some_clients_fail};
use crate::badftp::Badftp;
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::site::Site;

const GET: Deed = Deed::Get("/hello.txt");

/// No package lies: exact bytes, as faults.json has them in EX-072.
fn real(size: &'static str) -> Site {
    let real = Literal::new().says("SIZE", size);
    real.sends("RETR", &[b'x'; 300], "226 Transfer complete.").site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_wrong_size_is_shown_as_with_exact_bytes() {
    let message = (18, "transfer closed with 200 bytes remaining to read");
    let (scenario, more) = ("ftp/retr-size-mismatch", real("213 500"));
    for client in [Client::Curl, Client::Ftplib] {
        same(scenario, &more, Texts::Same, |site| shown_by(client, GET, site, message));
    }
    some_clients_fail(scenario, &more, GET, &[Client::Lftp]);
    for (variant, size, message) in [
        ("/less", "213 100", (0, "")),
        ("/listed", "213 300", (0, "")),
        ("/unknown", "213 0", (0, "")),
    ] {
        let scenario = format!("ftp/retr-size-mismatch{variant}");
        every_client_shows_the_same(&scenario, &real(size), Texts::Same, GET, message);
    }
}

#[test]
#[ignore = "needs curl and rclone: tests/run"]
fn curl_cuts_at_the_smaller_size_and_rclone_believes_the_listing() {
    let badftp = Badftp::serve("ftp/retr-size-mismatch/less");
    let shown = GET.by(Client::Curl, &badftp.site()).ok();
    assert!(shown.contains("left a file of 100 bytes"), "{shown}");
    for (variant, size) in [("", 500), ("/less", 100), ("/listed", 500), ("/unknown", 0)] {
        let badftp = Badftp::serve(&format!("ftp/retr-size-mismatch{variant}"));
        let message = format!("corrupted on transfer: sizes differ {size} vs 300");
        rclone_says(&badftp.site(), &["copy", ":ftp:/", "copy"], &message);
    }
}
