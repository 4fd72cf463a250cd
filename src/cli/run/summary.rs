//! How the command fared in each scenario.

use std::fmt;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use serde_json::json;

use super::command::Ended;
use crate::expect::{Failing, Judgement, report};

/// An expectation is not met.
const EXIT_EXPECTATION: u8 = 120;
/// A rule never fired.
const EXIT_RULE: u8 = 121;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What came of one scenario.
pub(super) struct Case {
    pub(super) scenario: String,
    pub(super) ended: Ended,
    /// How long the command took.
    pub(super) took: Duration,
    pub(super) judgement: Judgement,
}

/// What came of the scenarios so far.
pub(super) struct Summary {
    command: String,
    all: usize,
    cases: Vec<Case>,
}

/// What decides the exit code, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Failed {
    /// The command itself.
    Command,
    /// An expectation.
    Expectation,
    /// A rule.
    Rule,
}

impl Case {
    fn failed(&self) -> Option<Failed> {
        if self.ended.exit_code() != 0 {
            return Some(Failed::Command);
        }
        self.judgement.failing().map(|failing| match failing {
            Failing::Expectation => Failed::Expectation,
            Failing::Rule => Failed::Rule,
        })
    }

    fn exit_code(&self) -> u8 {
        match self.failed() {
            None => 0,
            Some(Failed::Command) => self.ended.exit_code(),
            Some(Failed::Expectation) => EXIT_EXPECTATION,
            Some(Failed::Rule) => EXIT_RULE,
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failed() {
            Some(Failed::Expectation) => f.write_str("an expectation is not met"),
            Some(Failed::Rule) => f.write_str("a rule did not fire as it should"),
            Some(Failed::Command) | None => self.ended.fmt(f),
        }
    }
}

impl Summary {
    /// Of this command in so many scenarios, before the first of them.
    pub(super) fn of(command: String, all: usize) -> Self {
        Self { command, all, cases: Vec::new() }
    }

    /// Says which one it is now, if there are several.
    pub(super) fn begin(&self, scenario: &str) {
        if self.all > 1 {
            let number = self.cases.len() + 1;
            anstream::eprintln!("{DIM}[{number}/{}]{DIM:#} {scenario}", self.all);
        }
    }

    /// Notes what came of it.
    pub(super) fn add(&mut self, case: Case) {
        self.cases.push(case);
    }

    /// Prints a line for each, if there are several.
    pub(super) fn print(&self) {
        if self.all < 2 {
            return;
        }
        let width = self.cases.iter().map(|case| case.scenario.len()).max().unwrap_or(0);
        anstream::eprintln!();
        for case in &self.cases {
            let (scenario, took) = (&case.scenario, format!("{:.3}s", case.took.as_secs_f64()));
            match case.exit_code() {
                0 => anstream::eprintln!("{GOOD}ok    {GOOD:#} {scenario:width$} {took:>9}"),
                _ => anstream::eprintln!("{BAD}failed{BAD:#} {scenario:width$} {took:>9}  {case}"),
            }
        }
        let failed = self.cases.iter().filter(|case| case.exit_code() != 0).count();
        let passed = self.cases.len() - failed;
        let left = match self.all - self.cases.len() {
            0 => String::new(),
            left => format!(", {left} not run"),
        };
        anstream::eprintln!("\n{} scenarios: {passed} passed, {failed} failed{left}", self.all);
    }

    /// A command that failed weighs most, then an expectation, then a rule; of the same weight, the first.
    pub(super) fn exit_code(&self) -> u8 {
        let failed = self.cases.iter().filter(|case| case.failed().is_some());
        failed.min_by_key(|case| case.failed()).map_or(0, Case::exit_code)
    }

    /// For CI systems.
    pub(super) fn junit(&self) -> String {
        report::junit(self.cases.iter().map(|case| {
            let failed = case.ended.exit_code() != 0;
            let failure = failed.then(|| case.ended.to_string());
            let command = Some(report::Command { line: self.command.clone(), failure });
            let (name, judgement) = (case.scenario.as_str(), &case.judgement);
            report::Suite { name, time: case.took, command, judgement }
        }))
    }

    /// For programs: `{"version": 1, "exit": …, "scenarios": [{"scenario": …, "exit": …, "command": …, "verdict": …}]}`,
    /// where `exit` is what `run` would exit with, and `command` is `{"exit": …, "ended": …, "seconds": …}`.
    pub(super) fn json(&self) -> String {
        let cases = self.cases.iter().map(|case| {
            let (exit, verdict) = (case.exit_code(), report::json(&case.judgement));
            let command = json!({
                "exit": case.ended.exit_code(),
                "ended": case.ended.to_string(),
                "seconds": case.took.as_secs_f64(),
            });
            json!({"scenario": case.scenario, "exit": exit, "command": command, "verdict": verdict})
        });
        let cases: Vec<_> = cases.collect();
        format!("{:#}\n", json!({"version": 1, "exit": self.exit_code(), "scenarios": cases}))
    }
}
