//! Renames onto an existing name.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/failure-4-rename-exists",
        Deed::Rename,
        (1, "remote rename \"/a.bin\" to \"/b.bin\": Failure"),
        (21, "rename command failed: Operation failed"),
        "OSError Failure",
    );
    shows(
        "sftp/failure-4-rename-exists/code-11",
        Deed::Rename,
        (1, "remote rename \"/a.bin\" to \"/b.bin\": Unknown status"),
        (21, "rename command failed: File already exists"),
        "OSError File already exists",
    );
    shows("sftp/failure-4-rename-exists/overwrites", Deed::Rename, (0, ""), (0, ""), "null");
}
