//! A command on its way through the session, and what it leaves to be said.

use super::load::Load;
use super::reply::{Reply, is_refusal};
use crate::engine::{Damage, Natural, Repeat, Task, Verdict};
use crate::fault::Wire;
use crate::files::Path;
use crate::run::{Left, Pending};

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    Over,
}

/// A command, or a moment of the session, with all that belongs to it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) argument: Vec<u8>,
    /// The path it is about, from the tree's root.
    pub(super) path: Option<Path>,
    pub(super) event: Pending,
    /// What it asks for: whose bytes `at` counts, and `repeat` repeats.
    pub(super) task: Task,
    /// What it has done to the tree, until it is settled what is kept of it.
    pub(super) left: Option<Left>,
}

/// What a healthy command leaves to be said and ended.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What goes out if no rule says otherwise; nothing if all was said.
    pub(super) natural: Option<Vec<u8>>,
    /// The data connection, still open.
    pub(super) wire: Option<Wire>,
    /// What that connection is for.
    pub(super) task: Task,
    /// The rule's number of bytes was reached; this is left to move.
    pub(super) rest: Option<Box<Load>>,
    /// The rule's own bytes have gone out at its point.
    pub(super) is_supplied: bool,
    /// It was broken off, and all of that was said already.
    pub(super) broken_off: bool,
    /// The session ends, whatever the rule says: it has already ended.
    pub(super) over: bool,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self { natural: Some(reply.to_bytes()), ..Self::default() }
    }
}

impl Done {
    /// Broken off by something that has said so itself.
    pub(super) fn broken_off(next: Next) -> Self {
        Self { broken_off: true, over: next == Next::Over, ..Self::default() }
    }

    /// What came of a command that was performed.
    pub(super) fn outcome(&self, request: &Request) -> Natural {
        let natural = self.natural.as_deref().unwrap_or_default();
        // A transfer of which no byte could move has not begun.
        let never_began = request.task.moves_data() && request.event.bytes().is_none();
        match self.rest {
            Some(_) => Natural::Reached,
            None if self.is_supplied => Natural::Supplied,
            None if self.broken_off || never_began || is_refusal(natural) => Natural::Failed,
            None => Natural::Done(natural.len()),
        }
    }
}

impl Request {
    pub(super) fn new(argument: Vec<u8>, path: Option<Path>, event: Pending, task: Task) -> Self {
        Self { argument, path, event, task, left: None }
    }

    /// A moment that no command brought.
    pub(super) fn moment(event: Pending) -> Self {
        Self::new(Vec::new(), None, event, Task::Answer)
    }

    pub(super) fn verdict(&self) -> &Verdict {
        self.event.verdict()
    }

    /// How often the answer is said: once if there was a listing or a content to repeat.
    pub(super) fn answer_repeats(&self) -> Repeat {
        let of_data = self.task == Task::Down && self.event.bytes().is_some();
        if self.event.has_acted() && !of_data { self.verdict().repeat() } else { Repeat::default() }
    }

    /// What is damaged of the answer, and where; nothing if there were bytes of a transfer to damage.
    pub(super) fn answer_damage(&self) -> Option<(Damage, u64)> {
        let damage = self.verdict().damage().filter(|_| self.event.has_acted())?;
        match damage {
            Damage::Order => Some((damage, 0)),
            _ if self.event.bytes().is_some() => None,
            _ => Some((damage, self.verdict().part_way().unwrap_or(0))),
        }
    }
}
