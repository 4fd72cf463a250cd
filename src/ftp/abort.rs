//! `ABOR` while the server is busy (RFC 959, section 4.1.3): an event of its own, wherever it is heard.

use super::reply::Reply;
use super::request::{Done, Next};
use super::session::{Moment, Session};
use crate::engine::Verdict;
use crate::run::Open;

const ABOR: Moment = Moment::Command("ABOR");

/// What comes of an `ABOR`.
#[derive(Debug)]
pub(super) enum Abort {
    /// A rule has answered it, and what it was to end goes on, unless the session is over.
    Ignored(Next),
    /// What it is to end ends first; then [`Session::aborted`] tells the client.
    Heeded(Verdict, Open),
}

impl Session {
    /// The client has said it.
    pub(super) async fn hear_abort(&mut self) -> Abort {
        let (verdict, open) = self.run.decide(&ABOR.name(self.event()));
        if !verdict.replaces_the_operation() {
            return Abort::Heeded(verdict, open);
        }
        let (next, _) = Box::pin(self.decided(ABOR, verdict, open, Done::default())).await;
        Abort::Ignored(next)
    }

    /// What it was to end has ended: one reply for the transfer, one for `ABOR` itself.
    pub(super) async fn aborted(&mut self, verdict: Verdict, open: Open) -> Next {
        let mut truth = Reply::new(426, "Transfer aborted. Data connection closed.").to_bytes();
        truth.extend(Reply::new(226, "Abort successful.").to_bytes());
        let done = Done { truth: Some(truth), ..Done::default() };
        let (next, _) = Box::pin(self.decided(ABOR, verdict, open, done)).await;
        next
    }
}
