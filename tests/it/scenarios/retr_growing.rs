//! Files that are not finished yet.

use super::{Client, Deed, every_client_shows_the_same, rclone_says};
use crate::badftp::Badftp;
use crate::compare::Texts;
use crate::peers::Literal;
use crate::site::Site;

const GET: Deed = Deed::Get("/hello.txt");

/// The size that was looked up, and the bytes that came later.
fn real(size: &'static str, content: &'static [u8]) -> Site {
    Literal::new().says("SIZE", size).sends("RETR", content, "226 Transfer complete.").site()
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_growing_file_is_shown_as_with_exact_bytes() {
    let before = real("213 100", &[b'x'; 300]);
    every_client_shows_the_same("ftp/retr-growing", &before, Texts::Same, GET, (0, ""));
    let within = real("213 300", &[b'x'; 600]);
    every_client_shows_the_same("ftp/retr-growing/within", &within, Texts::Same, GET, (0, ""));
}

#[test]
#[ignore = "needs curl: tests/run"]
fn each_look_finds_more_until_two_are_alike() {
    let badftp = Badftp::serve("ftp/retr-growing");
    for size in [100, 200, 300, 300] {
        let shown = GET.by(Client::Curl, &badftp.site()).ok();
        assert!(shown.contains(&format!("left a file of {size} bytes")), "{shown}");
    }
}

#[test]
#[ignore = "needs rclone: tests/run"]
fn rclone_notices_it() {
    for (scenario, message) in [
        ("ftp/retr-growing", "corrupted on transfer: sizes differ 100 vs 300"),
        ("ftp/retr-growing/within", "corrupted on transfer: sizes differ 300 vs 600"),
    ] {
        let badftp = Badftp::serve(scenario);
        rclone_says(&badftp.site(), &["copy", ":ftp:/", "copy"], message);
    }
}
