//! Expectations of the command's exit, in every report.

use std::time::Duration;

use insta::assert_snapshot;

use super::Story;
use crate::expect::{Ended, Judgement, report};

const NONZERO: &str = "expect: [{exit: nonzero}]";

fn xml(judgement: &Judgement) -> String {
    report::junit([report::Suite {
        name: "s.yaml",
        time: Duration::from_secs(1),
        command: None,
        judgement,
    }])
}

#[test]
fn a_command_is_to_fail() {
    let story = |ended| Story::of(NONZERO).ending(ended);
    assert_snapshot!(story(Ended::Exited(19)).report(), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(story(Ended::Exited(0)).report(), @r"
    unmet: expectation 1 at s.yaml:1: the command exited with 0
      expected {exit: nonzero}

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(story(Ended::Exited(121)).report(), @r"
    unmet: expectation 1 at s.yaml:1: the command exited with 121
      expected {exit: nonzero}
      nearest  `nonzero` is 1 to 119, and 255

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(story(Ended::TimedOut).report(), @r"
    unmet: expectation 1 at s.yaml:1: the command's time was over
      expected {exit: nonzero}
      nearest  only a code that the command exits with by itself is expected

    fail: 0 of 1 expectations met
    ");
    assert!(story(Ended::Exited(0)).judged().judges_exit);
}

#[test]
fn where_no_command_has_ended_every_report_says_that_it_was_not_judged() {
    let judged = Story::of("expect: [{exit: 19}, {when: upload, times: 0}]").judged();
    assert!(judged.passes() && !judged.judges_exit);
    assert_snapshot!(judged.to_string(), @r"
    skipped: expectation 1 at s.yaml:1: not judged here: no command has ended in this scenario
      expected {exit: 19}

    pass: 1 of 1 expectations met, 1 expectation skipped
    ");
    assert_snapshot!(Story::of(NONZERO).report(), @r"
    skipped: expectation 1 at s.yaml:1: not judged here: no command has ended in this scenario
      expected {exit: nonzero}

    pass: 1 expectation skipped
    ");
    let json = report::json(&judged);
    assert_eq!((&json["passed"], &json["findings"][0]["grade"]), (&true.into(), &"skipped".into()));
    assert_snapshot!(xml(&judged), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="badftp" tests="2" skipped="1" errors="0" failures="0" time="1.000">
        <testsuite name="s.yaml" tests="2" skipped="1" errors="0" failures="0" time="1.000">
            <testcase name="expectation 1 at s.yaml:1: {exit: 19}" classname="s.yaml" time="0.000">
                <skipped message="not judged here: no command has ended in this scenario"/>
            </testcase>
            <testcase name="expectation 2 at s.yaml:1: {when: upload, times: 0}" classname="s.yaml" time="0.000"/>
        </testsuite>
    </testsuites>
    "#);
}
