//! How things end: the answer, the data connection, what is kept, the session.

use std::sync::Arc;

use super::load::Load;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::{Moment, Session};
use crate::engine::{Ending, Keep, Operation};
use crate::fault::{self, After, Pace, Wire};
use crate::journal::Cause;

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
        }
        if let Some(said) = said {
            if operation == Some(Operation::Login)
                && said.is_refusal()
                && let Some(next) = self.denied(&said).await
            {
                request.outcome.fail(Cause::Rule, "a rule on `denied` answered");
                return next;
            }
            self.utter(&said, request).await;
        }
        let Some(ending) = then else {
            return Next::Continue;
        };
        self.control.end(ending, self.run.max_hold).await;
        if self.control.is_gone() { Next::Over } else { Next::Continue }
    }

    /// Says it, with its pauses, and writes it down.
    async fn utter(&mut self, said: &Said, request: &mut Request) {
        let own = Pace { rate: request.verdict.action.rate, chunk: request.verdict.action.chunk };
        let pace = if own.is_free() || request.outcome.bytes.is_some() { self.pace() } else { own };
        if let Some(delay) = self.run.network.delay
            && request.verdict.action.delay.is_none()
        {
            self.answers += 1;
            let drawn = self.run.engine.draw(delay, self.connection, self.answers);
            tokio::time::sleep(drawn).await;
        }
        for (pause, text) in said.parts() {
            tokio::time::sleep(*pause).await;
            request.outcome.said(text);
            self.control.say(text.clone(), pace).await;
        }
        if said.is_refusal() {
            request.outcome.fail(Cause::Client, "");
        }
    }

    /// A refused login is an event of its own. Tells how it went on if a rule acted on it.
    async fn denied(&mut self, said: &Said) -> Option<Next> {
        let (verdict, open) = self.run.decide(&self.event().operation(Operation::Denied));
        verdict.rule?;
        let done = Done { truth: Some(said.whole()), ..Done::default() };
        let denied = Moment::Of(Operation::Denied);
        let (next, _) = Box::pin(self.decided(denied, verdict, open, done)).await;
        Some(next)
    }

    /// What becomes of the data connection.
    pub(super) async fn end_data(&mut self, ending: Ending, done: &mut Done) {
        let Some(wire) = done.wire.take() else { return };
        match ending {
            Ending::Stall => self.hold(wire),
            // Closed as every server does it: what the client still sends meets a closed socket.
            Ending::Close(later) => {
                tokio::time::sleep(later).await;
                fault::cut::cut(wire);
            }
            other => {
                if let After::Stays(wire) = fault::end(wire, other, self.run.max_hold).await {
                    if other == Ending::Flow {
                        done.wire = Some(wire);
                    } else {
                        self.hold(wire);
                    }
                }
            }
        }
    }

    /// What an upload leaves behind.
    pub(super) fn settle(&self, keep: Option<Keep>, done: &mut Done, request: &mut Request) {
        let Some(handle) = done.stored.take() else {
            return;
        };
        let settled = match keep {
            None | Some(Keep::All) => Ok(()),
            Some(Keep::None) => self.run.files.undo(&handle),
            Some(Keep::Lost) => self.run.files.lose(&handle),
            Some(Keep::Size(size)) => self.run.files.keep_size(&handle, size),
        };
        if let Err(error) = settled {
            request.outcome.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// A data connection stalls and nothing is said, until the client gives up or the cap is reached.
    pub(super) async fn wait_out(&mut self) -> Next {
        let cap = self.run.max_hold;
        if tokio::time::timeout(cap, self.control.aborted_or_ended()).await.is_err() {
            return Next::Over;
        }
        self.let_go();
        self.say(Reply::new(426, "Transfer aborted.")).await;
        self.say(Reply::new(226, "Abort successful.")).await;
        Next::Continue
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
        if action.then.is_some_and(silences) {
            request.outcome.note("the data connection goes on");
            tokio::spawn(going.rest.run_alone(Arc::clone(&self.run), going.wire));
            return self.finish(operation, request, said, action.then).await;
        }
        if action.answer().is_none() && action.then.is_none() {
            let truth = self.rest_of(request, going).await;
            return self.finish(operation, request, Some(Said::once(truth)), None).await;
        }
        let next = self.finish(operation, request, said, action.then).await;
        self.rest_of(request, going).await;
        next
    }
}

fn ends_the_session(ending: Ending) -> bool {
    matches!(
        ending,
        Ending::Close(_) | Ending::Cut | Ending::Reset | Ending::Refuse | Ending::Blackhole
    )
}

/// Whether nothing more is said on the control connection.
fn silences(ending: Ending) -> bool {
    ends_the_session(ending) || ending == Ending::Stall
}
