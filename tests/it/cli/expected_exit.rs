//! `expect: [{exit: nonzero}]`: a client that rightly fails.

use serde_json::{Value, json};

use super::badftp;
use crate::clients::Desk;
use crate::run::Shown;

/// What `run` shows of a scenario and a shell's script, with its reports.
fn judged(scenario: &str, script: &str) -> (Shown, String, Value) {
    let desk = Desk::with("s.yaml", scenario);
    let reports = ["--timeout", "2s", "--junit", "junit.xml", "--report", "report.json"];
    let command = ["s.yaml", "--", "sh", "-c", script];
    let shown = badftp(&desk, &[&["run"], &reports[..], &command].concat());
    let junit = String::from_utf8(desk.read("junit.xml")).expect("XML is text");
    let report = serde_json::from_slice(&desk.read("report.json")).expect("a JSON object");
    (shown, junit, report)
}

#[test]
fn the_exit_code_of_run_says_whether_the_command_ended_as_expected() {
    for (expected, script, exit) in [
        ("nonzero", "exit 1", 0),
        ("nonzero", "exit 119", 0),
        ("nonzero", "exit 255", 0),
        ("nonzero", "exit 0", 120),
        ("nonzero", "exit 120", 120),
        ("nonzero", "exit 121", 120),
        ("nonzero", "exit 125", 120),
        ("nonzero", "exit 124", 124),
        ("nonzero", "exit 126", 126),
        ("nonzero", "no-such-command", 127),
        ("nonzero", "kill -KILL $$", 137),
        ("nonzero", "exec sleep 60", 124),
        ("19", "exit 19", 0),
        ("19", "exit 18", 120),
        ("1-5", "exit 5", 0),
        ("1-5", "exit 6", 120),
        ("0", "exit 0", 0),
        ("0", "exit 7", 120),
    ] {
        let (shown, junit, report) = judged(&format!("expect: [{{exit: {expected}}}]"), script);
        assert_eq!(shown.exit, exit, "{expected} by `{script}`: {shown}");
        assert_eq!(
            (&report["exit"], &report["scenarios"][0]["exit"]),
            (&json!(exit), &json!(exit))
        );
        // An unmet expectation is one failure; a command that has not ended by itself is another.
        let failures = match exit {
            0 => 0,
            120 => 1,
            _ => 2,
        };
        let counts = format!("tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"{failures}\"");
        assert!(junit.contains(&counts), "{expected} by `{script}`: {junit}");
        let passed = &report["scenarios"][0]["verdict"]["passed"];
        assert_eq!(passed, &json!(exit == 0), "{expected} by `{script}`: {report}");
    }
}

#[test]
fn a_command_that_is_not_there_keeps_its_code() {
    let desk = Desk::with("s.yaml", "expect: [{exit: nonzero}]");
    assert_eq!(badftp(&desk, &["run", "s.yaml", "--", "no-such-command"]).exit, 127);
    assert_eq!(badftp(&desk, &["run", "s.yaml", "--", "./s.yaml"]).exit, 126);
}

#[test]
fn an_expected_failure_proves_nothing_where_the_rule_never_fired() {
    let scenario = "rules: [{when: upload, reply: 552 Full}]\nexpect: [{exit: nonzero}]";
    let (shown, junit, report) = judged(scenario, "exit 1");
    assert_eq!(shown.exit, 121, "{shown}");
    assert!(shown.stderr.contains("fail: 1 of 1 expectations met, 0 of 1 rules"), "{shown}");
    assert!(junit.contains("tests=\"3\" skipped=\"0\" errors=\"0\" failures=\"1\""), "{junit}");
    assert_eq!(report["scenarios"][0]["verdict"]["failing"], "rule", "{report}");
}

#[test]
fn what_was_expected_and_what_was_got_is_said() {
    let (shown, ..) = judged("expect: [{exit: nonzero}]", "exit 0");
    let said =
        "unmet: expectation 1 at s.yaml:1: the command exited with 0\n  expected {exit: nonzero}\n";
    assert!(shown.stderr.starts_with(said), "{shown}");
}

/// Every client of ours can be told so, and `! badftp run` is wrong: it takes a typo for a failure.
#[test]
#[ignore = "needs curl: tests/run"]
fn curl_reports_a_full_disk() {
    let scenario = "rules: [{when: upload, reply: 552 Full}]\nexpect: [{exit: 25}]";
    let (shown, ..) = judged(scenario, "curl -sS -T s.yaml \"$BADFTP_FTP_URL/\"");
    assert_eq!(shown.exit, 0, "{shown}");
    let (shown, ..) = judged(scenario, "curl -sS -T s.yaml \"$BADFTP_FTP_URL/\" || true");
    assert_eq!(shown.exit, 120, "{shown}");
}

/// What is required of a client is no failure of one that does it.
#[test]
#[ignore = "needs curl: tests/run"]
fn a_client_that_resumes_its_tls_passes_where_that_is_required() {
    let script = r#"curl -sSk --ssl-reqd "$BADFTP_FTP_URL/hello.txt" "$BADFTP_FTP_URL/hello.txt""#;
    for scenario in ["ftps/session-reuse-required", "ftps/session-reuse-required/close"] {
        let shown = badftp(&Desk::new(), &["run", scenario, "--", "sh", "-c", script]);
        assert_eq!(shown.exit, 0, "{shown}");
    }
}
