//! Codes that only a client makes up.

use super::{Deed, sftp_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/connection-codes-6-7",
        Deed::Get,
        (1, "remote open \"/a.bin\": No connection"),
        (79, "Could not open remote file for reading: Not connected to SFTP server"),
        "OSError No connection | [0 bytes]",
    );
    shows(
        "sftp/connection-codes-6-7/code-7",
        Deed::Get,
        (1, "remote open \"/a.bin\": Connection lost"),
        (79, "Could not open remote file for reading: Connection to SFTP server lost"),
        "OSError Connection lost | [0 bytes]",
    );
    sftp_shows(
        "sftp/connection-codes-6-7/closes",
        Deed::Get,
        (1, "remote open \"/a.bin\": Connection lost"),
    );
}
