//! Directories that are there already.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/failure-4-mkdir-exists",
        Deed::Make,
        (1, "remote mkdir \"/x\": Failure"),
        (21, "mkdir command failed: Operation failed"),
        "OSError Failure",
    );
    shows(
        "sftp/failure-4-mkdir-exists/code-11",
        Deed::Make,
        (1, "remote mkdir \"/x\": Unknown status"),
        (21, "mkdir command failed: File already exists"),
        "OSError File already exists",
    );
    shows(
        "sftp/failure-4-mkdir-exists/code-9",
        Deed::Make,
        (1, "remote mkdir \"/x\": Unknown status"),
        (21, "mkdir command failed: Invalid handle"),
        "OSError File already exists",
    );
    shows(
        "sftp/failure-4-mkdir-exists/code-2",
        Deed::Make,
        (1, "remote mkdir \"/x\": No such file or directory"),
        (21, "mkdir command failed: No such file or directory"),
        "FileNotFoundError [Errno 2] No such file",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows("sftp/failure-4-mkdir-exists", "", Deed::Make, &["x/"]);
}
