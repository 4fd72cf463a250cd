//! What a client says while the server is busy: `ABOR` and `STAT` (RFC 959, sections 4.1.3 and 5.4). Each is an
//! event of its own, wherever it is heard; all else waits its turn.

use super::command::status;
use super::control::Interruption;
use super::reply::Reply;
use super::request::{Done, Next};
use super::session::{Moment, Session};
use crate::engine::Verdict;
use crate::run::Open;

const ABOR: Moment = Moment::Command("ABOR");
const STAT: Moment = Moment::Command("STAT");

/// What comes of it for what is under way.
#[derive(Debug)]
pub(super) enum Meanwhile {
    /// It goes on, unless the session is over.
    GoesOn(Next),
    /// It ends first; then [`Session::aborted`] tells the client.
    Ends(Verdict, Open),
}

impl Session {
    /// The client has said something. That it is gone is for the caller to heed.
    pub(super) async fn heed(&mut self, interruption: Interruption) -> Meanwhile {
        match interruption {
            Interruption::Abort => self.hear_abort().await,
            Interruption::Status => Meanwhile::GoesOn(self.tell_status().await),
            Interruption::End => Meanwhile::GoesOn(Next::Continue),
        }
    }

    async fn hear_abort(&mut self) -> Meanwhile {
        let (verdict, open) = self.run.decide(&ABOR.name(self.event()));
        if !verdict.replaces_the_operation() {
            return Meanwhile::Ends(verdict, open);
        }
        let (next, _) = Box::pin(self.decided(ABOR, verdict, open, Done::default())).await;
        Meanwhile::GoesOn(next)
    }

    async fn tell_status(&mut self) -> Next {
        let (verdict, open) = self.run.decide(&STAT.name(self.event()));
        let done = if verdict.replaces_the_operation() {
            Done::default()
        } else {
            Done::from(status(self))
        };
        let (next, _) = Box::pin(self.decided(STAT, verdict, open, done)).await;
        next
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
