//! Requests that are never answered.

use super::{Deed, curl_gives_up, curl_shows, sftp_shows};

#[test]
#[ignore = "needs curl: tests/run"]
fn curl_waits_as_long_as_it_was_told() {
    curl_shows(
        "sftp/stall",
        Deed::Get,
        (28, "Operation timed out after N milliseconds with 32768 out of 100000 bytes received"),
    );
    curl_shows(
        "sftp/stall/open",
        Deed::Get,
        (28, "Operation timed out after N milliseconds with 0 bytes received"),
    );
    curl_gives_up("sftp/stall/upload", Deed::Put);
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn an_answer_comes_too_late() {
    sftp_shows(
        "sftp/stall/late",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Operation unsupported[32768 bytes]"),
    );
}
