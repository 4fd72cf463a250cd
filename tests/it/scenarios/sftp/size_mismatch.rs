//! Sizes that are not true.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/size-mismatch",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[50000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/size-mismatch/too-big",
        Deed::Get,
        (0, "[100000 bytes]"),
        (18, "transfer closed with 1 bytes remaining to read"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/size-mismatch/zero",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/size-mismatch/absent",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "TypeError '<' not supported between instances of 'int' and 'NoneType' | [0 bytes]",
    );
    shows(
        "sftp/size-mismatch/shrinks",
        Deed::Get,
        (0, "[60000 bytes]"),
        (18, "transfer closed with 40000 bytes remaining to read"),
        "null | [60000 bytes]",
    );
}
