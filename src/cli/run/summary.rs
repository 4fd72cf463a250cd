//! How the command fared in each of several scenarios.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};

use super::command::Ended;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What came of the scenarios so far.
pub(super) struct Summary {
    all: usize,
    rows: Vec<(String, Ended)>,
}

impl Summary {
    /// Of so many scenarios, before the first of them.
    pub(super) fn of(all: usize) -> Self {
        Self { all, rows: Vec::new() }
    }

    /// Says at a terminal which one it is now.
    pub(super) fn begin(&self, scenario: &str) {
        if self.all > 1 && io::stderr().is_terminal() {
            let number = self.rows.len() + 1;
            anstream::eprintln!("{DIM}[{number}/{}]{DIM:#} {scenario}", self.all);
        }
    }

    /// Notes how the command ended.
    pub(super) fn end(&mut self, scenario: String, ended: Ended) {
        self.rows.push((scenario, ended));
    }

    /// Prints a line for each, if there are several.
    pub(super) fn print(&self) {
        if self.all < 2 {
            return;
        }
        let width = self.rows.iter().map(|(scenario, _)| scenario.len()).max().unwrap_or(0);
        let failed = self.rows.iter().filter(|(_, ended)| ended.exit_code() != 0).count();
        anstream::eprintln!();
        for (scenario, ended) in &self.rows {
            match ended.exit_code() {
                0 => anstream::eprintln!("{GOOD}ok    {GOOD:#} {scenario}"),
                _ => anstream::eprintln!("{BAD}failed{BAD:#} {scenario:width$}  {ended}"),
            }
        }
        let left = self.all - self.rows.len();
        let left = if left == 0 { String::new() } else { format!(", {left} not run") };
        let passed = self.rows.len() - failed;
        anstream::eprintln!("\n{} scenarios: {passed} passed, {failed} failed{left}", self.all);
    }

    /// That of the first failure.
    pub(super) fn exit_code(&self) -> u8 {
        let codes = self.rows.iter().map(|(_, ended)| ended.exit_code());
        codes.into_iter().find(|code| *code != 0).unwrap_or(0)
    }
}
