//! Connections that end in a transfer.

use super::{Deed, curl_shows, paramiko_shows, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    sftp_shows("sftp/reset-mid-transfer", Deed::Get, (255, "Connection closed[32768 bytes]"));
    curl_shows("sftp/reset-mid-transfer", Deed::Get, (79, "Error in the SSH layer"));
    paramiko_shows(
        "sftp/reset-mid-transfer",
        Deed::Get,
        "SSHException Server connection dropped:  | [32768 bytes]",
    );
    sftp_shows("sftp/reset-mid-transfer", Deed::Put, (255, "Connection closed"));
    curl_shows("sftp/reset-mid-transfer", Deed::Put, (79, "Error in the SSH layer"));
    sftp_shows("sftp/reset-mid-transfer/fin", Deed::Get, (255, "Connection closed[32768 bytes]"));
    curl_shows("sftp/reset-mid-transfer/fin", Deed::Get, (79, "Error in the SSH layer"));
    sftp_shows(
        "sftp/reset-mid-transfer/channel",
        Deed::Get,
        (255, "Connection closed[32768 bytes]"),
    );
    curl_shows(
        "sftp/reset-mid-transfer/channel",
        Deed::Get,
        (28, "Operation timed out after N milliseconds with 32768 out of 100000 bytes received"),
    );
}
