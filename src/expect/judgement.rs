//! What comes of judging.

use std::sync::Arc;

use crate::engine::Origin;
use crate::journal::Record;

/// What was found of each expectation and each rule.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// The expectations in file order, then the rules.
    pub findings: Vec<Finding>,
    /// Whether one of the expectations has judged how the command ended.
    pub judges_exit: bool,
}

/// Why a judgement is no pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// An expectation is unmet, or cannot be known to be met.
    Expectation,
    /// A rule did not fire as often as it should have.
    Rule,
}

/// What was found of one expectation, or of one rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which of the two.
    pub subject: Subject,
    /// Where it was written.
    pub origin: Origin,
    /// What was written, in one line.
    pub expected: String,
    /// Whether it is met.
    pub grade: Grade,
    /// What was seen instead, in a sentence.
    pub got: String,
    /// What came nearest, and what kept it from being what was expected.
    pub nearest: Option<String>,
    /// The records that matter, the first of them.
    pub records: Vec<Arc<Record>>,
    /// How many more there are.
    pub more: usize,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An expectation, by its number from 1.
    Expectation(usize),
    /// A rule, by its number from 1.
    Rule(usize),
}

/// Whether something is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It is.
    Met,
    /// It is about a command, and none has ended here.
    Skipped,
    /// The journal has forgotten too much to tell.
    Inconclusive,
    /// It is not.
    Unmet,
}

impl Finding {
    /// Whether it is not met, or cannot be known to be.
    #[must_use]
    pub fn fails(&self) -> bool {
        matches!(self.grade, Grade::Inconclusive | Grade::Unmet)
    }

    /// `rule 3 at retry.yaml:9`
    #[must_use]
    pub fn title(&self) -> String {
        match self.subject {
            Subject::Expectation(number) => format!("expectation {number} at {}", self.origin),
            Subject::Rule(number) => format!("rule {number} at {}", self.origin),
        }
    }
}

impl Grade {
    /// The word of the reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Skipped => "skipped",
            Self::Inconclusive => "inconclusive",
            Self::Unmet => "unmet",
        }
    }
}

impl Judgement {
    /// Whether everything is met.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.failing().is_none()
    }

    /// Why it is no pass. An expectation weighs more than a rule: it is about the client.
    #[must_use]
    pub fn failing(&self) -> Option<Failing> {
        let fails = |about: fn(&Subject) -> bool| self.failures().any(|one| about(&one.subject));
        if fails(|subject| matches!(subject, Subject::Expectation(_))) {
            return Some(Failing::Expectation);
        }
        fails(|subject| matches!(subject, Subject::Rule(_))).then_some(Failing::Rule)
    }

    /// What is not judged here.
    pub fn skipped(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.grade == Grade::Skipped)
    }

    /// What is not met.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.fails())
    }
}
