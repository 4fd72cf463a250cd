//! The answer to an event: which rule acts, and what it does.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use super::action::{Action, At};
use super::counter::Key;
use super::rule::Origin;
use super::template::{Answer, Status};

/// What `decide` tells a protocol. A healthy verdict has no rule and an empty action.
#[derive(Debug)]
pub struct Verdict {
    /// The rule that acts, by its place in the scenario.
    pub rule: Option<usize>,
    /// Where that rule was written.
    pub origin: Option<Origin>,
    /// What it does.
    pub action: Arc<Action>,
    /// How long to wait first, drawn from the rule's `delay`.
    pub delay: Duration,
    /// Where in the operation it does it: the rule's `at`, or where its size limit is exceeded.
    pub at: At,
    /// What this event opened for rules with a `limit`, to be handed back to the engine when it is closed.
    pub opened: Opened,
}

/// Counted as open by rules with a `limit`, until it is handed to [`Engine::close`](super::Engine::close).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub(super) generation: u64,
    pub(super) slots: Vec<(usize, Key)>,
}

impl Opened {
    /// Whether no rule counts it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

static NOTHING: LazyLock<Arc<Action>> = LazyLock::new(Arc::default);

impl Verdict {
    /// No rule acts.
    #[must_use]
    pub fn healthy() -> Self {
        Self {
            rule: None,
            origin: None,
            action: Arc::clone(&NOTHING),
            delay: Duration::ZERO,
            at: At::Start,
            opened: Opened::default(),
        }
    }

    /// Whether the rule acts in place of the operation.
    #[must_use]
    pub fn replaces_the_operation(&self) -> bool {
        self.at == At::Start && !self.action.lets_the_operation_go_on()
    }

    /// A few words for the journal on what the rule does besides its answer.
    #[must_use]
    pub fn description(&self) -> String {
        let mut words = Vec::new();
        match self.at {
            At::Start | At::End => {}
            At::Bytes(size) => words.push(format!("at {size} bytes")),
            At::Beyond(size) => words.push(format!("beyond {size} bytes")),
        }
        for (what, ending) in [("data", self.action.data), ("session", self.action.then)] {
            if let Some(ending) = ending {
                words.push(format!("{what} {}", ending.word()));
            }
        }
        let silent = self.action.answer() == Some(&Answer::Silence)
            || self.action.status == Some(Status::Silence);
        if silent {
            words.push("nothing said".to_owned());
        }
        words.join(", ")
    }

    /// The number of bytes at which the rule acts, if it acts part way.
    #[must_use]
    pub fn part_way(&self) -> Option<u64> {
        match self.at {
            At::Bytes(size) | At::Beyond(size) => Some(size),
            At::Start | At::End => None,
        }
    }
}
