//! A command on its way through the session, and what it leaves to be said.

use super::command::Command;
use super::load::Load;
use super::reply::Reply;
use crate::engine::{Action, Answer, At, Damage, Repeat, Verdict};
use crate::fault::Wire;
use crate::files::Path;
use crate::journal::Outcome;
use crate::run::{Left, Open};

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    Over,
}

/// A command with all that belongs to it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) argument: Vec<u8>,
    /// The path it is about, from the tree's root.
    pub(super) path: Option<Path>,
    pub(super) verdict: Verdict,
    pub(super) outcome: Outcome,
    /// What this event holds open.
    pub(super) open: Open,
    /// Whether it is a transfer or a listing, whose bytes `at` counts.
    pub(super) moves_data: bool,
    /// Whether these go down to the client: `repeat` is of them, then.
    pub(super) sends_data: bool,
    /// What it has done to the tree, until it is settled what is kept of it.
    pub(super) left: Option<Left>,
}

/// What a healthy command leaves to be said and ended.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What goes out if no rule says otherwise; nothing if all was said.
    pub(super) truth: Option<Vec<u8>>,
    /// The data connection, still open.
    pub(super) wire: Option<Wire>,
    /// The rule's number of bytes was reached; this is left to move.
    pub(super) rest: Option<Box<Load>>,
    /// The session ends, whatever the rule says: it has already ended.
    pub(super) over: bool,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self { truth: Some(reply.to_bytes()), ..Self::default() }
    }
}

impl Request {
    pub(super) fn new(argument: Vec<u8>, path: Option<Path>, verdict: Verdict, open: Open) -> Self {
        let outcome = Outcome::default();
        Self {
            argument,
            path,
            verdict,
            outcome,
            open,
            moves_data: false,
            sends_data: false,
            left: None,
        }
    }

    /// The rule's own preliminary reply, and its final one if it has both, where they only stand in for the true
    /// ones.
    pub(super) fn stand_ins(&self) -> Option<(Answer, Option<Answer>)> {
        let action = &self.verdict.action;
        let only_stands_in =
            self.verdict.at == At::Start && action.data.is_none() && action.then.is_none();
        action.reply.as_ref().filter(|_| only_stands_in)?.preliminary()
    }

    /// Whether the rule says 125 or 150 at the end, so that neither is said at the start. Other preliminary replies,
    /// such as the 110 of a restart marker, come besides.
    pub(super) fn opens_at_the_end(&self) -> bool {
        let reply = self.verdict.action.reply.as_ref();
        let opens = |reply: &Answer| reply.begins_with("125") || reply.begins_with("150");
        self.verdict.at == At::End && reply.is_some_and(opens)
    }

    /// How often the answer is said: once if there was a listing or a content to repeat.
    pub(super) fn answer_repeats(&self) -> Repeat {
        let of_data = self.sends_data && self.outcome.bytes.is_some();
        if self.outcome.fired && !of_data { self.verdict.action.repeat } else { Repeat::default() }
    }

    /// What is damaged of the answer, and where; nothing if there were bytes of a transfer to damage.
    pub(super) fn answer_damage(&self) -> Option<(Damage, u64)> {
        let damage = self.verdict.action.damage.filter(|_| self.outcome.fired)?;
        match self.verdict.at {
            _ if damage == Damage::Order => Some((damage, 0)),
            _ if self.outcome.bytes.is_some() => None,
            At::Bytes(place) => Some((damage, place)),
            _ => Some((damage, 0)),
        }
    }

    /// Whether a rule acts in place of the command.
    pub(super) fn is_replaced(&self, command: &Command) -> bool {
        let action = &self.verdict.action;
        let goes_on = |rest: Action| rest.lets_the_operation_go_on();
        let rest = || Action::clone(action);
        let only_content = command.sends_data()
            && action.send.is_some()
            && goes_on(Action { send: None, ..rest() });
        let only_port = command.makes_port()
            && action.data.is_some()
            && goes_on(Action { data: None, ..rest() });
        let only_opening = command.moves_data() && self.stand_ins().is_some();
        self.verdict.replaces_the_operation() && !only_content && !only_port && !only_opening
    }
}
