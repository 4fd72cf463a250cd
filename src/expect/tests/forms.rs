//! The report in its other forms.

use std::time::Duration;

use insta::assert_snapshot;

use super::Story;
use super::deed::{deed, stor};
use crate::expect::{Failing, report};

const SCENARIO: &str = "rules:
  - {when: upload, at: 64KiB, reply: 426 Cut}
expect:
  - {when: upload, times: 0}
  - {when: connect}
";

fn story() -> Story {
    Story::of(SCENARIO).with([deed("connect"), stor("/<a>\u{7}").lasting(10, 20).moving(5)])
}

#[test]
fn programs_get_json() {
    let mut json = report::json(&story().judged());
    for record in json["findings"][0]["records"].as_array_mut().unwrap() {
        *record = record["wire"].take();
    }
    json["findings"][2]["records"].take();
    assert_snapshot!(format!("{json:#}"), @r#"
    {
      "failing": "expectation",
      "findings": [
        {
          "expected": "{when: upload, times: 0}",
          "file": "s.yaml",
          "got": "it happened once",
          "grade": "unmet",
          "line": 4,
          "more": 0,
          "number": 1,
          "records": [
            "STOR"
          ],
          "subject": "expectation"
        },
        {
          "expected": "{when: connect}",
          "file": "s.yaml",
          "got": "it happened once",
          "grade": "met",
          "line": 5,
          "more": 0,
          "number": 2,
          "records": [],
          "subject": "expectation"
        },
        {
          "expected": "fires 1+ times: {when: upload, at: 64KiB, reply: 426 Cut}",
          "file": "s.yaml",
          "got": "it never fired",
          "grade": "unmet",
          "line": 2,
          "more": 0,
          "nearest": "it matched once, but the transfer ended at 5 bytes, before `at: 64KiB`",
          "number": 1,
          "records": null,
          "subject": "rule"
        }
      ],
      "passed": false,
      "version": 1
    }
    "#);
}

#[test]
fn ci_systems_get_xml() {
    let judged = story().judged();
    let time = Duration::from_millis(1203);
    let suite = |name, failure: Option<&str>| report::Suite {
        name,
        time,
        command: Some(report::Command {
            line: "curl <url>".to_owned(),
            failure: failure.map(str::to_owned),
        }),
        judgement: &judged,
    };
    let failed = Some("the command exited with 19");
    let xml = report::junit([suite("ftp/cut", failed), suite("ftp/cut/twice", None)]);
    let first = xml.split_inclusive("</testsuite>").next().unwrap();
    assert_snapshot!(first, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="badftp" tests="8" skipped="0" errors="0" failures="5" time="2.406">
        <testsuite name="ftp/cut" tests="4" skipped="0" errors="0" failures="3" time="1.203">
            <testcase name="command: curl &lt;url&gt;" classname="ftp/cut" time="1.203">
                <failure message="the command exited with 19" type="command">the command exited with 19</failure>
            </testcase>
            <testcase name="expectation 1 at s.yaml:4: {when: upload, times: 0}" classname="ftp/cut" time="0.000">
                <failure message="it happened once" type="unmet">unmet: expectation 1 at s.yaml:4: it happened once
      expected {when: upload, times: 0}
             2    0.010s #1 ftp STOR /&lt;a&gt;&lt;x07&gt; (5 bytes)
    </failure>
            </testcase>
            <testcase name="expectation 2 at s.yaml:5: {when: connect}" classname="ftp/cut" time="0.000"/>
            <testcase name="rule 1 at s.yaml:2: fires 1+ times: {when: upload, at: 64KiB, reply: 426 Cut}" classname="ftp/cut" time="0.000">
                <failure message="it never fired" type="unmet">unmet: rule 1 at s.yaml:2: it never fired
      expected fires 1+ times: {when: upload, at: 64KiB, reply: 426 Cut}
      nearest  it matched once, but the transfer ended at 5 bytes, before `at: 64KiB`
             2    0.010s #1 ftp STOR /&lt;a&gt;&lt;x07&gt; (5 bytes)
    </failure>
            </testcase>
        </testsuite>
    "#);
    assert_eq!(xml.matches("<testsuite ").count(), 2);
}

#[test]
fn an_expectation_weighs_more_than_a_rule() {
    let mut judged = story().judged();
    assert_eq!(judged.failing(), Some(Failing::Expectation));
    judged.findings.remove(0);
    assert_eq!(judged.failing(), Some(Failing::Rule));
    judged.findings.pop();
    assert!(judged.passes());
}

#[test]
fn where_nothing_was_asked_nothing_is_said() {
    assert_eq!(Story::of("description: healthy").with([deed("connect")]).report(), "");
}
