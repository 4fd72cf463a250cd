//! Uploads that are acknowledged and not kept.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/write-swallowed",
        Deed::Put,
        (0, ""),
        (0, ""),
        "FileNotFoundError [Errno 2] No such file",
    );
    shows(
        "sftp/write-swallowed/empty",
        Deed::Put,
        (0, ""),
        (0, ""),
        "OSError size mismatch in put!  0 != 100000",
    );
    shows(
        "sftp/write-swallowed/tail",
        Deed::Put,
        (0, ""),
        (0, ""),
        "OSError size mismatch in put!  32768 != 100000",
    );
}
