//! Times and permissions that cannot be set.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/unsupported-8",
        Deed::PutWithTimes,
        (0, "remote fsetstat: Operation unsupported"),
        (0, ""),
        "null | OSError Operation unsupported",
    );
    shows(
        "sftp/unsupported-8/denied",
        Deed::PutWithTimes,
        (0, "remote fsetstat: Permission denied"),
        (0, ""),
        "null | PermissionError [Errno 13] Permission denied",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows(
        "sftp/unsupported-8/denied",
        "-P setstat,fsetstat",
        Deed::PutWithTimes,
        &[],
    );
}
