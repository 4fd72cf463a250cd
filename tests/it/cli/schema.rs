//! The JSON Schema of scenarios, in a real language server as editors run it.

use std::fs;
use std::path::{Path, PathBuf};

use super::badftp;
use crate::clients::Desk;
use crate::clients::editor::{SCHEMA, proposed, underlined};

/// What is underlined in a file of this text.
fn marks(yaml: &str) -> Vec<String> {
    let desk = Desk::with("s.yaml", yaml);
    underlined(Some(SCHEMA), &[desk.path("s.yaml")]).into_values().flatten().collect()
}

fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(SCHEMA).with_file_name("")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the scenarios can be listed") {
            let path = entry.expect("the scenarios can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn the_committed_schema_is_the_one_that_badftp_prints() {
    let committed = fs::read_to_string(SCHEMA).expect("the schema is in the repository");
    let printed = badftp(&Desk::new(), &["schema"]).ok();
    assert!(committed == printed, "renew it: `cargo run -- schema > scenarios/schema.json`");
}

#[test]
fn the_schema_is_no_scenario() {
    let listed = badftp(&Desk::new(), &["list"]).ok();
    assert!(!listed.contains("schema"), "{listed}");
    let shown = badftp(&Desk::new(), &["show", "schema"]);
    assert_eq!(shown.exit, 2, "{shown}");
}

#[test]
#[ignore = "needs node and yaml-language-server: tests/run"]
fn nothing_is_underlined_in_what_badftp_ships() {
    let files = shipped();
    assert!(files.len() >= 20, "{files:?}");
    for (file, marks) in underlined(Some(SCHEMA), &files) {
        assert_eq!(marks, [] as [String; 0], "{file}");
    }
}

/// An editor that is wrong is worse than one that says too little.
#[test]
#[ignore = "needs node and yaml-language-server: tests/run"]
fn what_passes_check_is_not_underlined() {
    let yaml = r#"
name: all-forms
description: "Every form of value there is."
symptom: |
  curl: (19)
seed: 42
server:
  charset: latin-1
  delay: normal 100ms 20ms
  rate: 256KiB/s
  chunk: 100B
  grace: 2m
  ftp: {greeting: 220 Hi, methods: [password], listing: dos, facts: [], dots: none, without: [EPRT],
    restart: zero-fill, passive-ports: 30000-30009}
users:
  ann: secret
  bob: {password: "1234", root: /home/bob}
files:
  /a: text
  /b.bin: {size: 1MiB, permissions: rw-r-----, modified: "2031-01-01T00:00:00Z", owner: ann}
  /c: {base64: aGk=}
  /d: {link: a}
  /e/: {permissions: rwxr-xr-x}
rules:
  - {when: upload, path: ["/in/*.csv", "**/x"], skip: 1, times: 2, for: 5s, chance: 0.5%, per: path, at: 64KiB,
     delay: 1s-3s, reply: 426, keep: none}
  - {when: [STOR, APPE], at: end, reply: ["226-odd", 1s, 226 Done], then: close 5s}
  - {when: connect, limit: 2, reply: 421 Too many, then: reset}
  - {when: upload, limit: 10MiB, per: user, reply: "552 Quota\n"}
  - {when: download, user: "a*", target: exists, at: 0B, data: eof, send: [a, "<x00FF>"]}
  - {when: passive, protocol: ftp, claim: address 10.0.0.1}
  - {when: PWD, state: start, goto: later, reply: none}
  - {when: CWD, state: later, argument: "x*", at: start, reply: "<answer>"}
expect:
  - {exit: nonzero}
  - {stored: /in/*.csv, size: 1B+}
  - {stored: /done/}
---
name: second
rules: []
expect: [{exit: 19}]
---
name: third
expect: [{exit: 1-5}]
"#;
    let desk = Desk::with("s.yaml", yaml);
    badftp(&desk, &["check", "s.yaml"]).ok();
    assert_eq!(marks(yaml), [] as [String; 0]);
}

#[test]
#[ignore = "needs node and yaml-language-server: tests/run"]
fn mistakes_are_underlined_with_the_words_of_check() {
    let yaml = "rules:
  - {when: upload, at: 64KB}
  - {when: uplaod}
  - {when: PWD, then: clos}
  - {when: PWD, chance: 0.2}
  - {when: PWD, delay: 5}
  - {when: PWD, reply: 42 No}
  - {when: PWD, times: twice}
  - {when: PWD, relpy: 550 No}
  - {reply: 550 No}
---
rulez: []
";
    let expected = [
        "2: expected `start`, a size, `end` or `failure`",
        "3: expected an event",
        "4: expected an ending of the session",
        "5: expected a percentage",
        "6: expected a duration or a range of durations",
        "7: expected `code text`, a list of lines and pauses, or `none`",
        "8: expected a count",
        "9: Property relpy is not allowed.",
        "10: Missing property \"when\".",
        "12: Property rulez is not allowed.",
    ];
    let mut marks = marks(yaml);
    marks.sort_by_key(|mark| mark.split(':').next().and_then(|line| line.parse::<u32>().ok()));
    assert_eq!(marks, expected);
}

#[test]
#[ignore = "needs node and yaml-language-server: tests/run"]
fn a_comment_is_enough_to_choose_the_schema() {
    let yaml = format!("# yaml-language-server: $schema={SCHEMA}\nrulez: []\n");
    let desk = Desk::with("s.yaml", yaml);
    let marks = underlined(None, &[desk.path("s.yaml")]);
    assert_eq!(marks.into_values().next(), Some(vec!["2: Property rulez is not allowed.".into()]));
}

#[test]
#[ignore = "needs node and yaml-language-server: tests/run"]
fn keys_words_and_samples_are_proposed() {
    let desk = Desk::with("s.yaml", "rules:\n  - when: upload\n    then: \n    \n");
    let file = desk.path("s.yaml");
    let words = proposed(&file, 1, 10);
    assert!(
        ["upload", "STOR"].iter().all(|word| words.iter().any(|other| other == word)),
        "{words:?}"
    );
    assert!(proposed(&file, 2, 10).contains(&"reset".to_owned()));
    let keys = proposed(&file, 3, 4);
    assert!(keys.contains(&"times".to_owned()), "{keys:?}");
}
