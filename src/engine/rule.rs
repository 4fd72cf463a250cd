//! A rule of a scenario: when, how often, what.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::action::{Action, At, Delay, Ending};
use super::pattern::Pattern;
use super::range::Range;

/// Where a rule or an expectation was written, to name it in journal and reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The scenario's file, or its shipped name.
    pub file: Arc<str>,
    /// The line it begins on, from 1.
    pub line: usize,
    /// What was written, in one line.
    pub sentence: Arc<str>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What counts, limits and states are kept apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Per {
    /// One for all.
    #[default]
    Server,
    /// One for each client address.
    Address,
    /// One for each connection.
    Connection,
    /// One for each user name.
    User,
    /// One for each path.
    Path,
}

/// What a rule lets pass before it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many things open at once.
    Count(u64),
    /// So many bytes stored.
    Size(u64),
}

/// How often a rule acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Matches that pass first.
    pub skip: u64,
    /// Then it acts so many times, and steps aside.
    pub times: Option<u64>,
    /// It acts only so long after its first act (`for:`).
    pub lasting: Option<Duration>,
    /// The share of matches it acts on, in millionths.
    pub chance: u32,
    /// What all of this is kept apart by.
    pub per: Per,
    /// It matches only what would exceed this.
    pub limit: Option<Limit>,
    /// How often it has to fire, for the scenario to have been what it was meant to be.
    pub fires: Range<u64>,
}

/// A chance of 100 %.
pub const CERTAIN: u32 = 1_000_000;

impl Default for Count {
    fn default() -> Self {
        Self {
            skip: 0,
            times: None,
            lasting: None,
            chance: CERTAIN,
            per: Per::default(),
            limit: None,
            fires: Range::at_least(1),
        }
    }
}

/// One flat sentence of a scenario: when, how often, what.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Where it was written.
    pub origin: Origin,
    /// When.
    pub pattern: Pattern,
    /// How often.
    pub count: Count,
    /// What: for the engine alone, which tells a protocol what to do.
    pub(super) action: Arc<Action>,
}

impl Rule {
    /// A rule.
    #[must_use]
    pub fn new(origin: Origin, pattern: Pattern, count: Count, action: Action) -> Self {
        Self { origin, pattern, count, action: Arc::new(action) }
    }

    /// What it does, for tests of what was read.
    #[cfg(test)]
    #[must_use]
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// How it shuts the listener while it would be the first to match, if it does. Such a rule is only ever looked at: it
    /// has nothing to say to a client who came in when the port was open.
    #[must_use]
    pub fn shuts_the_listener(&self) -> Option<Ending> {
        self.action.then.filter(|ending| ending.shuts_a_port())
    }

    /// Whether it ends the session when it acts.
    #[must_use]
    pub fn ends_the_session(&self) -> bool {
        self.action.then.is_some()
    }

    /// Where in an operation it acts, as far as that was written.
    #[must_use]
    pub fn at(&self) -> Option<At> {
        self.action.at
    }

    /// The silence that is long enough for it, of a rule on `idle`.
    #[must_use]
    pub fn silence(&self) -> Option<Duration> {
        self.action.delay.map(Delay::shortest)
    }

    /// Whether it says anything of the data connection.
    #[must_use]
    pub fn is_about_data(&self) -> bool {
        self.action.data.is_some()
    }
}
