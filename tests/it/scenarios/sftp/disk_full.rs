//! Disks that are full.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/disk-full",
        Deed::Put,
        (1, "write remote \"/up\": Failure"),
        (79, "Error in the SSH layer"),
        "OSError size mismatch in put!  32768 != 100000",
    );
    shows(
        "sftp/disk-full/code-14",
        Deed::Put,
        (1, "write remote \"/up\": Unknown status"),
        (79, "Error in the SSH layer"),
        "OSError size mismatch in put!  32768 != 100000",
    );
    shows(
        "sftp/disk-full/code-12",
        Deed::Put,
        (1, "write remote \"/up\": Unknown status"),
        (79, "Error in the SSH layer"),
        "OSError size mismatch in put!  32768 != 100000",
    );
    shows(
        "sftp/disk-full/open",
        Deed::Put,
        (1, "dest open \"/up\": Unknown status"),
        (70, "Upload failed: Disk full (14/-31)"),
        "OSError No space on filesystem",
    );
}
