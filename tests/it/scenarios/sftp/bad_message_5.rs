//! Messages that one side does not understand.

use super::{Deed, curl_shows, paramiko_shows, sftp_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/bad-message-5",
        Deed::Get,
        (1, "remote open \"/a.bin\": Bad message"),
        (79, "Could not open remote file for reading: Bad message from SFTP server"),
        "OSError Bad message | [0 bytes]",
    );
    shows(
        "sftp/bad-message-5/longer-than-asked",
        Deed::Get,
        (255, "Received more data than asked for 261124 > 261120[0 bytes]"),
        (79, "Error in the SSH layer"),
        "null | [100004 bytes]",
    );
    sftp_shows(
        "sftp/bad-message-5/wrong-id",
        Deed::Get,
        (255, "remote open \"/a.bin\": ID mismatch (3735928559 != 5)"),
    );
    curl_shows(
        "sftp/bad-message-5/wrong-id",
        Deed::Get,
        (28, "Operation timed out after N milliseconds with 0 bytes received"),
    );
    sftp_shows(
        "sftp/bad-message-5/wrong-type",
        Deed::Get,
        (255, "Expected SSH2_FXP_ATTRS(105) packet, got 103"),
    );
    paramiko_shows(
        "sftp/bad-message-5/wrong-type",
        Deed::Get,
        "SFTPError Expected attributes | [0 bytes]",
    );
    sftp_shows("sftp/bad-message-5/success", Deed::Get, (1, "remote open \"/a.bin\": No error"));
    curl_shows(
        "sftp/bad-message-5/success",
        Deed::Get,
        (28, "Operation timed out after N milliseconds with 0 bytes received"),
    );
    paramiko_shows(
        "sftp/bad-message-5/success",
        Deed::Get,
        "SFTPError Expected handle | [0 bytes]",
    );
    shows(
        "sftp/bad-message-5/truncated",
        Deed::Get,
        (1, "get_decode_stat: decode_attrib: incomplete message | File \"/a.bin\" not found."),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/bad-message-5/too-long",
        Deed::Get,
        (
            255,
            "Received message too long 2147483647 | Ensure the remote shell produces no output for non-interactive sessions.",
        ),
        (0, "[100000 bytes]"),
        "SFTPError Garbage packet received | [0 bytes]",
    );
    shows(
        "sftp/bad-message-5/twice",
        Deed::Get,
        (255, "ID mismatch (3 != 4)"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
}
