//! Renames from one disk to another.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/failure-4-cross-device",
        Deed::Archive,
        (1, "remote rename \"/a.bin\" to \"/archive/a\": Failure"),
        (21, "rename command failed: Operation failed"),
        "OSError Failure",
    );
    shows("sftp/failure-4-cross-device", Deed::Rename, (0, ""), (0, ""), "null");
}
