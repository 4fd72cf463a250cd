//! How things end: the answer, the data connection, what is kept, the session. What a rule makes wait is held here.

use std::sync::Arc;

use tokio::time::timeout;

use super::beside::{Beside, Ear};
use super::load::Load;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::{Moment, Session};
use crate::engine::{Damage, Ending, Keep, Operation, Repeat};
use crate::fault::reset::until_noticed;
use crate::fault::{self, After, Held, Pace, Pacer, Wire};
use crate::files::{self, Change};
use crate::journal::{Cause, Secrecy};
use crate::run::{EventHandle, Wait};

/// When a transfer is answered that goes on after a rule's point.
#[derive(Debug)]
pub(super) enum Answered {
    /// At the point, by this, or by nothing.
    Now(Option<Said>),
    /// When all of it has moved.
    AtItsEnd,
}

/// A transfer that goes on after a rule's point.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) rest: Load,
    pub(super) wire: Wire,
}

impl Session {
    /// Holds an event until its time is over, or the client has left. The cap ends the session.
    pub(super) async fn hold(&mut self, event: &EventHandle, wait: Wait) -> Next {
        let held = event.hold(wait, self.control.departed()).await;
        self.after(held).await
    }

    /// The same, where a client can also leave by its data connection: by RST, and where it has nothing to send, by FIN.
    pub(super) async fn hold_data(
        &mut self,
        event: &EventHandle,
        wait: Wait,
        done: &mut Done,
    ) -> Next {
        let Some(wire) = &mut done.wire else { return self.hold(event, wait).await };
        let gone = async {
            tokio::select! {
                () = self.control.departed() => {}
                () = wire.left(done.task) => {}
            }
        };
        let held = event.hold(wait, gone).await;
        self.after(held).await
    }

