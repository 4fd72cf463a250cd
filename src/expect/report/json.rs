//! For programs.

use serde_json::{Value, json};

use crate::expect::{Failing, Finding, Judgement, Subject};

/// The version of the shape.
const VERSION: u32 = 1;

/// A judgement in the documented shape.
#[must_use]
pub fn json(judgement: &Judgement) -> Value {
    let mut value = json!({
        "version": VERSION,
        "passed": judgement.passes(),
        "findings": judgement.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    if let Some(failing) = judgement.failing() {
        value["failing"] = json!(match failing {
            Failing::Expectation => "expectation",
            Failing::Rule => "rule",
        });
    }
    value
}

fn finding(finding: &Finding) -> Value {
    let (subject, number) = match finding.subject {
        Subject::Expectation(number) => ("expectation", number),
        Subject::Rule(number) => ("rule", number),
    };
    let records: Vec<Value> = finding.records.iter().map(|record| json!(**record)).collect();
    let mut value = json!({
        "subject": subject,
        "number": number,
        "file": *finding.origin.file,
        "line": finding.origin.line,
        "expected": finding.expected,
        "grade": finding.grade.word(),
        "got": finding.got,
        "records": records,
        "more": finding.more,
    });
    if let Some(nearest) = &finding.nearest {
        value["nearest"] = json!(nearest);
    }
    value
}
