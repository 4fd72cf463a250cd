//! For CI systems: the XML that began with Ant's `junit` task.

use anstream::adapter::strip_str;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::text::told;
use crate::expect::{Finding, Grade, Judgement};

/// Judgements in that XML: a suite for each, with the scenario's name.
#[must_use]
pub fn junit<'j>(judgements: impl IntoIterator<Item = (&'j str, &'j Judgement)>) -> String {
    let mut report = Report::new("badftp");
    for (scenario, judgement) in judgements {
        let mut suite = TestSuite::new(scenario);
        suite.add_test_cases(judgement.findings.iter().map(|finding| case(scenario, finding)));
        report.add_test_suite(suite);
    }
    // It writes to memory, which takes everything.
    report.to_string().unwrap_or_default()
}

fn case(scenario: &str, finding: &Finding) -> TestCase {
    let status = if finding.grade == Grade::Met {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.grade.word());
        status.set_message(&finding.got);
        status.set_description(strip_str(&told(finding)).to_string());
        status
    };
    let name = format!("{}: {}", finding.title(), finding.expected);
    let mut case = TestCase::new(name, status);
    case.set_classname(scenario);
    case
}
