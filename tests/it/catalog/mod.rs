//! Every shipped document before a client that meets its fault: each of its rules fires as it should, and `run` exits as
//! the document says.
//!
//! A line of the tables is a document, a client, what the client does, and the code that it exits with. `run` exits with the
//! same code, or with 0 where the document expects an `exit`. Clients are impatient, for many faults are silences.

mod clients;
mod ftp;
mod ftps;
mod sftp;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use serde_json::Value;

use crate::cli::badftp;
use crate::clients::Desk;
use crate::sftp::clients::identity;

use clients::{Action, Client};

type Line = (&'static str, Client, Action, i32);

#[test]
fn each_document_has_one_line() {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for (document, ..) in [ftp::TABLE, ftps::TABLE, sftp::TABLE].concat() {
        *lines.entry(document).or_default() += 1;
    }
    let list = badftp(&Desk::new(), &["list"]).ok();
    let documents: Vec<&str> =
        list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let missing: Vec<_> = documents.iter().filter(|name| !lines.contains_key(**name)).collect();
    let unknown: Vec<_> = lines.keys().filter(|name| !documents.contains(*name)).collect();
    let twice: Vec<_> = lines.iter().filter(|(_, count)| **count > 1).collect();
    assert!(
        missing.is_empty() && unknown.is_empty() && twice.is_empty(),
        "without a line: {missing:?}\nnot shipped: {unknown:?}\nmore than once: {twice:?}"
    );
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn ftp_documents_meet_a_client() {
    all_are_met(ftp::TABLE, 5);
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn ftps_documents_meet_a_client() {
    all_are_met(ftps::TABLE, 2);
}

#[test]
#[ignore = "needs sftp, scp, curl and paramiko: tests/run"]
fn sftp_documents_meet_a_client() {
    all_are_met(sftp::TABLE, 5);
}

/// So many at once, since most of the time is spent in silence.
#[track_caller]
fn all_are_met(table: &[Line], at_once: usize) {
    let lines = Mutex::new(table.iter());
    let next = || lines.lock().expect("no line panics here").next();
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(line) = next() {
                    if let Err(why) = is_met(*line) {
                        wrong.lock().expect("pushing does not panic").push(why);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("pushing does not panic");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

fn is_met((document, client, action, exit): Line) -> Result<(), String> {
    let script = client.script(action);
    let desk = Desk::new();
    // curl takes a key of that name of its own accord.
    if script.contains("id_rsa") {
        identity(&desk);
    }
    for (name, size) in [("small", 300), ("big", 200_000), ("huge", 2_000_000)] {
        if script.contains(name) {
            desk.write(name, vec![b'x'; size]);
        }
    }
    let run = ["run", "--timeout", "30s", "--report", "report.json"];
    let shown = badftp(&desk, &[&run[..], &[document, "--", "sh", "-c", &script]].concat());
    let wrong = |why: &str| Err(format!("{document}: {why}\n{script}\n{shown}"));
    let Ok(report) = std::fs::read(desk.path("report.json")) else {
        return wrong("there is no report");
    };
    let report: Value = serde_json::from_slice(&report).expect("the report is JSON");
    let scenario = &report["scenarios"][0];
    if scenario["command"]["exit"] != exit {
        return wrong(&format!("the client should exit with {exit}"));
    }
    if scenario["verdict"]["failing"] == "rule" {
        return wrong("a rule has not fired as it should");
    }
    let due = if expects_an_exit(&scenario["verdict"]) { 0 } else { exit };
    if shown.exit != due {
        return wrong(&format!("`run` should exit with {due}"));
    }
    Ok(())
}

fn expects_an_exit(verdict: &Value) -> bool {
    let findings = verdict["findings"].as_array().expect("a verdict has findings");
    let expected = |finding: &Value| finding["expected"].as_str().unwrap_or_default().to_owned();
    findings.iter().any(|finding| {
        finding["subject"] == "expectation" && expected(finding).starts_with("{exit:")
    })
}
