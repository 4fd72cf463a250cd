//! Files that end too early.

use super::{Deed, curl_shows, paramiko_shows_one_of, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let scenario = "sftp/read-eof-early";
    sftp_shows(scenario, Deed::Get, (0, "[32768 bytes]"));
    curl_shows(scenario, Deed::Get, (18, "transfer closed with 67232 bytes remaining to read"));
    // It asks for all at once, and keeps what came before the EOF or not, by which of its threads is first.
    paramiko_shows_one_of(scenario, Deed::Get, &["null | [32768 bytes]", "null | [0 bytes]"]);
}
