//! What one may not do.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/permission-3",
        Deed::Get,
        (1, "remote open \"/a.bin\": Permission denied"),
        (9, "Could not open remote file for reading: Permission denied"),
        "PermissionError [Errno 13] Permission denied | [0 bytes]",
    );
    shows(
        "sftp/permission-3/upload",
        Deed::Put,
        (1, "dest open \"/up\": Permission denied"),
        (9, "Upload failed: Permission denied (3/-31)"),
        "PermissionError [Errno 13] Permission denied",
    );
    shows(
        "sftp/permission-3/upload",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows("sftp/permission-3", "-P open", Deed::Get, &["a.bin"]);
    shows_what_openssh_shows("sftp/permission-3/upload", "-R", Deed::Put, &[]);
    shows_what_openssh_shows("sftp/permission-3", "-P mkdir", Deed::Make, &[]);
}
