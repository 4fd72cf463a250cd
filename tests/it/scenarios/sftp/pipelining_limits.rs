//! Answers and requests that come as not everybody expects them.

use super::{Deed, curl_shows, paramiko_shows_one_of, sftp_shows, shows};

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
    let small = "sftp/pipelining-limits/small-packets";
    sftp_shows(small, Deed::Put, (0, ""));
    curl_shows(small, Deed::Put, (0, ""));
    // Whether it reads or goes on writing when it is thrown out.
    let thrown_out = ["SSHException Server connection dropped:", "OSError Socket is closed"];
    paramiko_shows_one_of(small, Deed::Put, &thrown_out);
    shows("sftp/pipelining-limits/sequential", Deed::Put, (0, ""), (0, ""), "null");
    sftp_shows("sftp/pipelining-limits/fragments", Deed::List, (0, "/a.bin"));
}
