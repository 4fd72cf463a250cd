//! Servers that take their time.

use super::{Deed, paramiko_shows, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    sftp_shows("sftp/slow", Deed::Get, (0, "[100000 bytes]"));
    paramiko_shows("sftp/slow", Deed::Get, "null | [100000 bytes]");
    sftp_shows("sftp/slow/rate", Deed::Get, (0, "[100000 bytes]"));
}
