//! Uploads that fail when all is written.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows("sftp/close-error", Deed::Put, (1, "close remote: Failure"), (0, ""), "null");
}
