//! Silence that the server does not bear.

use serde_json::json;

use crate::badftp::Badftp;
use crate::sftp::clients::{curl, paramiko, sftp, url};
use crate::sftp::{badftp, desk};

/// What `sftp` says of a pause that is longer than the server bears.
fn told(scenario: &str) -> String {
    let server = Badftp::sftp(&[scenario]);
    let shown = sftp(&desk(), &badftp(&server), &[], "pwd\n!sleep 3\nls\n");
    // Mostly it writes to `ssh`, which is gone, and SIGPIPE ends it without a word of its own.
    assert!([255, 128 + 13].contains(&shown.exit), "{shown}");
    shown.stderr
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn openssh_says_so() {
    let why = ":11: Idle timeout, goodbye";
    assert!(told("sftp/idle-disconnect").contains(why));
    assert!(told("sftp/idle-disconnect/silently").contains("closed by remote host"));
    let reset = told("sftp/idle-disconnect/reset");
    assert!(reset.contains("Broken pipe") || reset.contains("reset"), "{reset}");
}

#[test]
#[ignore = "needs curl and paramiko: tests/run"]
fn the_first_operation_after_a_pause_fails() {
    let server = Badftp::sftp(&["sftp/idle-disconnect"]);
    let place = badftp(&server);
    let file = url(&place, "/a.bin");
    let shown = curl(&desk(), &place, &["--rate", "20/m", "-o", "1", &file, "-o", "2", &file]);
    assert_eq!(shown.exit, 79, "{shown}");
    let steps = json!([["stat", "/a.bin"], ["sleep", 3], ["stat", "/a.bin"]]);
    let shown = paramiko(&desk(), &place, &steps);
    let last = shown.stdout.lines().last().unwrap_or_default();
    assert!(last.starts_with("OSError Socket is closed"), "{shown}");
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn who_is_never_silent_stays() {
    let server = Badftp::sftp(&["sftp/idle-disconnect"]);
    let pauses = "pwd\n!sleep 1\nls\n!sleep 1\nls\n!sleep 1\nls\n";
    sftp(&desk(), &badftp(&server), &[], pauses).ok();
}
