//! The recipes, run as their first lines say.

mod compose;
mod github;
mod kubernetes;
mod service;
mod testcontainers;

use std::path::Path;

use serde_json::Value;

use crate::clients::{Desk, PYTHON, TESTS};
use crate::run::{Shown, run};

const BADFTP: &str = env!("CARGO_BIN_EXE_badftp");

/// A desk with a recipe's files on it.
fn recipe(name: &str) -> Desk {
    let desk = Desk::new();
    for entry in std::fs::read_dir(Path::new(TESTS).join("recipes").join(name)).expect("a recipe") {
        let path = entry.expect("a file of the recipe").path();
        if path.is_file() {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            desk.write(name, std::fs::read(&path).expect("it can be read"));
        }
    }
    desk
}

fn badftp(desk: &Desk, arguments: &[&str]) -> Shown {
    run(desk
        .command(BADFTP)
        .env("NODE_PATH", format!("{TESTS}/clients/node_modules"))
        .args(arguments))
}

/// pytest, without a cache that it leaves behind.
fn pytest<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["--", PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"], more].concat()
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_script() {
    let line = ["run", "retry.yaml", "--", "sh", "upload.sh", "report.csv"];
    badftp(&recipe("shell"), &line).ok();
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_script_that_does_not_come_again_is_found_out() {
    let desk = recipe("shell");
    let line = "curl -sS -T report.csv \"$BADFTP_FTP_URL/\" || true";
    let shown = badftp(&desk, &["run", "retry.yaml", "--", "sh", "-c", line]);
    assert_eq!(shown.exit, 120, "{shown}");
    assert!(shown.stderr.contains("expectation 1 at retry.yaml:5: it happened once"), "{shown}");
}

#[test]
#[ignore = "needs pytest: tests/run"]
fn a_pytest_suite() {
    let shown = badftp(&recipe("pytest"), &[&["run"], &pytest(&[])[..]].concat());
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(shown.stdout.contains("5 passed"), "{shown}");
}

/// One of two expectations is met: by the exit code, by both XML files, and by nothing that is left running.
#[test]
#[ignore = "needs pytest: tests/run"]
fn a_pytest_suite_with_one_expectation_that_is_not_met() {
    let desk = recipe("pytest");
    let broken = "
import pytest
from test_upload import report, send


@pytest.mark.scenario('''
rules: [{when: upload, times: 1, reply: \"450 Busy\"}]
expect: [{when: upload, times: 2}]
''')
def test_met(badftp, report):
    send(badftp, report, pause=0)


@pytest.mark.scenario('''
rules: [{when: upload, times: 1, reply: \"450 Busy\"}]
expect: [{when: upload, times: 2, gap: 30s+}]
''')
def test_unmet(badftp, report):
    send(badftp, report, pause=0)
";
    desk.write("test_broken.py", broken);
    let pytest = pytest(&["test_broken.py", "--junit-xml", "pytest.xml"]);
    let shown = badftp(&desk, &[&["run", "--junit", "badftp.xml"], &pytest[..]].concat());
    assert_eq!(shown.exit, 1, "{shown}");
    assert!(shown.stdout.contains("2 passed, 1 error"), "{shown}");
    assert!(shown.stdout.contains("unmet: expectation 1 at inline:3"), "{shown}");
    let junit = |name: &str| String::from_utf8(desk.read(name)).expect("XML is text");
    assert!(junit("pytest.xml").contains("errors=\"1\""), "{}", junit("pytest.xml"));
    // pytest failed, and so did what it was about.
    assert!(junit("badftp.xml").contains("failures=\"2\""), "{}", junit("badftp.xml"));
}

#[test]
#[ignore = "needs node: tests/run"]
fn a_suite_of_node() {
    let shown = badftp(&recipe("node"), &["run", "--", "node", "--test"]);
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(shown.stdout.contains("pass 2") && shown.stdout.contains("fail 0"), "{shown}");
}

/// A line of a shell with these variables, as GitHub runs a step.
fn step<'a>(
    desk: &Desk,
    line: &str,
    variables: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Shown {
    run(desk.command("bash").envs(variables).args(["-e", "-c", line]))
}

fn words(list: &Value) -> Vec<&str> {
    let words = list.as_array().expect("a list").iter();
    words.map(|word| word.as_str().expect("a word")).collect()
}
