//! Logins without an answer.

use super::below::{BY_TIMEOUT, By, CLOSED, all_show, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_waits_as_long_as_it_was_told() {
    let silence = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
    all_show(
        "sftp/auth-hang",
        (BY_TIMEOUT, ""),
        (28, silence),
        (1, "AuthenticationException Authentication timeout."),
    );
}

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_says_so() {
    all_show(
        "sftp/auth-hang/closed",
        (255, CLOSED),
        (67, "curl: (67) Authentication failure"),
        (1, "AuthenticationException Authentication failed: transport shut down or saw EOF"),
    );
    let file = "[100000 bytes]";
    all_show("sftp/auth-hang/late", (0, file), (0, file), (0, "null[100000 bytes]"));
    let hasty = By::Curl(&["--connect-timeout", "1"]);
    let told = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
    shows("sftp/auth-hang/late", hasty, 28, told);
}
