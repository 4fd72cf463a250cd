//! Uploads that are gone before anybody can look at them.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/vanishes-after-upload",
        Deed::Put,
        (0, ""),
        (0, ""),
        "FileNotFoundError [Errno 2] No such file",
    );
}
