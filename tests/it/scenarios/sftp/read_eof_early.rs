//! Files that end too early.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/read-eof-early",
        Deed::Get,
        (0, "[32768 bytes]"),
        (18, "transfer closed with 67232 bytes remaining to read"),
        "null | [32768 bytes]",
    );
}
