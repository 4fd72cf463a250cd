//! No input makes us panic, and none takes for ever.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::message;

/// A scenario with a bit of everything, to be spoilt.
const EVERYTHING: &str = r#"
name: all
description: Everything at once # and a comment
seed: 7
server: {charset: latin-1, delay: normal 1s 200ms, ftp: {greeting: 220 hi, without: [EPSV], passive-ports: 1-2}}
users: {alice: secret, bob: {password: "x", root: /home}}
files:
  /in/a.txt: "<x00FF> é"
  /in/<xE9>: {base64: AAEC, permissions: rwxr-x---, modified: "2031-01-01T00:00:00Z"}
  /d/: {}
rules:
  - {when: connect, per: address, limit: 8, reply: 421 Too many, then: close}
  - when: [upload, APPE]
    path: ["/in/*.csv", /a]
    at: 64KiB
    chance: 5%
    delay: 1s-3s
    reply: [120 soon, 5s, "550 <path>: <answer>"]
    keep: none
    goto: cut
  - {when: passive, state: cut, claim: [address 10.0.0.1, port 22]}
---
name: two
rules: [{when: idle, delay: 30s, reply: none, then: stall}]
"#;

/// Pieces that mean something to YAML or to us.
const PIECES: [&str; 28] = [
    "{", "}", "[", "]", ",", ": ", "\n", "  ", "- ", "#", " #", "\"", "'", "&a ", "*a", "!t ",
    "|\n", ">", "?", "<x0>", "<", "when: ", "rules:\n", "\u{feff}", "\u{85}", "---\n", "é", "\t",
];

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        message(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        message(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pieces_of_yaml_are_read_or_refused(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        message(&text);
    }

    #[test]
    fn a_spoilt_scenario_is_read_or_refused(
        spoilt in proptest::collection::vec((0..EVERYTHING.len(), 0..12usize, 0..PIECES.len()), 1..6)
    ) {
        let mut bytes = EVERYTHING.as_bytes().to_vec();
        for (at, length, piece) in spoilt {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, PIECES[piece].bytes());
        }
        message(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn values_of_any_text_are_read_or_refused(key in 0..12usize, value in "\\PC{0,40}") {
        let keys = ["when", "path", "times", "delay", "chance", "rate", "at", "reply", "send", "claim", "then", "keep"];
        let value = value.replace('\'', "''");
        message(&format!("rules:\n  - {{when: PWD, {}: '{value}'}}\n", keys[key]));
    }
}

#[test]
fn no_text_of_a_file_reaches_the_terminal_as_a_command() {
    let keys =
        ["when", "path", "times", "delay", "chance", "at", "reply", "claim", "then", "state", "on"];
    for key in keys {
        let text = format!(
            "rules:\n  - {{\"\\e[31m\": 1, {key}: \"\\e[31mx/\\e\"}}\nfiles: {{\"\\e\": \"<x0>\\e\"}}\n"
        );
        let message = message(&text);
        assert!(!message.contains('\u{1b}'), "{message}");
    }
}

#[test]
fn an_error_is_found_behind_any_number_of_warnings() {
    let text = format!("rules: [{} {{when: nothing}}]", "{when: PWD, send: ok?},".repeat(3_000));
    let message = message(&text);
    assert!(message.starts_with("warning") && message.contains("error: unknown event `nothing`"));
    assert!(message.ends_with("… and 2951 more"), "{message}");
}

/// Whether reading and telling takes no longer than a user waits, on a slow machine without optimization.
fn is_quick(text: &str) -> bool {
    let began = Instant::now();
    message(text);
    began.elapsed() < Duration::from_secs(20)
}

#[test]
fn nothing_takes_for_ever() {
    let size = 1 << 20;
    assert!(is_quick(&"[".repeat(size)));
    assert!(is_quick(&"{".repeat(size)));
    assert!(is_quick(&"a: ".repeat(size / 3)));
    assert!(is_quick(&format!("{{{}}}", "a,".repeat(size / 20))));
    assert!(is_quick(&format!("rules: [{}]", "{when: x},".repeat(size / 40))));
    assert!(is_quick(&format!("rules: [{}]", "{when: PWD, reply: 550 x},".repeat(size / 100))));
    assert!(is_quick(&format!("rules:\n  - {{when: PWD, reply: {}}}", "<".repeat(size / 4))));
    assert!(is_quick(&format!("{}\n", "a".repeat(size))));
    assert!(is_quick(&"- ".repeat(size / 2)));
}
