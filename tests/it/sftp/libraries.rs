//! Libraries that programs use: each is asked for the same operations, of OpenSSH's own server and of badftp, and must say
//! the same of both.

use serde_json::{Value, json};

use super::clients::{asyncssh, paramiko, ssh2};
use super::sshd::Sshd;
use super::{Place, badftp, desk};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::Shown;

type Library = fn(&Desk, &Place, &Value) -> Shown;

/// What a step leads to.
enum Expected {
    /// This result.
    Is(Value),
    /// An exception, in the library's own words.
    Fails,
}
use Expected::{Fails, Is};

/// What every library can do.
fn operations(place: &Place) -> Vec<(Value, Expected)> {
    let at = |name: &str| place.path(name);
    let null = || Is(Value::Null);
    vec![
        (json!(["put", "up", at("a")]), null()),
        (json!(["mkdir", at("d")]), null()),
        (json!(["mkdir", at("d")]), Fails),
        (json!(["mkdir", at("no/d")]), Fails),
        (json!(["rename", at("a"), at("d/b")]), null()),
        (json!(["rename", at("a"), at("d/c")]), Fails),
        (json!(["put", "up", at("a")]), null()),
        (json!(["rename", at("a"), at("d/b")]), Fails),
        (json!(["posix_rename", at("a"), at("d/b")]), null()),
        (json!(["symlink", at("d/b"), at("l")]), null()),
        (json!(["readlink", at("l")]), Is(json!(at("d/b")))),
        (json!(["readlink", at("d/b")]), Fails),
        (json!(["home", at("d/../l")]), Is(json!(at("d/b")))),
        (json!(["append", at("d/b"), "more"]), null()),
        (json!(["part", at("l"), 8, 4]), Is(json!("89mo"))),
        (json!(["chmod", at("d/b"), 0o600]), null()),
        (json!(["truncate", at("d/b"), 4]), null()),
        (json!(["utime", at("d/b"), [5, 6]]), null()),
        (json!(["stat", at("l")]), Is(json!({"size": 4, "mode": 0o100_600, "mtime": 6}))),
        (json!(["stat", at("no")]), Fails),
        (json!(["listdir", at("d")]), Is(json!(["b"]))),
        (json!(["listdir", at("no")]), Fails),
        (json!(["listdir", at("d/b")]), Fails),
        (json!(["get", at("d/b"), "down"]), null()),
        (json!(["get", at("no"), "nothing"]), Fails),
        (json!(["rmdir", at("d")]), Fails),
        (json!(["remove", at("d")]), Fails),
        (json!(["remove", at("no")]), Fails),
        (json!(["remove", at("l")]), null()),
        (json!(["rmdir", at("d/b")]), Fails),
        (json!(["remove", at("d/b")]), null()),
        (json!(["rmdir", at("d")]), null()),
    ]
}

/// What only some know: OpenSSH's extensions, and one of the drafts.
fn extensions(place: &Place) -> Vec<(Value, Expected)> {
    let at = |name: &str| place.path(name);
    let null = || Is(Value::Null);
    vec![
        (json!(["put", "up", at("a")]), null()),
        (json!(["hard_link", at("a"), at("h")]), null()),
        (json!(["hard_link", at("no"), at("i")]), Fails),
        (json!(["copy", at("a"), at("c")]), null()),
        (json!(["part", at("c"), 0, 10]), Is(json!("0123456789"))),
        (json!(["flush", at("c"), "short"]), null()),
        (json!(["room", at("c")]), Is(json!(255))),
        (json!(["room", at("no")]), Fails),
    ]
}

/// Asks for all of it, and hands back what the library says of it, without the place's own folder.
#[track_caller]
fn said(library: Library, place: &Place, steps: &[(Value, Expected)]) -> Vec<String> {
    let desk = desk();
    desk.write("up", "0123456789");
    let asked: Vec<&Value> = steps.iter().map(|(step, _)| step).collect();
    let shown = library(&desk, place, &json!(asked));
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert_eq!(lines.len(), steps.len(), "{shown}");
    for (line, (step, expected)) in lines.iter().zip(steps) {
        let result: Option<Value> = serde_json::from_str(line).ok();
        let right = match expected {
            Is(value) => result.as_ref() == Some(value),
            Fails => result.is_none(),
        };
        assert!(right, "{step} led to {line}\n{shown}");
    }
    lines.iter().map(|line| line.replace(&place.folder, "")).collect()
}

#[track_caller]
fn every_operation(library: Library, operations: fn(&Place) -> Vec<(Value, Expected)>) {
    let (real, server) = (Sshd::start(), Badftp::sftp(&[]));
    let at = |place: Place| said(library, &place, &operations(&place));
    assert_eq!(at(badftp(&server)), at(real.place()));
}

#[test]
#[ignore = "needs paramiko and OpenSSH's server: tests/run"]
fn paramiko_does_every_operation() {
    every_operation(paramiko, operations);
}

#[test]
#[ignore = "needs asyncssh and OpenSSH's server: tests/run"]
fn asyncssh_does_every_operation() {
    every_operation(asyncssh, operations);
    every_operation(asyncssh, extensions);
}

#[test]
#[ignore = "needs ssh2-sftp-client and OpenSSH's server: tests/run"]
fn ssh2_does_every_operation() {
    every_operation(ssh2, operations);
    every_operation(ssh2, extensions);
}
