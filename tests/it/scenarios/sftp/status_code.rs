//! Statuses, whatever their number and text.

use super::{Deed, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/status-code",
        Deed::Get,
        (1, "remote open \"/a.bin\": Failure"),
        (79, "Could not open remote file for reading: Operation failed"),
        "OSError Failure | [0 bytes]",
    );
    shows(
        "sftp/status-code/no-text",
        Deed::Get,
        (1, "remote open \"/a.bin\": Failure"),
        (79, "Could not open remote file for reading: Operation failed"),
        "OSError  | [0 bytes]",
    );
    shows(
        "sftp/status-code/minus-1",
        Deed::Get,
        (1, "remote open \"/a.bin\": Unknown status"),
        (79, "Could not open remote file for reading: Unknown error in libssh2"),
        "OSError Unknown error | [0 bytes]",
    );
    shows(
        "sftp/status-code/german",
        Deed::Get,
        (1, "remote open \"/a.bin\": Failure"),
        (79, "Could not open remote file for reading: Operation failed"),
        "OSError Fehlgeschlagen | [0 bytes]",
    );
}
