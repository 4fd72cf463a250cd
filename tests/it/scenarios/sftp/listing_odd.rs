//! Listings as they should not be.

use super::{Deed, curl_gives_up, curl_shows, paramiko_shows, sftp_shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    sftp_shows("sftp/listing-odd", Deed::ListLong, (0, ""));
    paramiko_shows("sftp/listing-odd", Deed::List, "[\"a.bin\"]");
    sftp_shows("sftp/listing-odd/twice", Deed::List, (0, "/a.bin | /a.bin"));
    paramiko_shows("sftp/listing-odd/twice", Deed::List, "[\"a.bin\", \"a.bin\"]");
    sftp_shows("sftp/listing-odd/half-way", Deed::List, (1, "Couldn't read directory: Failure"));
    paramiko_shows("sftp/listing-odd/half-way", Deed::List, "OSError Failure");
    paramiko_shows("sftp/listing-odd/suspect", Deed::List, "[\"../x\", \"../x\", \"../x\"]");
    paramiko_shows(
        "sftp/listing-odd/latin-1",
        Deed::List,
        "UnicodeDecodeError 'utf-8' codec can't decode byte 0xe9 in position 3: unexpected end of data",
    );
    curl_shows(
        "sftp/listing-odd/half-way",
        Deed::List,
        (79, "Could not open remote file for reading: Operation failed :: -31"),
    );
    curl_gives_up("sftp/listing-odd/endless", Deed::List);
}
