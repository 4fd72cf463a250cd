//! paramiko, which asks for a whole file at once.

use serde_json::json;

use super::clients::paramiko;
use super::{Place, badftp, checks, desk};
use crate::badftp::Badftp;

checks!("needs paramiko and OpenSSH's server: tests/run":
    does_every_operation
    moves_fifty_megabytes
);

fn does_every_operation(place: &Place) {
    let desk = desk();
    desk.write("up", "0123456789");
    let at = |name: &str| place.path(name);
    let steps = json!([
        ["put", "up", at("a")],
        ["mkdir", at("d")],
        ["mkdir", at("d")],
        ["rename", at("a"), at("d/b")],
        ["put", "up", at("a")],
        ["rename", at("a"), at("d/b")],
        ["posix_rename", at("a"), at("d/b")],
        ["symlink", at("d/b"), at("l")],
        ["readlink", at("l")],
        ["readlink", at("d/b")],
        ["chmod", at("d/b"), 0o600],
        ["utime", at("d/b"), [5, 6]],
        ["truncate", at("d/b"), 4],
        ["stat", at("l")],
        ["listdir", at("")],
        ["listdir", at("no")],
        ["rmdir", at("d")],
        ["remove", at("d")],
        ["remove", at("l")],
        ["remove", at("d/b")],
        ["rmdir", at("d")],
        ["stat", at("d")],
    ]);
    let shown = paramiko(&desk, place, &steps).ok();
    let expected = [
        "null",
        "null",
        "OSError Failure",
        "null",
        "null",
        "OSError Failure",
        "null",
        "null",
        &json!(at("d/b")).to_string(),
        "OSError Bad message",
        "null",
        "null",
        "null",
        r#"{"size": 4, "mode": 33152, "mtime": "#,
        if place.folder.is_empty() { r#"["d", "hello.txt", "l"]"# } else { r#"["d", "l"]"# },
        "FileNotFoundError [Errno 2] No such file",
        "OSError Failure",
        "OSError Failure",
        "null",
        "null",
        "null",
        "FileNotFoundError [Errno 2] No such file",
    ];
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{shown}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "expected {expected}, got {line} in\n{shown}");
    }
}

fn moves_fifty_megabytes(place: &Place) {
    let desk = desk();
    let bytes: Vec<u8> = (0..50_000_000u32).map(|index| (index >> 8).to_le_bytes()[0]).collect();
    desk.write("up", &bytes);
    let steps = json!([["put", "up", place.path("a")], ["get", place.path("a"), "down"]]);
    assert_eq!(paramiko(&desk, place, &steps).ok(), "null\nnull\n");
    assert!(desk.read("down") == bytes, "the file came back changed");
}

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
