//! Open files that the server forgets.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/lost-handle",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Failure[32768 bytes]"),
        (79, "Error in the SSH layer"),
        "OSError Invalid handle | [32768 bytes]",
    );
    shows(
        "sftp/lost-handle/code-9",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Unknown status[32768 bytes]"),
        (79, "Error in the SSH layer"),
        "OSError Invalid handle | [32768 bytes]",
    );
    shows(
        "sftp/lost-handle/code-8",
        Deed::Get,
        (1, "read remote \"/a.bin\" : Operation unsupported[32768 bytes]"),
        (79, "Error in the SSH layer"),
        "OSError No such handle | [32768 bytes]",
    );
}
