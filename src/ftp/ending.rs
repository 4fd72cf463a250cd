//! How things end: the answer, the data connection, what is kept, the session.

use std::sync::Arc;

use tokio::time::{Instant, timeout, timeout_at};

use super::control::Interruption;
use super::load::Load;
use super::meanwhile::Meanwhile;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::{Moment, Session};
use crate::engine::{Damage, Ending, Keep, Operation, Repeat};
use crate::fault::pace::pause;
use crate::fault::reset::UNTIL_NOTICED;
use crate::fault::{self, After, Pace, Wire};
use crate::files::{self, Change};
use crate::journal::{Cause, Happening, Outcome, Secrecy};

/// A transfer that goes on after a rule's point.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) rest: Load,
    pub(super) wire: Wire,
}

impl Session {
    /// The last things: the answer, and the session's end.
    pub(super) async fn finish(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        said: Option<Said>,
        then: Option<Ending>,
    ) -> Next {
        if then.is_some_and(ends_the_session) {
            self.release();
            request.open.close();
        }
        let damage = request.answer_damage();
        if let Some(said) = said {
            let said = match damage {
                Some((Damage::Order, _)) => {
                    self.passed = Some(said);
                    return Next::Continue;
                }
                Some((Damage::Mac, _)) => {
                    self.control.break_next_mac();
                    said
                }
                Some((damage, place)) => said.damaged(place, damage),
                None => said,
            };
            let denied = operation == Some(Operation::Login) && said.is_refusal();
            match if denied { self.denied(&said).await } else { None } {
                None if self.utter(&said, request).await == Next::Over => return Next::Over,
                None => {}
                Some(next) => {
                    request.outcome.fail(Cause::Rule, "a rule on `denied` answered");
                    if next == Next::Over {
                        return next;
                    }
                }
            }
        }
        let Some(ending) = then else {
            return Next::Continue;
        };
        if let Ending::Restart(time) = ending {
            self.run.go_down(time).await;
        }
        if operation == Some(Operation::Connect) && ending == Ending::Reset {
            pause(UNTIL_NOTICED).await;
        }
        self.control.end(ending, self.run.max_hold).await;
        if self.control.is_gone() { Next::Over } else { Next::Continue }
    }

    /// Says it, so often as a rule says. What has no end of its own ends with the client, or the session at the
    /// cap on stalls.
    async fn utter(&mut self, said: &Said, request: &mut Request) -> Next {
        if request.answer_repeats() == Repeat::Endless {
            let cap = self.run.max_hold;
            if timeout(cap, self.say_so_often(said, request)).await.is_err() {
                request.outcome.note("an endless answer ended at the cap on stalls");
                return Next::Over;
            }
            return Next::Continue;
        }
        self.say_so_often(said, request).await;
        Next::Continue
    }

    /// Says it so often as a rule says, and what it was to pass.
    async fn say_so_often(&mut self, said: &Said, request: &mut Request) {
        if request.verdict.action.delay.is_none() {
            self.network_delay().await;
        }
        let mut left = request.answer_repeats();
        while !self.control.is_broken()
            && let Some(batch) = said.next_batch(&mut left)
        {
            self.say_once(&batch, request).await;
        }
        if said.is_refusal() {
            request.outcome.fail(Cause::Client, "");
        }
        if let Some(passed) = self.passed.take() {
            self.say_once(&passed, request).await;
        }
    }

    /// Says it, with its pauses, and writes it down.
    async fn say_once(&mut self, said: &Said, request: &mut Request) {
        let own = Pace { rate: request.verdict.action.rate, chunk: request.verdict.action.chunk };
        let pace = if own.is_free() || request.outcome.bytes.is_some() { self.pace() } else { own };
        for (length, text) in said.parts() {
            pause(*length).await;
            request.outcome.said(text);
            self.control.say(text.clone(), pace).await;
        }
    }

