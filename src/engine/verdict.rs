//! The answer to an event: which rule acts, and what it does.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use super::action::{Action, At, Certificate, Damage, Ending, HostKey, Keep, Repeat};
use super::claim::Claim;
use super::counter::Key;
use super::course::Tongue;
use super::rule::{Origin, Per};
use super::template::{Answer, Status};

/// What `decide` tells a protocol. A healthy verdict has no rule, and changes nothing. What the rule does is told by
/// its [`plan`](Verdict::plan) and its [`course`](Verdict::course).
#[derive(Debug)]
pub struct Verdict {
    /// The rule that acts, by its place in the scenario.
    pub rule: Option<usize>,
    /// Where that rule was written.
    pub origin: Option<Origin>,
    /// What this event opened for rules with a `limit`, to be handed back to the engine when it is closed.
    pub opened: Opened,
    pub(super) action: Arc<Action>,
    /// Drawn from the rule's `delay`.
    pub(super) delay: Duration,
    /// The rule's `at`, or where its size limit is exceeded.
    pub(super) at: At,
    pub(super) tongue: Tongue,
    /// What its rule enters when it acts: the engine's generation, whose state, and which.
    pub(super) enters: Option<(u64, (Per, Key), String)>,
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
            opened: Opened::default(),
            action: Arc::clone(&NOTHING),
            delay: Duration::ZERO,
            at: At::Start,
            tongue: Tongue::default(),
            enters: None,
        }
    }

    /// A few words for the journal on what the rule does besides its answer.
    #[must_use]
    pub fn description(&self) -> String {
        let mut words = Vec::new();
        match self.at {
            At::Start | At::End | At::Failure => {}
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
            At::Start | At::End | At::Failure => None,
        }
    }

    /// Whether the rule acts on the bytes of a transfer from the first one on: it slows them, spoils them, or they are its
    /// own.
    #[must_use]
    pub fn acts_on_all_bytes(&self) -> bool {
        let action = &*self.action;
        let slows = action.rate.is_some() || action.chunk.is_some();
        let spoils = action.damage.is_some() || action.send.is_some();
        let repeats = action.repeat != Repeat::default();
        self.rule.is_some() && self.at == At::Start && (slows || spoils || repeats)
    }

    /// Whether the rule acts before anything is done.
    #[must_use]
    pub fn acts_at_the_start(&self) -> bool {
        self.rule.is_some() && self.at == At::Start
    }

    /// Whether the rule acts when all is done, in place of the natural answer.
    #[must_use]
    pub fn acts_at_the_end(&self) -> bool {
        self.rule.is_some() && self.at == At::End
    }

    /// Bytes a second, at most.
    #[must_use]
    pub fn rate(&self) -> Option<u64> {
        self.action.rate
    }

    /// Bytes at once, at most.
    #[must_use]
    pub fn chunk(&self) -> Option<u64> {
        self.action.chunk
    }

    /// How often the answer, the listing or the content is sent.
    #[must_use]
    pub fn repeat(&self) -> Repeat {
        self.action.repeat
    }

    /// What is broken in the bytes.
    #[must_use]
    pub fn damage(&self) -> Option<Damage> {
        self.action.damage
    }

    /// Lies in a well-formed answer.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.action.claims
    }

    /// What is shown in the TLS handshake.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        self.action.certificate
    }

    /// What is odd about the key that the host shows.
    #[must_use]
    pub fn host_key(&self) -> HostKey {
        self.action.host_key
    }

    /// What is said at a [`Disconnect`](Ending::Disconnect).
    #[must_use]
    pub fn farewell(&self) -> &[u8] {
        &self.action.farewell
    }

    /// What the rule keeps of a change, which has to know it when it is made.
    #[must_use]
    pub fn keep(&self) -> Option<Keep> {
        self.action.keep
    }

    /// What becomes of the data connection or its port, where the rule says anything of it.
    #[must_use]
    pub fn data(&self) -> Option<Ending> {
        self.action.data
    }

    /// Whether the rule has a reply of its own, and nothing that is sent in its place.
    #[must_use]
    pub fn replies(&self) -> bool {
        self.action.reply.is_some() && self.action.send.is_none()
    }

    /// Whether the rule says 125 or 150 at the end, so that neither is said at the start. Other preliminary replies, such as
    /// the 110 of a restart marker, come besides.
    #[must_use]
    pub fn opens_at_the_end(&self) -> bool {
        let opens = |reply: &Answer| reply.begins_with("125") || reply.begins_with("150");
        self.at == At::End && self.action.reply.as_ref().is_some_and(opens)
    }

    /// Whether the rule's reply says that all went well.
    #[must_use]
    pub fn grants(&self) -> bool {
        self.action.reply.as_ref().is_some_and(Answer::tells_success)
    }

    /// Whether the rule's answer says that it did not work.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.action.answer().is_some_and(Answer::tells_failure)
    }

    /// Whether the rule waits, at whatever point.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.action.delay.is_some()
    }

    /// Whether the rule enters a state.
    #[must_use]
    pub fn enters_a_state(&self) -> bool {
        self.action.goto.is_some()
    }
}
