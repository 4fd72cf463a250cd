//! paramiko, which asks for a whole file at once: how it logs in. What it does is in `libraries` and `gigabyte`.

use serde_json::json;

use super::clients::paramiko_by;
use super::{badftp, desk};
use crate::badftp::Badftp;

#[test]
#[ignore = "needs paramiko: tests/run"]
fn passwords_and_answers_log_in_too() {
    let server = Badftp::sftp_with_yaml("users: {piggy: frog}\n");
    let place = badftp(&server);
    let log_in = |secret: &str| paramiko_by(secret, &desk(), &place, &json!([]));
    log_in("password:frog").ok();
    log_in("keyboard:frog").ok();
    let refused = log_in("password:toad").failed();
    assert!(refused.stdout.contains("AuthenticationException"), "{refused}");
    log_in("keyboard:toad").failed();
}
