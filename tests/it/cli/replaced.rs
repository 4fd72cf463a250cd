//! Scenarios that the command under `run` loads itself.

use serde_json::{Value, json};

use super::badftp;
use crate::clients::Desk;
use crate::run::Shown;

/// What `run` shows of a script that may `put` and `delete` scenarios, with its reports.
fn judged(desk: &Desk, scenarios: &[&str], script: &str) -> (Shown, String, Value) {
    let functions = "ask() { curl -sS --fail-with-body \"$@\"; echo; }
put() { ask -X PUT --data-binary \"$1\" \"$BADFTP_CONTROL_URL/scenario\"; }
delete() { ask -X DELETE \"$BADFTP_CONTROL_URL/scenario\"; }
reset() { ask -X POST \"$BADFTP_CONTROL_URL/reset\"; }
";
    let script = format!("set -e\n{functions}{script}");
    let reports = ["--junit", "junit.xml", "--report", "report.json"];
    let command = ["--", "sh", "-c", &script];
    let shown = badftp(desk, &[&["run"], &reports[..], scenarios, &command].concat());
    let junit = String::from_utf8(desk.read("junit.xml")).expect("XML is text");
    let report = serde_json::from_slice(&desk.read("report.json")).expect("a JSON object");
    (shown, junit, report)
}

/// The scenarios of a JSON report, each with its exit code, and whether a command was started for it.
fn told(report: &Value) -> Vec<(String, u64, bool)> {
    let scenarios = report["scenarios"].as_array().expect("scenarios").iter();
    let one = |case: &Value| {
        let name = case["scenario"].as_str().expect("a name").to_owned();
        (name, case["exit"].as_u64().expect("a code"), case["command"].is_object())
    };
    scenarios.map(one).collect()
}

/// The suites of an XML report, each with its failures.
fn suites(junit: &str) -> Vec<(String, String)> {
    let value = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).expect("an attribute");
        rest.split_once('"').expect("its end").0.to_owned()
    };
    let suites = junit.split("<testsuite ").skip(1);
    suites.map(|suite| (value(suite, "name"), value(suite, "failures"))).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const UNMET: &str = "name: unmet
expect: [{when: upload}]";

#[test]
#[ignore = "needs curl: tests/run"]
fn one_that_stays_unmet_fails_the_run_although_another_has_replaced_it() {
    let script = format!("put '{UNMET}'\nput 'name: met\nexpect: [{{when: upload, times: 0}}]'");
    let (shown, junit, report) = judged(&Desk::new(), &[], &script);
    assert_eq!(shown.exit, 120, "{shown}");
    let said = "in unmet:\nunmet: expectation 1 at inline:2: it never happened\n";
    assert!(shown.stderr.contains(said), "{shown}");
    assert!(!shown.stderr.contains("in met"), "{shown}");
    let expected = [
        ("healthy".to_owned(), 0, true),
        ("unmet".to_owned(), 120, false),
        ("met".to_owned(), 0, false),
    ];
    assert_eq!(told(&report), expected, "{report}");
    assert_eq!(report["exit"], 120);
    assert_eq!(suites(&junit), owned(&[("healthy", "0"), ("unmet", "1"), ("met", "0")]), "{junit}");
    assert!(
        junit.contains(
            "<testsuites name=\"badftp\" tests=\"3\" skipped=\"0\" errors=\"0\" failures=\"1\""
        ),
        "{junit}"
    );
    // The test that loads it has the verdict at once.
    let answer = shown.stdout.lines().nth(1).expect("an answer to the second");
    let answer: Value = serde_json::from_str(answer).expect("a JSON object");
    assert_eq!(answer["replaced"]["scenario"], "unmet");
    assert_eq!(answer["replaced"]["verdict"], report["scenarios"][1]["verdict"]);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_rule_of_a_shipped_scenario_that_never_fired_fails_it_too() {
    let (shown, junit, report) = judged(&Desk::new(), &[], "put ftp/data-425\ndelete");
    assert_eq!(shown.exit, 121, "{shown}");
    let expected = [("healthy".to_owned(), 0, true), ("ftp/data-425".to_owned(), 121, false)];
    assert_eq!(told(&report), expected, "{report}");
    assert_eq!(suites(&junit), owned(&[("healthy", "0"), ("ftp/data-425", "1")]), "{junit}");
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_scenario_that_run_begins_with_is_judged_when_it_is_replaced() {
    let desk = Desk::with("s.yaml", "expect: [{when: download}]");
    let (shown, junit, report) = judged(&desk, &["s.yaml"], "delete");
    assert_eq!(shown.exit, 120, "{shown}");
    assert!(shown.stderr.starts_with("unmet: expectation 1 at s.yaml:1: "), "{shown}");
    assert_eq!(told(&report), [("s.yaml".to_owned(), 120, true)], "{report}");
    assert_eq!(suites(&junit), owned(&[("s.yaml", "1")]), "{junit}");
    assert!(junit.contains("name=\"command: sh -c "), "{junit}");

    let script = "curl -sS \"$BADFTP_FTP_URL/hello.txt\"\ndelete";
    let (shown, _, report) = judged(&desk, &["s.yaml"], script);
    assert_eq!(shown.exit, 0, "{shown}");
    assert_eq!(report["scenarios"][0]["verdict"]["passed"], true, "{report}");
}

/// Nobody knows how a command will end that still runs.
#[test]
#[ignore = "needs curl: tests/run"]
fn an_exit_is_not_judged_of_a_scenario_that_is_replaced() {
    let desk = Desk::with("s.yaml", "expect: [{exit: nonzero}]");
    let (shown, junit, report) = judged(&desk, &["s.yaml"], "delete\nexit 3");
    assert_eq!(shown.exit, 3, "{shown}");
    assert!(
        shown.stderr.contains("skipped: expectation 1 at s.yaml:1: not judged here"),
        "{shown}"
    );
    assert_eq!(report["scenarios"][0]["verdict"]["findings"][0]["grade"], "skipped", "{report}");
    assert!(junit.contains("tests=\"2\" skipped=\"1\" errors=\"0\" failures=\"1\""), "{junit}");
    // The one that it has loaded itself was not started with a command either.
    let (shown, ..) = judged(&desk, &[], "put 'expect: [{exit: nonzero}]'\nexit 3");
    assert_eq!(shown.exit, 3, "{shown}");
    let (shown, ..) = judged(&desk, &[], "put 'expect: [{exit: nonzero}]'");
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(shown.stderr.contains("skipped: expectation 1 at inline:1"), "{shown}");
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_reset_throws_away_what_was_unmet_and_says_so() {
    let script = "put 'expect: [{when: login, times: 0}]'
curl -sS \"$BADFTP_FTP_URL/hello.txt\"
reset";
    let (shown, _, report) = judged(&Desk::new(), &[], script);
    assert_eq!(shown.exit, 0, "{shown}");
    assert!(
        shown.stdout.contains("\"discarded\":\"what happened until now gets no verdict\""),
        "{shown}"
    );
    assert_eq!(report["scenarios"][1]["verdict"]["passed"], true, "{report}");
}

#[test]
#[ignore = "needs curl: tests/run"]
fn several_runs_tell_their_scenarios_apart() {
    let desk = Desk::with("a.yaml", "description: A.");
    desk.write("b.yaml", "description: B.");
    let script = format!("test \"$BADFTP_RUN_SCENARIO\" = a.yaml || put '{UNMET}'");
    let (shown, _, report) = judged(&desk, &["a.yaml", "b.yaml"], &script);
    assert_eq!(shown.exit, 120, "{shown}");
    let expected = [
        ("a.yaml".to_owned(), 0, true),
        ("b.yaml".to_owned(), 0, true),
        ("unmet".to_owned(), 120, false),
    ];
    assert_eq!(told(&report), expected, "{report}");
    assert!(shown.stderr.ends_with("3 scenarios: 2 passed, 1 failed\n"), "{shown}");
    assert_eq!(json!(shown.exit), report["exit"]);
}
