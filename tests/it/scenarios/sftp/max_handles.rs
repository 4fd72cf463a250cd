//! Files that are open at once.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/max-handles",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/max-handles/none",
        Deed::Get,
        (1, "remote open \"/a.bin\": Failure"),
        (79, "Could not open remote file for reading: Operation failed"),
        "OSError Too many open files in this session, maximum 100 | [0 bytes]",
    );
}
