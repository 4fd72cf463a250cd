//! Weighs expectations and rules against what happened.

mod exit;
mod happens;
mod nearest;
mod rule;
mod seen;
mod stored;

use std::sync::Arc;

use super::exit::Ended;
use super::expectation::{Expectation, What};
use super::judgement::{Finding, Grade, Judgement, Subject};
use super::words::range;
use crate::engine::{Origin, Rule, Tally};
use crate::files::Files;
use crate::journal::{Record, Told};

pub use seen::Count;

/// Records shown with a finding.
const MOST_SHOWN: usize = 8;

/// What there is to judge by.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What was expected.
    pub expectations: &'a [Expectation],
    /// The rules, in file order.
    pub rules: &'a [Rule],
    /// How often each of them has fired.
    pub fired: &'a [u64],
    /// What became of the events that each rule's filters let pass.
    pub tallies: &'a [Tally],
    /// What happened, as far as it is kept.
    pub told: &'a Told,
    /// The files as they are in the end.
    pub files: &'a Files,
    /// How the command ended that `badftp run` started for the scenario, if it did.
    pub ended: Option<Ended>,
}

/// Finds out what is met. It takes its time where big files have to be digested.
#[must_use]
pub fn judge(evidence: &Evidence<'_>) -> Judgement {
    let expectations = evidence.expectations.iter().enumerate().map(|(place, expectation)| {
        let found = match &expectation.what {
            What::Happens(happens) => happens::judge(expectation, happens, evidence),
            What::Stored(stored) => stored::judge(expectation, stored, evidence.files),
            What::Exit(exit) => exit::judge(*exit, evidence.ended),
        };
        let expected = expectation.origin.sentence.to_string();
        found.finding(Subject::Expectation(place + 1), &expectation.origin, expected)
    });
    let rules = evidence.rules.iter().enumerate().map(|(place, rule)| {
        let found = rule::judge(place, rule, evidence);
        let fires = range(&rule.count.fires, u64::to_string);
        let expected = format!("fires {fires} times: {}", rule.origin.sentence);
        found.finding(Subject::Rule(place + 1), &rule.origin, expected)
    });
    let findings: Vec<Finding> = expectations.chain(rules).collect();
    let judges_exit = evidence.ended.is_some()
        && evidence.expectations.iter().any(|one| matches!(one.what, What::Exit(_)));
    Judgement { findings, judges_exit }
}

/// A finding, before it is known what it is about.
struct Found {
    grade: Grade,
    got: String,
    nearest: Option<String>,
    records: Vec<Arc<Record>>,
}

impl Found {
    fn new(grade: Grade, got: impl Into<String>) -> Self {
        Self { grade, got: got.into(), nearest: None, records: Vec::new() }
    }

    fn finding(mut self, subject: Subject, origin: &Origin, expected: String) -> Finding {
        let more = self.records.len().saturating_sub(MOST_SHOWN);
        self.records.truncate(MOST_SHOWN);
        Finding {
            subject,
            origin: origin.clone(),
            expected,
            grade: self.grade,
            got: self.got,
            nearest: self.nearest,
            records: self.records,
            more,
        }
    }
}