    /// A refused login is an event of its own. Tells how it went on if a rule acted on it.
    async fn denied(&mut self, said: &Said) -> Option<Next> {
        let event = self.event().operation(Operation::Denied);
        let (verdict, open) = self.run.decide(&event);
        if verdict.rule.is_none() {
            let happening = Happening::of(&event, self.peer, None, Secrecy::Open);
            self.run.record(happening, Outcome::default());
            return None;
        }
        let done = Done { truth: Some(said.whole()), ..Done::default() };
        let denied = Moment::Of(Operation::Denied);
        let (next, _) = Box::pin(self.decided(denied, verdict, open, done)).await;
        Some(next)
    }

    /// What becomes of the data connection.
    pub(super) async fn end_data(
        &mut self,
        ending: Ending,
        done: &mut Done,
        request: &mut Request,
    ) {
        let Some(wire) = done.wire.take() else { return };
        match ending {
            Ending::Stall => self.hold(wire, request),
            // Closed as every server does it: what the client still sends meets a closed socket.
            Ending::Close(later) => {
                pause(later).await;
                wire.finish().await;
            }
            other => {
                if let After::Stays(wire) = fault::end(wire, other, self.run.max_hold).await {
                    if other == Ending::Flow {
                        done.wire = Some(wire);
                    } else {
                        self.hold(wire, request);
                    }
                }
            }
        }
    }

    /// Changes the tree, or pretends to, as a rule's `keep` has it.
    ///
    /// # Errors
    /// Those of the change.
    pub(super) fn change(&self, request: &mut Request, change: Change) -> Result<(), files::Error> {
        let keep = request.verdict.action.keep;
        request.left = Some(self.run.change(self.account(), change, keep)?);
        Ok(())
    }

    /// What the operation leaves behind.
    pub(super) fn settle(&self, keep: Option<Keep>, request: &mut Request) {
        let Some(left) = request.left.take() else {
            return;
        };
        if let Err(error) = self.run.settle(keep, left) {
            request.outcome.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// A data connection stalls and nothing is said, until the client gives up or the cap is reached.
    pub(super) async fn wait_out(&mut self) -> Next {
        let cap = Instant::now() + self.run.max_hold;
        loop {
            let interruption = match timeout_at(cap, self.control.interrupted()).await {
                Err(_) => return Next::Over,
                Ok(Interruption::End) => return Next::Continue,
                Ok(interruption) => interruption,
            };
            match self.heed(interruption).await {
                Meanwhile::GoesOn(Next::Continue) => {}
                Meanwhile::GoesOn(over) => return over,
                Meanwhile::Ends(verdict, open) => {
                    self.let_go();
                    return self.aborted(verdict, open).await;
                }
            }
        }
    }

    /// `data: flow` part way: the answer goes out now, and the rest of the bytes follow.
    pub(super) async fn flow_on(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        said: Option<Said>,
        going: Going,
    ) -> Next {
        let action = Arc::clone(&request.verdict.action);
        if going.rest.goes_down() {
            // The file changes under its reader.
            self.settle(action.keep, request);
        }
        if action.then.is_some_and(silences) {
            request.outcome.note("the data connection goes on");
            let (run, left) = (Arc::clone(&self.run), request.left.take());
            tokio::spawn(going.rest.run_alone(run, going.wire, action.keep, left));
            return self.finish(operation, request, said, action.then).await;
        }
        let answers = action.answer().is_some() || action.then.is_some();
        let next = if answers {
            self.finish(operation, request, said, action.then).await
        } else {
            Next::Continue
        };
        let done = self.rest_of(request, going).await;
        self.settle(action.keep, request);
        if done.over {
            return Next::Over;
        }
        if answers {
            return next;
        }
        self.finish(operation, request, done.truth.map(Said::once), None).await
    }
}

fn ends_the_session(ending: Ending) -> bool {
    matches!(
        ending,
        Ending::Close(_)
            | Ending::Cut
            | Ending::Reset
            | Ending::Refuse
            | Ending::Blackhole
            | Ending::Restart(_)
            | Ending::Exit(_)
            | Ending::Disconnect(_)
    )
}

/// Whether nothing more is said on the control connection.
fn silences(ending: Ending) -> bool {
    ends_the_session(ending) || ending == Ending::Stall
}
