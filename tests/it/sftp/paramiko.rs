//! paramiko, which asks for a whole file at once: how it logs in. What it does is in `libraries` and `gigabyte`.

use super::{badftp, desk};
use crate::badftp::Badftp;

#[test]
#[ignore = "needs paramiko: tests/run"]
fn passwords_and_answers_log_in_too() {
    let server = Badftp::sftp_with_yaml("users: {piggy: frog}\n");
    let place = badftp(&server);
    let log_in = |secret: &str| {
        let desk = desk();
        let mut command = desk.command(&format!("{}/.venv/bin/python", crate::clients::TESTS));
        command.arg(format!("{}/clients/paramiko_steps.py", crate::clients::TESTS));
        command.args(["127.0.0.1", &place.address.port().to_string(), "piggy", secret, "[]"]);
        crate::run::run(&mut command)
    };
    log_in("password:frog").ok();
    log_in("keyboard:frog").ok();
    let refused = log_in("password:toad").failed();
    assert!(refused.stderr.contains("AuthenticationException"), "{refused}");
    log_in("keyboard:toad").failed();
}
