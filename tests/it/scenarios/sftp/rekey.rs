//! Keys that are exchanged again.

use super::below::{BY_TIMEOUT, By, all_show, told};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_waits_as_long_as_it_was_told() {
    let shown = told("sftp/rekey", By::Sftp(&[]));
    assert_eq!(shown.0, BY_TIMEOUT, "{shown:?}");
    let shown = told("sftp/rekey", By::Curl(&[]));
    let why = "curl: (28) Operation timed out after N milliseconds with";
    assert!(shown.0 == 28 && shown.1.starts_with(why), "{shown:?}");
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    let closed = "sftp/rekey/closed";
    let shown = told(closed, By::Sftp(&[]));
    let why = "Connection to host closed by remote host. | Connection closed";
    assert!(shown.0 == 255 && shown.1.starts_with(why), "{shown:?}");
    let file = "[1000000 bytes]";
    all_show("sftp/rekey/often", (0, file), (0, file), (0, "null[1000000 bytes]"));
}