    async fn after(&mut self, held: Held) -> Next {
        if held == Held::Capped {
            self.control.end(Ending::Cut).await;
            return Next::Over;
        }
        Next::Continue
    }

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
            request.event.close();
        }
        if let Some(said) = said
            && self.answer(operation, request, said).await == Next::Over
        {
            return Next::Over;
        }
        let Some(ending) = then else {
            return Next::Continue;
        };
        let event = request.event.handle();
        event.act();
        match ending {
            Ending::Restart(time) => self.run.go_down(time).await,
            Ending::Reset if operation == Some(Operation::Connect) => until_noticed().await,
            _ => {}
        }
        let ending = event.hold_ending(ending, self.control.departed()).await;
        self.control.end(ending).await;
        if self.control.is_gone() { Next::Over } else { Next::Continue }
    }

    /// Says the answer, damaged as a rule says. A refused login is an event of its own, which may answer in its place.
    async fn answer(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        said: Said,
    ) -> Next {
        let said = match request.answer_damage() {
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
            Some(next) => {
                request.event.fail(Cause::Rule, "a rule on `denied` answered");
                next
            }
            None => self.utter(&said, request).await,
        }
    }

    /// Says it, so often as a rule says. What has no end of its own ends with the client, or the session at the cap on
    /// holds.
    async fn utter(&mut self, said: &Said, request: &mut Request) -> Next {
        if request.answer_repeats() != Repeat::Endless {
            return self.say_so_often(said, request).await;
        }
        let cap = self.run.max_hold;
        let saying = Box::pin(self.say_so_often(said, request));
        timeout(cap, saying).await.unwrap_or_else(|_| {
            request.event.note("an endless answer ended at the cap on holds");
            Next::Over
        })
    }

    /// Says it so often as a rule says, and what it was to pass.
    async fn say_so_often(&mut self, said: &Said, request: &mut Request) -> Next {
        let event = request.event.handle();
        if !event.verdict().waits() && self.network_delay(&event).await == Next::Over {
            return Next::Over;
        }
        let mut left = request.answer_repeats();
        while !self.control.is_broken()
            && let Some(batch) = said.next_batch(&mut left)
        {
            if self.say_once(&batch, request).await == Next::Over {
                return Next::Over;
            }
        }
        if said.is_refusal() {
            event.fail(Cause::Client, "");
        }
        if let Some(passed) = self.passed.take() {
            return self.say_once(&passed, request).await;
        }
        Next::Continue
    }

    /// Says it, with its pauses, and writes it down.
    async fn say_once(&mut self, said: &Said, request: &mut Request) -> Next {
        let event = request.event.handle();
        let own = Pace { rate: event.verdict().rate(), chunk: event.verdict().chunk() };
        // A transfer's pace is that of its bytes, and of what its rule says where there are none.
        let of_data = event.bytes().is_some() || (request.task.moves_data() && !event.has_acted());
        let pace = if own.is_free() || of_data { self.pace() } else { own };
        for (length, text) in said.parts() {
            if self.hold(&event, Wait::For(*length)).await == Next::Over {
                return Next::Over;
            }
            event.said(text);
            if self.say_paced(&event, text.clone(), pace).await == Next::Over {
                return Next::Over;
            }
        }
        Next::Continue
    }

    /// Says this at a pace.
    pub(super) async fn say_paced(
        &mut self,
        event: &EventHandle,
        text: Vec<u8>,
        pace: Pace,
    ) -> Next {
        let text = self.control.encoded(text);
        let mut pacer = Pacer::begin(pace);
        for piece in text.chunks(pacer.piece(text.len().max(1))) {
            self.control.write(piece).await;
            if pace.is_free() {
                continue;
            }
            let wait = pacer.moved(piece.len());
            if wait.is_zero() {
                // The piece should leave as a segment of its own.
                tokio::task::yield_now().await;
            }
            if self.hold(event, Wait::Pace(wait)).await == Next::Over {
                return Next::Over;
            }
        }
        event.answered();
        Next::Continue
    }

    /// A refused login is an event of its own. Tells how it went on if a rule acted on it.
    async fn denied(&mut self, said: &Said) -> Option<Next> {
        let event = self.event().operation(Operation::Denied);
        let event = self.run.decide(&event, self.peer, Secrecy::Open);
        if event.verdict().rule.is_none() {
            event.end();
            return None;
        }
        let done = Done { natural: Some(said.whole()), ..Done::default() };
        Some(Box::pin(self.decided(Moment::Of(Operation::Denied), event, done)).await.0)
    }

    /// What becomes of the data connection.
    pub(super) async fn end_data(
        &mut self,
        ending: Ending,
        done: &mut Done,
        event: &EventHandle,
    ) -> Next {
        if let Ending::Close(later) = ending
            && self.hold_data(event, Wait::For(later), done).await == Next::Over
        {
            return Next::Over;
        }
        let Some(wire) = done.wire.take() else { return Next::Continue };
        match ending {
            // Closed as every server does it: what the client still sends meets a closed socket.
            Ending::Close(_) => wire.finish().await,
            Ending::Stall => self.leave_open(wire, done.task, event),
            other => {
                if let After::Stays(wire) = fault::end(wire, other).await {
                    self.leave_open(wire, done.task, event);
                }
            }
        }
        Next::Continue
    }

    /// Changes the tree, or pretends to, as a rule's `keep` has it.
    ///
    /// # Errors
    /// Those of the change.
    pub(super) fn change(&self, request: &mut Request, change: Change) -> Result<(), files::Error> {
        let keep = request.verdict().keep();
        request.left = Some(self.run.change(self.account(), change, keep)?);
        Ok(())
    }

    /// What the operation leaves behind.
    pub(super) fn settle(&self, keep: Option<Keep>, request: &mut Request) {
        let Some(left) = request.left.take() else {
            return;
        };
        if let Err(error) = self.run.settle(keep, left) {
            request.event.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// A data connection stalls and nothing is said, until the client gives up on either connection or the cap is reached.
    pub(super) async fn wait_out(&mut self, event: &EventHandle) -> Next {
        let data = self.hanging.take();
        let given_up = async move {
            match data {
                // It is dropped when the data connection is.
                Some(data) => drop(data.await),
                None => std::future::pending().await,
            }
        };
        let mut stall = std::pin::pin!(event.hold(Wait::Stall, given_up));
        let mut ear = Ear::for_the_client();
        match self.beside(stall.as_mut(), &mut ear).await {
            Beside::Done(Held::Over | Held::Left) | Beside::Left => Next::Continue,
            Beside::Done(Held::Capped) | Beside::DoneAlone(_) | Beside::Over => Next::Over,
            Beside::Aborted(abort) => {
                self.let_go();
                self.aborted(abort).await
            }
            Beside::Silenced(idle) => self.fall_idle(idle, None).await,
        }
    }

    /// `data: flow` part way: the answer goes out now, if the rule says anything, and the rest of the bytes follow.
    pub(super) async fn flow_on(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        answered: Answered,
        then: Option<Ending>,
        going: Going,
    ) -> Next {
        let keep = request.verdict().keep();
        if going.rest.goes_down() {
            // The file changes under its reader.
            self.settle(keep, request);
        }
        if then.is_some_and(silences) {
            request.event.note("the data connection goes on");
            let (run, left) = (Arc::clone(&self.run), request.left.take());
            tokio::spawn(going.rest.run_alone(run, going.wire, keep, left));
            let said = match answered {
                Answered::Now(said) => said,
                Answered::AtItsEnd => None,
            };
            return self.finish(operation, request, said, then).await;
        }
        let next = match answered {
            Answered::Now(said) => Some(self.finish(operation, request, said, then).await),
            Answered::AtItsEnd => None,
        };
        let done = self.rest_of(request, going).await;
        self.settle(keep, request);
        if done.over {
            return Next::Over;
        }
        if let Some(next) = next {
            return next;
        }
        self.finish(operation, request, done.natural.map(Said::once), None).await
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
