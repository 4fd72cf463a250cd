//! Reads that bring less than there is.

use super::{Deed, paramiko_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/short-reads",
        Deed::Get,
        (0, "[100000 bytes]"),
        (79, "Error in the SSH layer"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/short-reads/half",
        Deed::Get,
        (0, "[100000 bytes]"),
        (79, "Error in the SSH layer"),
        "null | [100000 bytes]",
    );
    paramiko_shows("sftp/short-reads/empty", Deed::Get, "null | [0 bytes]");
}
