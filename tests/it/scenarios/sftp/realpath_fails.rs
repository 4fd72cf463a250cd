//! Home directories that cannot be resolved.

use super::{Deed, sftp_shows, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/realpath-fails",
        Deed::Get,
        (255, "realpath .: Failure | Need cwd"),
        (79, "Error in the SSH layer"),
        "null | [100000 bytes]",
    );
    sftp_shows(
        "sftp/realpath-fails/code-2",
        Deed::Get,
        (255, "realpath .: No such file | Need cwd"),
    );
    shows(
        "sftp/realpath-fails/two-names",
        Deed::Get,
        (255, "Got multiple names (2) from SSH2_FXP_REALPATH"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows("sftp/realpath-fails/code-3", "-P realpath", Deed::Get, &["a.bin"]);
}
