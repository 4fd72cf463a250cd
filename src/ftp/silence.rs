//! A session that falls silent while data flows. A transfer is not idle, but an `idle` rule with a `data` key says
//! that the clock is the control connection's, as it is to a firewall and to some servers.

use std::pin::Pin;

use tokio::time::{Instant, sleep_until};

use super::control::Interruption;
use super::load::Moved;
use super::reply::Reply;
use super::request::{Done, Next};
use super::session::{Moment, Session};
use crate::engine::{Ending, Operation, Verdict};
use crate::fault::Wire;
use crate::run::Open;

const IDLE: Moment = Moment::Of(Operation::Idle);

/// What is still listened for beside a transfer.
#[derive(Debug)]
pub(super) struct Ear {
    client: bool,
    silence: Option<Instant>,
}

/// What is heard beside a transfer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Heard {
    Word(Interruption),
    Silence,
}

/// What comes of a silence.
#[derive(Debug)]
pub(super) enum Silence {
    /// Nothing.
    Borne,
    /// A rule acts on the session, and the bytes go on.
    Beside(Verdict, Open),
    /// The transfer ends, as the rule says.
    Ends(Verdict, Open),
}

impl Session {
    /// Listens from now on.
    pub(super) fn ear(&self) -> Ear {
        let rule = self.run.engine.peek(&self.event().operation(Operation::Idle));
        let rule = rule.filter(|rule| rule.action.data.is_some());
        let delay = rule.and_then(|rule| rule.action.delay);
        Ear { client: true, silence: delay.map(|delay| Instant::now() + delay.shortest()) }
    }

    /// Waits until there is something to heed. A client that leaves is nothing.
    pub(super) async fn hear(&mut self, ear: &mut Ear) -> Heard {
        loop {
            tokio::select! {
                word = self.control.interrupted(), if ear.client => match word {
                    Interruption::End => ear.client = false,
                    word => return Heard::Word(word),
                },
                () = until(ear.silence) => {
                    ear.silence = None;
                    return Heard::Silence;
                }
            }
        }
    }

    /// Asks the rules about it.
    pub(super) fn bear_silence(&self) -> Silence {
        let (verdict, open) = self.run.decide(&IDLE.name(self.event()));
        match verdict.action.data {
            None => Silence::Borne,
            Some(Ending::Flow) => Silence::Beside(verdict, open),
            Some(_) => Silence::Ends(verdict, open),
        }
    }

    /// A rule acts on it: on the session alone, or on the data connection, too.
    pub(super) async fn fall_idle(
        &mut self,
        verdict: Verdict,
        open: Open,
        wire: Option<Wire>,
    ) -> Next {
        let truth = wire
            .is_some()
            .then(|| Reply::new(426, "Connection closed; transfer aborted.").to_bytes());
        let done = Done { truth, wire, ..Done::default() };
        Box::pin(self.decided(IDLE, verdict, open, done)).await.0
    }

    /// The same while the bytes go on, if they do. Nothing is told of them as long as they and the session do.
    pub(super) async fn fall_idle_beside<M: Future<Output = Moved>>(
        &mut self,
        verdict: Verdict,
        open: Open,
        mut moving: Pin<&mut M>,
    ) -> Option<Moved> {
        let mut idle = Box::pin(self.fall_idle(verdict, open, None));
        let (moved, next) = tokio::select! {
            next = &mut idle => (None, next),
            moved = &mut moving => (Some(moved), idle.await),
        };
        match (moved, next) {
            (moved, Next::Continue) => moved,
            (Some(moved), Next::Over) => Some(moved.without_session()),
            (None, Next::Over) => Some(moving.await.without_session()),
        }
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
