//! Files that are not there.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/not-found-2",
        Deed::Get,
        (1, "File \"/a.bin\" not found."),
        (78, "Could not open remote file for reading: No such file or directory"),
        "FileNotFoundError [Errno 2] No such file | [0 bytes]",
    );
    shows(
        "sftp/not-found-2/open",
        Deed::Get,
        (1, "remote open \"/a.bin\": No such file or directory"),
        (78, "Could not open remote file for reading: No such file or directory"),
        "FileNotFoundError [Errno 2] No such file | [0 bytes]",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows("sftp/not-found-2", "", Deed::Get, &[]);
}
