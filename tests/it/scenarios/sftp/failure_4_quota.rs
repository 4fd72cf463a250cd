//! Quotas that are used up.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/failure-4-quota",
        Deed::Put,
        (1, "write remote \"/up\": Failure"),
        (79, "Error in the SSH layer"),
        "OSError size mismatch in put!  32768 != 100000",
    );
    shows("sftp/failure-4-quota/close", Deed::Put, (1, "close remote: Failure"), (0, ""), "null");
    shows(
        "sftp/failure-4-quota/code-15",
        Deed::Put,
        (1, "write remote \"/up\": Unknown status"),
        (79, "Error in the SSH layer"),
        "OSError size mismatch in put!  32768 != 100000",
    );
}
