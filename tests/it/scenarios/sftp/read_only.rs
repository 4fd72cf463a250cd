//! Servers that nobody may change.

use super::{Deed, shows, shows_what_openssh_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/read-only",
        Deed::Put,
        (1, "dest open \"/up\": Permission denied"),
        (9, "Upload failed: Permission denied (3/-31)"),
        "PermissionError [Errno 13] Permission denied",
    );
    shows(
        "sftp/read-only/code-4",
        Deed::Make,
        (1, "remote mkdir \"/x\": Failure"),
        (21, "mkdir command failed: Operation failed"),
        "OSError Failure",
    );
    shows(
        "sftp/read-only/code-12",
        Deed::Put,
        (1, "dest open \"/up\": Unknown status"),
        (9, "Upload failed: File is write protected (12/-31)"),
        "OSError Write-protected filesystem",
    );
    shows(
        "sftp/read-only/no-overwriting",
        Deed::Replace,
        (1, "dest open \"/a.bin\": Unknown status"),
        (73, "Upload failed: File already exists (11/-31)"),
        "OSError File already exists",
    );
}

#[test]
#[ignore = "needs sftp, curl, paramiko and OpenSSH's server: tests/run"]
fn every_client_shows_what_it_shows_of_openssh() {
    shows_what_openssh_shows("sftp/read-only", "-R", Deed::Put, &[]);
    shows_what_openssh_shows("sftp/read-only", "-R", Deed::Make, &[]);
    shows_what_openssh_shows("sftp/read-only", "-R", Deed::Rename, &["a.bin"]);
}
