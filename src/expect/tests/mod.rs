//! The whole way, from a scenario and what clients did to the report.

mod deed;
mod events;
mod exit;
mod forgotten;
mod forms;
mod interleaved;
mod rules;
mod stored;

use anstream::adapter::strip_str;
use jiff::Timestamp;

use super::{Ended, Evidence, Judgement, judge, report};
use crate::engine::Engine;
use crate::files::{Content, Files, Limits, Path, Tree};
use crate::journal::{Journal, Told};
use crate::scenario::{Scenario, Source, read};

use deed::Deed;

/// A scenario, and what clients did.
struct Story {
    scenario: Scenario,
    engine: Engine,
    fired: Vec<u64>,
    journal: Journal,
    dropped: u64,
    files: Files,
    ended: Option<Ended>,
}

impl Story {
    fn of(yaml: &str) -> Self {
        let read = read(&Source::inline("s.yaml", yaml));
        let scenario = read.unwrap_or_else(|problems| panic!("{problems}")).scenarios.remove(0);
        Self {
            engine: Engine::new(scenario.rules.clone(), scenario.seed),
            fired: vec![0; scenario.rules.len()],
            scenario,
            journal: Journal::default(),
            dropped: 0,
            files: Files::new(Tree::new(), Limits::default(), || Timestamp::UNIX_EPOCH),
            ended: None,
        }
    }

    fn with(mut self, deeds: impl IntoIterator<Item = Deed>) -> Self {
        for deed in deeds {
            if let Some(rule) = deed.tell(&self.engine, &self.journal) {
                self.fired[rule] += 1;
            }
        }
        self
    }

    /// How the command ends that was started for the scenario.
    fn ending(self, ended: Ended) -> Self {
        Self { ended: Some(ended), ..self }
    }

    /// What is in the tree in the end.
    fn leaving(mut self, files: &[(&str, &str)]) -> Self {
        let mut tree = Tree::new();
        for (path, text) in files {
            let content = Content::from_bytes(text.as_bytes().to_vec());
            let path = Path::root().resolve(path.as_bytes());
            tree.file(&path, content, crate::files::Attributes::default()).unwrap();
        }
        self.files = Files::new(tree, Limits::default(), || Timestamp::UNIX_EPOCH);
        self
    }

    fn judged(&self) -> Judgement {
        let told = Told { dropped: self.dropped, ..self.journal.told(1) };
        judge(&Evidence {
            expectations: &self.scenario.expectations,
            rules: &self.scenario.rules,
            fired: &self.fired,
            tallies: &self.engine.tallies(),
            told: &told,
            files: &self.files,
            ended: self.ended,
        })
    }

    fn report(&self) -> String {
        strip_str(&report::text(&self.judged())).to_string()
    }
}

/// What is said of clients that did this.
fn report(yaml: &str, deeds: impl IntoIterator<Item = Deed>) -> String {
    Story::of(yaml).with(deeds).report()
}
