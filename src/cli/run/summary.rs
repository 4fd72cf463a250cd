//! How the command fared in each scenario.

use std::fmt;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::exit::{self, Failed, Judged};
use crate::expect::{Ended, Judgement, report};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What came of one scenario.
pub(super) struct Case {
    pub(super) scenario: String,
    /// How the command ended that was started for it; nothing where a command has loaded it.
    pub(super) ended: Option<Ended>,
    /// How long the command took, or how long the scenario was loaded.
    pub(super) took: Duration,
    pub(super) judgement: Judgement,
}

/// What came of the scenarios so far.
pub(super) struct Summary {
    command: String,
    all: usize,
    begun: usize,
    cases: Vec<Case>,
}

impl Case {
    fn failed(&self) -> Option<Failed> {
        let judged =
            if self.judgement.judges_exit { Judged::ByTheVerdict } else { Judged::ByItself };
        exit::failed(self.ended, judged, self.judgement.failing())
    }

    fn exit_code(&self) -> u8 {
        self.failed().map_or(0, Failed::exit_code)
    }

    /// The command as a test case, if it ran for this scenario. An exit that an expectation judges fails that one.
    fn command(&self, line: &str) -> Option<report::Command> {
        let ended = self.ended?;
        let failed = matches!(self.failed(), Some(Failed::Command(_)));
        Some(report::Command { line: line.to_owned(), failure: failed.then(|| ended.to_string()) })
    }

    fn json(&self) -> Value {
        let mut value = json!({
            "scenario": self.scenario,
            "exit": self.exit_code(),
            "seconds": self.took.as_secs_f64(),
            "verdict": report::json(&self.judgement),
        });
        if let Some(ended) = self.ended {
            value["command"] = json!({
                "exit": ended.exit_code(),
                "ended": ended.to_string(),
                "seconds": self.took.as_secs_f64(),
            });
        }
        value
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.failed(), self.ended) {
            (Some(Failed::Expectation), _) => f.write_str("an expectation is not met"),
            (Some(Failed::Rule), _) => f.write_str("a rule did not fire as it should"),
            (Some(Failed::Command(_)) | None, Some(ended)) => ended.fmt(f),
            (Some(Failed::Command(_)) | None, None) => Ok(()),
        }
    }
}

impl Summary {
    /// Of this command in so many scenarios, before the first of them.
    pub(super) fn of(command: String, all: usize) -> Self {
        Self { command, all, begun: 0, cases: Vec::new() }
    }

    /// Says which one it is now, if there are several.
    pub(super) fn begin(&mut self, scenario: &str) {
        self.begun += 1;
        if self.all > 1 {
            anstream::eprintln!("{DIM}[{}/{}]{DIM:#} {scenario}", self.begun, self.all);
        }
    }

    /// Notes what came of it, and of those that the command has loaded.
    pub(super) fn add(&mut self, cases: Vec<Case>) {
        self.cases.extend(cases);
    }

    /// Prints a line for each, if several were named.
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
        let not_run = self.all - self.begun;
        let left = match not_run {
            0 => String::new(),
            left => format!(", {left} not run"),
        };
        let all = self.cases.len() + not_run;
        anstream::eprintln!("\n{all} scenarios: {passed} passed, {failed} failed{left}");
    }

    /// A command that failed weighs most, then an expectation, then a rule; of the same weight, the first.
    pub(super) fn exit_code(&self) -> u8 {
        let failed = self.cases.iter().filter_map(Case::failed);
        failed.min_by_key(|failed| failed.weight()).map_or(0, Failed::exit_code)
    }

    /// For CI systems.
    pub(super) fn junit(&self) -> String {
        report::junit(self.cases.iter().map(|case| report::Suite {
            name: &case.scenario,
            time: case.took,
            command: case.command(&self.command),
            judgement: &case.judgement,
        }))
    }

    /// For programs: `{"version": 1, "exit": …, "scenarios": [{"scenario": …, "exit": …, "seconds": …, "command": …,
    /// "verdict": …}]}`, where `exit` is what `run` would exit with, and `command` is
    /// `{"exit": …, "ended": …, "seconds": …}`. A scenario that the command has loaded itself stands behind the one that
    /// the command was started for, and has no `command`.
    pub(super) fn json(&self) -> String {
        let cases: Vec<Value> = self.cases.iter().map(Case::json).collect();
        format!("{:#}\n", json!({"version": 1, "exit": self.exit_code(), "scenarios": cases}))
    }
}
