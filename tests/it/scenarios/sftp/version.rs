//! Versions that are not ours.

use super::{Deed, curl_gives_up, sftp_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/version",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/version/old",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/version/unheard-of",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    sftp_shows("sftp/version/closes", Deed::Get, (255, "Connection closed"));
    curl_gives_up("sftp/version/absent", Deed::Get);
}
