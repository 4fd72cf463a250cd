//! Files that cannot be read to their end.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/read-error-mid",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Failure[32768 bytes]"),
        (79, "Error in the SSH layer"),
        "OSError Failure | [32768 bytes]",
    );
    shows(
        "sftp/read-error-mid/code-3",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Permission denied[32768 bytes]"),
        (79, "Error in the SSH layer"),
        "PermissionError [Errno 13] Permission denied | [32768 bytes]",
    );
}
