//! Listings without some entries.

use super::{Deed, paramiko_shows, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    sftp_shows("sftp/listing-partial", Deed::List, (0, "/a.bin"));
    paramiko_shows("sftp/listing-partial", Deed::List, "[\"a.bin\"]");
    sftp_shows("sftp/listing-partial/empty", Deed::List, (0, ""));
    paramiko_shows("sftp/listing-partial/empty", Deed::List, "[]");
}
