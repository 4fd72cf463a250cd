//! A transfer: its data connection, its preliminary reply, its bytes, and what the client says meanwhile.

use std::sync::Arc;

use super::beside::Beside;
use super::ending::Going;
use super::load::{Load, Moved, Source};
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::Session;
use crate::engine::Natural;
use crate::fault::Wire;
use crate::run::{Portion, Wait};

impl Session {
    /// A whole transfer: the data connection, the preliminary reply, the bytes.
    pub(super) async fn transfer(
        &mut self,
        request: &mut Request,
        mut load: Load,
        opening: Reply,
    ) -> Done {
        // The file was opened before the data connection, as on any server.
        request.left = load.file();
        load.close_notify = self.security.tls.settings().close_notify;
        let task = request.task;
        let wire = match self.open_data(request).await {
            Ok(wire) => wire,
            Err(done) => return done,
        };
        if self.say_opening(request, opening).await == Next::Over {
            return Done::broken_off(Next::Over);
        }
        let wire = match self.secure_data(request, wire).await {
            Ok(wire) => wire,
            Err(done) => return done,
        };
        let (moved, wire) = self.move_all(&mut load, wire).await;
        let verdict = request.verdict();
        let is_at_its_point = matches!(moved, Moved::Reached)
            || matches!(moved, Moved::Whole) && verdict.acts_at_the_end();
        if verdict.content(task).is_some() && is_at_its_point {
            return self.supply(request, load, wire).await;
        }
        match moved {
            Moved::Reached => {
                let natural = Reply::new(426, "Connection closed; transfer aborted.").to_bytes();
                let rest = Some(Box::new(load));
                Done { natural: Some(natural), wire, task, rest, ..Done::default() }
            }
            // A rule may end the data connection in its own way.
            Moved::Whole if verdict.acts_at_the_end() || verdict.content(task).is_some() => {
                Done { wire, task, ..load.closing.into() }
            }
            Moved::Whole => {
                if let Some(wire) = wire {
                    wire.finish().await;
                }
                load.closing.into()
            }
            failure => failure.done(request),
        }
    }

    /// The rule's own bytes go out where it acts, after the true ones that come before.
    async fn supply(&mut self, request: &mut Request, mut load: Load, wire: Option<Wire>) -> Done {
        let (task, event) = (request.task, request.event.handle());
        let verdict = event.verdict();
        let natural = match verdict.part_way() {
            Some(_) => Natural::Reached,
            None => Natural::Done(0),
        };
        let delay = verdict.course(task, natural).delay;
        let mut done = Done { wire, task, ..Done::default() };
        if self.hold_data(&event, Wait::For(delay), &mut done).await == Next::Over {
            return Done::broken_off(Next::Over);
        }
        event.act();
        let (Some(send), Some(wire)) = (verdict.content(task), done.wire) else {
            return Done::broken_off(Next::Continue);
        };
        load.supply(Source::told(self.filling(request, b"").portions(send), None));
        match self.move_all(&mut load, wire).await {
            (Moved::Whole | Moved::Reached, wire) => {
                Done { wire, task, is_supplied: true, ..load.closing.into() }
            }
            (failure, _) => failure.done(request),
        }
    }

    /// Moves the bytes up to their end, or up to what ends them, and heeds what happens meanwhile. Hands the connection
    /// back unless it was ended. A client that leaves ends nothing but the holds: the transfer ends with its data
    /// connection.
    async fn move_all(&mut self, load: &mut Load, mut wire: Wire) -> (Moved, Option<Wire>) {
        let run = Arc::clone(&self.run);
        let hurry = load.hurry();
        let mut ear = self.ear(load.event());
        let ended = {
            let mut moving = std::pin::pin!(load.run(&mut wire, &run));
            loop {
                match self.beside(moving.as_mut(), &mut ear).await {
                    Beside::Left => hurry.send_replace(true),
                    ended => break ended,
                };
            }
        };
        match ended {
            Beside::Done(moved) => (moved, Some(wire)),
            Beside::DoneAlone(moved) => (moved.without_session(), Some(wire)),
            Beside::Left | Beside::Over => (Moved::Aborted(Next::Over), Some(wire)),
            Beside::Aborted(abort) => {
                drop(wire);
                (Moved::Aborted(self.aborted(abort).await), None)
            }
            Beside::Silenced(idle) => {
                (Moved::Silenced(self.fall_idle(idle, Some(wire)).await), None)
            }
        }
    }

    /// The rest of a transfer after a rule let it go on.
    pub(super) async fn rest_of(&mut self, request: &mut Request, going: Going) -> Done {
        let Going { rest: mut load, wire } = going;
        load.stop = None;
        let (moved, wire) = self.move_all(&mut load, wire).await;
        match moved {
            Moved::Whole | Moved::Reached => {
                if let Some(wire) = wire {
                    wire.finish().await;
                }
                load.closing.into()
            }
            failure => failure.done(request),
        }
    }

    /// The preliminary reply: the server's, or a rule's that stands in for it.
    async fn say_opening(&mut self, request: &mut Request, opening: Reply) -> Next {
        if request.verdict().opens_at_the_end() {
            return Next::Continue;
        }
        let text = match request.verdict().preliminary(request.task) {
            Some(own) => Said::reply(&own, &self.filling(request, b"")).whole(),
            None => opening.to_bytes(),
        };
        let event = request.event.handle();
        event.said(&text);
        self.say_bytes(&event, text).await
    }

    /// What goes down to the client: the truth, or what a rule sends in its place.
    ///
    /// # Errors
    /// Those of the truth, if it is needed.
    pub(super) fn source(
        &self,
        request: &Request,
        truth: Result<Source, Reply>,
    ) -> Result<Source, Reply> {
        let Some(send) = request.verdict().whole_content(request.task) else { return truth };
        let portions = self.filling(request, b"").portions(send);
        let truth = if portions.contains(&Portion::Truth) { Some(truth?) } else { None };
        Ok(Source::told(portions, truth.as_ref()))
    }
}
