//! Key exchanges that never begin, or never end.

use super::below::{BY_TIMEOUT, By, shows};

#[test]
#[ignore = "needs sftp, curl and paramiko: tests/run"]
fn every_client_waits_as_long_as_it_was_told() {
    for scenario in ["sftp/kex-silence", "sftp/kex-silence/exchange"] {
        shows(scenario, By::Sftp(&[]), BY_TIMEOUT, "");
        let silence = "curl: (28) Operation timed out after N milliseconds with 0 bytes received";
        shows(scenario, By::Curl(&[]), 28, silence);
    }
    shows("sftp/kex-silence", By::Paramiko("id"), 1, "EOFError");
}
