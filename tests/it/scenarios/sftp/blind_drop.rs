//! Folders to drop files into.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/blind-drop",
        Deed::Put,
        (0, ""),
        (0, ""),
        "PermissionError [Errno 13] Permission denied",
    );
    shows(
        "sftp/blind-drop",
        Deed::Get,
        (1, "File \"/a.bin\" not found."),
        (0, "[100000 bytes]"),
        "PermissionError [Errno 13] Permission denied | [0 bytes]",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows(
        "sftp/blind-drop",
        "-P stat,lstat,fstat,opendir,setstat,fsetstat",
        Deed::Put,
        &[],
    );
    shows_what_openssh_shows(
        "sftp/blind-drop",
        "-P stat,lstat,fstat,opendir,setstat,fsetstat",
        Deed::Get,
        &["a.bin"],
    );
}
