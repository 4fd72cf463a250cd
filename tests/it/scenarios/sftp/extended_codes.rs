//! Codes that version 3 does not have.

use super::{Deed, curl_shows, paramiko_shows, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    sftp_shows("sftp/extended-codes", Deed::Make, (1, "remote mkdir \"/x\": Unknown status"));
    curl_shows("sftp/extended-codes", Deed::Make, (21, "mkdir command failed: Invalid handle"));
    curl_shows(
        "sftp/extended-codes/code-10",
        Deed::Get,
        (78, "Could not open remote file for reading: No such file or directory"),
    );
    curl_shows(
        "sftp/extended-codes/code-13",
        Deed::Get,
        (79, "Could not open remote file for reading: No media"),
    );
    curl_shows(
        "sftp/extended-codes/code-14",
        Deed::Get,
        (70, "Could not open remote file for reading: Disk full"),
    );
    curl_shows(
        "sftp/extended-codes/code-15",
        Deed::Get,
        (70, "Could not open remote file for reading: User quota exceeded"),
    );
    curl_shows(
        "sftp/extended-codes/code-16",
        Deed::Get,
        (79, "Could not open remote file for reading: Unknown principle"),
    );
    curl_shows(
        "sftp/extended-codes/code-17",
        Deed::Get,
        (9, "Could not open remote file for reading: File lock conflict"),
    );
    curl_shows(
        "sftp/extended-codes/code-19",
        Deed::Get,
        (79, "Could not open remote file for reading: Not a directory"),
    );
    curl_shows(
        "sftp/extended-codes/code-20",
        Deed::Get,
        (79, "Could not open remote file for reading: Invalid filename"),
    );
    curl_shows(
        "sftp/extended-codes/code-21",
        Deed::Get,
        (79, "Could not open remote file for reading: Link points to itself"),
    );
    curl_shows(
        "sftp/extended-codes/code-22",
        Deed::Get,
        (79, "Could not open remote file for reading: Unknown error in libssh2"),
    );
    curl_shows(
        "sftp/extended-codes/code-31",
        Deed::Get,
        (79, "Could not open remote file for reading: Unknown error in libssh2"),
    );
    sftp_shows(
        "sftp/extended-codes/code-18",
        Deed::Remove,
        (1, "remote rmdir \"/x\": Unknown status"),
    );
    curl_shows(
        "sftp/extended-codes/code-18",
        Deed::Remove,
        (21, "rmdir command failed: Directory not empty"),
    );
    sftp_shows(
        "sftp/extended-codes/code-31",
        Deed::Get,
        (1, "remote open \"/a.bin\": Unknown status"),
    );
    paramiko_shows("sftp/extended-codes/code-17", Deed::Get, "OSError Lock conflict | [0 bytes]");
}
