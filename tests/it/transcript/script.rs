//! A transcript's file: a scenario, and then a line a step.

use std::fs;
use std::path::PathBuf;

use super::step::{self, Step};
use crate::ports::Ports;
use crate::site::Family;

/// Begins a line of arguments for the server; it may stand before the scenario.
const SERVE: &str = "serve ";
/// Stands for all digits but the last of ports that are this transcript's alone.
const PORTS: &str = "<ports>";

/// One transcript.
pub(super) struct Script {
    /// Its path, as errors name it.
    pub(super) name: String,
    /// The scenario, if it has one.
    pub(super) scenario: Option<String>,
    pub(super) family: Family,
    /// Further arguments of `badftp serve`.
    pub(super) arguments: Vec<String>,
    pub(super) lines: Vec<Line>,
    /// Held for as long as the transcript is played.
    _ports: Option<Ports>,
}

/// One line that is a step.
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    pub(super) text: String,
    /// Which of the control connections.
    pub(super) connection: usize,
    pub(super) step: Step,
}

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts")
}

/// Reads a transcript by its name without `.txt`; what is no step of one is a failed test.
pub(super) fn read(name: &str) -> Script {
    let path = folder().join(name).with_extension("txt");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let ports = text.contains(PORTS).then(Ports::claim);
    let text = match &ports {
        Some(ports) => text.replace(PORTS, &ports.tens().to_string()),
        None => text,
    };
    let lines: Vec<&str> = text.lines().collect();
    let rule = lines.iter().position(|line| *line == "---");
    let (scenario, steps) = lines.split_at(rule.unwrap_or(0));
    // An empty line in the place of each `serve` keeps the numbers of the others.
    let is_yaml = |line: &&str| !line.starts_with(SERVE);
    let yaml = scenario.iter().map(|line| Some(*line).filter(is_yaml).unwrap_or_default());
    let yaml: Vec<&str> = yaml.collect();
    let mut script = Script {
        name: format!("tests/transcripts/{name}.txt"),
        scenario: rule.map(|_| yaml.join("\n") + "\n"),
        family: Family::V4,
        arguments: Vec::new(),
        lines: Vec::new(),
        _ports: ports,
    };
    let arguments = lines.iter().filter_map(|line| line.strip_prefix(SERVE));
    arguments.for_each(|arguments| script.serve(arguments));
    for (index, text) in steps.iter().enumerate().filter(|(_, text)| is_step(text)) {
        script.add(scenario.len() + index + 1, text);
    }
    script
}

fn is_step(text: &str) -> bool {
    !text.is_empty() && text != "---" && !text.starts_with('#') && !text.starts_with(SERVE)
}

impl Script {
    fn serve(&mut self, arguments: &str) {
        for argument in arguments.split_whitespace() {
            match argument {
                "ipv6" => self.family = Family::V6,
                argument => self.arguments.push(argument.to_owned()),
            }
        }
    }

    fn add(&mut self, number: usize, text: &str) {
        let (connection, rest) = match text.strip_prefix(|first: char| first.is_ascii_digit()) {
            Some(rest) => (usize::from(text.as_bytes()[0] - b'0'), rest.trim_start()),
            None => (1, text),
        };
        let step = step::parse(rest)
            .unwrap_or_else(|error| panic!("{}:{number}: {error}\n  {text}", self.name));
        self.lines.push(Line { number, text: text.to_owned(), connection, step });
    }
}
