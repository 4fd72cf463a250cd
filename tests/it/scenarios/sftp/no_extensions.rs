//! Servers without extensions.

use super::{Deed, sftp_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/no-extensions",
        Deed::Room,
        (1, "Server does not support statvfs@openssh.com extension"),
        (21, "statvfs command failed: Operation not supported by SFTP server"),
        "OSError Operation unsupported",
    );
    sftp_shows(
        "sftp/no-extensions/announced",
        Deed::Rename,
        (1, "remote rename \"/a.bin\" to \"/b.bin\": Operation unsupported"),
    );
}
