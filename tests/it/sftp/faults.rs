//! Faults of SFTP as OpenSSH's client shows them.

use std::fs;
use std::thread;

use serde_json::json;

use super::clients::{paramiko, sftp};
use super::{badftp, desk};
use crate::badftp::Badftp;
use crate::control::http::get;
use crate::run::Shown;
use crate::until::until;

/// What `sftp` shows of `commands` under a rule.
fn shown(rule: &str, commands: &str) -> Shown {
    let files = "files: {/big.bin: {size: 10MiB}}";
    let server = Badftp::sftp_with_yaml(&format!("{files}\nrules:\n  - {rule}\n"));
    let desk = desk();
    desk.write("up", vec![b'x'; 1_000_000]);
    sftp(&desk, &badftp(&server), &[], commands)
}

/// OpenSSH's `sftp` leaves its `ssh` so when it is killed.
#[test]
#[ignore = "needs paramiko: tests/run"]
fn a_client_that_has_said_all_and_takes_nothing_is_left() {
    let server = Badftp::sftp_with_yaml("files: {/big.bin: {size: 16MiB}}\n");
    let shown = paramiko(&desk(), &badftp(&server), &json!([["leave", "/big.bin"]]));
    assert_eq!(shown.ok().trim(), "true");
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn a_status_is_told_in_the_clients_words() {
    for (status, told) in [
        ("3 Forbidden", "remote open \"/big.bin\": Permission denied"),
        ("4 Broken", "remote open \"/big.bin\": Failure"),
        ("8 What", "remote open \"/big.bin\": Operation unsupported"),
        ("14 Full", "remote open \"/big.bin\": Unknown status"),
    ] {
        let shown = shown(&format!("{{when: download, status: {status}}}"), "get big.bin");
        assert_eq!((shown.exit, shown.stderr.trim()), (1, told), "{shown}");
    }
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn an_upload_fails_part_way_and_at_its_end() {
    for at in ["64KiB", "end"] {
        let shown = shown(&format!("{{when: upload, at: {at}, status: 4 Disk full}}"), "put up");
        assert_eq!(shown.exit, 1, "{shown}");
        assert!(shown.stderr.contains("Failure"), "{shown}");
    }
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn the_connection_ends_part_way() {
    for (ending, told) in
        [("close", "Connection closed"), ("cut", "Connection closed"), ("reset", "Connection")]
    {
        let shown = shown(&format!("{{when: download, at: 64KiB, then: {ending}}}"), "get big.bin");
        assert_eq!(shown.exit, 255, "{shown}");
        assert!(shown.stderr.contains(told), "{shown}");
    }
}

#[test]
#[ignore = "needs sftp: tests/run"]
fn short_reads_are_asked_for_again() {
    let shown = shown("{when: SSH_FXP_READ, chunk: 100KiB}", "get big.bin");
    assert_eq!(shown.exit, 0, "{shown}");
}

/// A rule on one connection may end another: neither client is to blame.
#[test]
#[ignore = "needs sftp: tests/run"]
fn who_loses_a_transfer_because_the_server_goes_down_is_not_to_blame() {
    let server = Badftp::sftp_with_yaml(
        "files: {/big.bin: {size: 10MiB}}
rules:
  - {when: download, rate: 100KiB/s}
  - {when: list, then: restart 100ms}
",
    );
    let (place, downloads) = (badftp(&server), desk());
    thread::scope(|scope| {
        scope.spawn(|| sftp(&downloads, &place, &[], "get big.bin"));
        until("the download has begun", || {
            fs::metadata(downloads.path("big.bin")).is_ok_and(|file| file.len() > 0)
        });
        sftp(&desk(), &place, &[], "ls");
    });
    a_rule_has_ended_the_download(&server);
}

/// Nor is who loses it because keys are exchanged again.
#[test]
#[ignore = "needs sftp: tests/run"]
fn who_loses_a_transfer_to_a_rule_on_rekeying_is_not_to_blame() {
    let server = Badftp::sftp_with_yaml(
        "server: {ssh: {rekey: 1MiB}}
files: {/big.bin: {size: 10MiB}}
rules:
  - {when: handshake, per: connection, skip: 1, then: reset}
",
    );
    sftp(&desk(), &badftp(&server), &[], "get big.bin").failed();
    a_rule_has_ended_the_download(&server);
}

#[track_caller]
fn a_rule_has_ended_the_download(server: &Badftp) {
    let told = get(server.control(), "/journal?when=download&wait=20s").json();
    let download = &told["records"][0];
    let (failed, rule) = (json!("failed"), json!("rule"));
    assert_eq!((&download["outcome"], &download["cause"]), (&failed, &rule), "{told}");
}
