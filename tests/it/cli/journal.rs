//! `--journal FILE`: a JSON object a line, in the shape that is documented.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::badftp::Badftp;
use crate::session::Session;

/// Version 1 of the shape.
const FIELDS: [&str; 28] = [
    "version",
    "sequence",
    "run",
    "time",
    "began",
    "acted",
    "answered",
    "ended",
    "held",
    "connection",
    "protocol",
    "client",
    "event",
    "wire",
    "argument",
    "user",
    "path",
    "target",
    "method",
    "tls",
    "rule",
    "fired",
    "answer",
    "offset",
    "bytes",
    "outcome",
    "cause",
    "detail",
];

const SCENARIO: &str = "rules:
  - when: download
    at: 5B
    data: close
    reply: 426 Aborted
";

/// All that is written of a session that makes a folder and loses a download.
fn journal() -> Vec<Value> {
    let mut badftp = Badftp::with_yaml(SCENARIO);
    let mut session = Session::logged_in(badftp.port());
    session.ask("MKD /made-by-a-test");
    let data = session.data();
    session.ask("RETR hello.txt");
    session.ask("QUIT");
    let mut stream = session.into_stream();
    std::io::copy(&mut stream, &mut std::io::sink()).expect("the server hangs up");
    drop(data);
    badftp.end_by(Signal::TERM, Duration::from_secs(5)).expect("it should have ended");
    badftp.journal()
}

#[test]
fn the_records_are_of_the_documented_version_and_counted_without_gaps() {
    let journal = journal();
    assert!(journal.len() > 5, "{journal:?}");
    for (record, number) in journal.iter().zip(1..) {
        assert_eq!(record["version"], 2, "{record}");
        assert_eq!(record["sequence"], number, "{record}");
        let fields = record.as_object().expect("a record is an object").keys();
        let unknown: Vec<&String> =
            fields.filter(|field| !FIELDS.contains(&field.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?} in {record}");
    }
}

#[test]
fn what_a_rule_did_is_told_in_full() {
    let journal = journal();
    let mut download =
        journal.into_iter().find(|record| record["event"] == "download").expect("a download");
    let record = download.as_object_mut().expect("a record is an object");
    for varying in ["time", "began", "acted", "answered", "ended", "client"] {
        assert!(record.remove(varying).is_some(), "`{varying}` is missing");
    }
    let file = record["rule"]["file"].as_str().expect("a rule is in a file").to_owned();
    assert!(file.ends_with("scenario.yaml"), "{file}");
    let expected = json!({
        "version": 2, "sequence": 7, "run": 1, "connection": 1, "protocol": "ftp",
        "event": "download", "wire": "RETR", "argument": "hello.txt", "user": "ann", "path": "/hello.txt",
        "target": "file", "tls": "none", "offset": 0,
        "rule": {"file": file, "line": 2}, "fired": true,
        "answer": ["150 Opening ASCII mode data connection for /hello.txt (19 bytes).", "426 Aborted"],
        "bytes": 5, "outcome": "failed", "cause": "rule", "detail": "at 5 bytes, data close",
    });
    assert_eq!(download, expected);
}

#[test]
fn a_session_has_its_beginning_and_its_end_and_no_password() {
    let journal = journal();
    assert_eq!(journal.first().map(|record| &record["event"]), Some(&json!("connect")));
    assert_eq!(journal.last().map(|record| &record["event"]), Some(&json!("end")));
    let text = json!(journal).to_string();
    assert!(text.contains("/made-by-a-test") && text.contains("***"), "{text}");
    assert!(!text.contains("a-secret"), "{text}");
}
