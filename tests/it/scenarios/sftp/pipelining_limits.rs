//! Answers and requests that come as not everybody expects them.

use super::{Deed, sftp_shows, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    shows(
        "sftp/pipelining-limits",
        Deed::Get,
        (0, "[100000 bytes]"),
        (0, "[100000 bytes]"),
        "null | [100000 bytes]",
    );
    shows(
        "sftp/pipelining-limits/small-packets",
        Deed::Put,
        (0, ""),
        (0, ""),
        "SSHException Server connection dropped:",
    );
    shows("sftp/pipelining-limits/sequential", Deed::Put, (0, ""), (0, ""), "null");
    sftp_shows("sftp/pipelining-limits/fragments", Deed::List, (0, "/a.bin"));
}
