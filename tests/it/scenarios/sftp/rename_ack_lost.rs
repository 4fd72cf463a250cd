//! Renames that are done, and not acknowledged.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/rename-ack-lost",
        Deed::Rename,
        (255, "Connection closed"),
        (21, "rename command failed: Unknown error in libssh2"),
        "SSHException Server connection dropped:",
    );
}
