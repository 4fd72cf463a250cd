//! Obeys a verdict: executes the steps of its course (`engine::Course`), which knows the order of things at a rule's
//! point.

use std::sync::Arc;

use super::command::Command;
use super::ending::{Answered, Going};
use super::reply::{self, Reply};
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::{Moment, Session};
use crate::engine::{Course, DataFate, Ending, Keep, Natural, Operation, Own, Say};
use crate::files::{Follow, Write};
use crate::journal::Cause;
use crate::run::{Filling, Left, Wait};

impl Session {
    /// Runs a command, or what a rule puts in its place.
    pub(super) async fn obey(&mut self, command: &'static Command, request: &mut Request) -> Next {
        let operation = self.operation_of(command, &request.argument);
        let plan = request.verdict().plan(request.task);
        if self.hold(&request.event, Wait::For(plan.delay)).await == Next::Over {
            return Next::Over;
        }
        let (natural, done) = if !plan.perform {
            (Natural::NotDone, self.instead(command, request).await)
        } else if let Some(refusal) = self.refusal_of(command) {
            (Natural::Failed, refusal.into())
        } else {
            let done = command.perform(self, request).await;
            (self.outcome_of(command, request, &done), done)
        };
        Box::pin(self.conclude(operation, request, natural, done)).await.0
    }

    /// What came of a command by nature. A verb that the server does not know fails at nothing: that it is unknown is its
    /// answer, and a rule makes it known by another.
    fn outcome_of(&self, command: &Command, request: &Request, done: &Done) -> Natural {
        if command.is_known(&self.settings) {
            done.outcome(request)
        } else {
            Natural::Done(done.natural.as_ref().map_or(0, Vec::len))
        }
    }

    /// Nothing is done; only the data connection that waits may have to be ended, and a file to be lost.
    async fn instead(&mut self, command: &Command, request: &mut Request) -> Done {
        let (data, keep) = (request.verdict().data(), request.verdict().keep());
        // A refusal leaves the client's connection and the port as they are, as a natural one does.
        let is_about_data = data.is_some() || !request.verdict().refuses();
        let wire = if request.task.moves_data() && is_about_data {
            self.take_waiting(data).await
        } else {
            None
        };
        if request.task.moves_data() && command.operation != Some(Operation::List) {
            // A refused transfer has used up its `REST`, too.
            self.restart = 0;
        }
        let natural =
            data.map(|_| Reply::new(426, "Connection closed; transfer aborted.").to_bytes());
        if matches!(keep, Some(Keep::Lost | Keep::Size(_))) {
            request.left = self.file_at(command, request);
        }
        if command.verb == "PROT" && request.verdict().grants() {
            self.security.lie(&request.argument);
        }
        Done { natural, wire, task: request.task, ..Done::default() }
    }

    /// The file that a command is about, which it is not to touch itself. Only an upload makes one.
    fn file_at(&self, command: &Command, request: &Request) -> Option<Left> {
        let (path, account) = (request.path.as_ref()?, self.account());
        let files = &self.run.files;
        let handle = match command.operation? {
            Operation::Upload | Operation::Append => files.open_write(&account, path, Write::Keep),
            Operation::Download | Operation::Rename => files.open_read(&account, path),
            _ => return None,
        };
        handle.ok().map(Arc::new).map(Left::File)
    }

    /// A moment: it is replaced as soon as a rule says anything about it.
    pub(super) async fn meet(
        &mut self,
        moment: Moment,
        request: &mut Request,
        mut done: Done,
    ) -> (Next, Done) {
        let event = request.event.handle();
        let plan = event.verdict().plan(request.task);
        // The delay of `idle` is a clock: it has run already.
        if moment != Moment::Of(Operation::Idle)
            && self.hold_data(&event, Wait::For(plan.delay), &mut done).await == Next::Over
        {
            return (Next::Over, done);
        }
        let natural = match &done.natural {
            _ if !plan.perform => Natural::NotDone,
            natural => Natural::Done(natural.as_ref().map_or(0, Vec::len)),
        };
        self.conclude(moment.operation(), request, natural, done).await
    }

    /// All that comes after the operation itself. Tells what is left of what was at stake.
    pub(super) async fn conclude(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        natural: Natural,
        mut done: Done,
    ) -> (Next, Done) {
        if done.over {
            return (Next::Over, done);
        }
        let event = request.event.handle();
        // Whoever broke it off has said so.
        let course = if done.broken_off {
            Course::NATURAL
        } else {
            event.verdict().course(request.task, natural)
        };
        if course.acts && natural == Natural::Failed {
            event.fail(Cause::Client, "");
        }
        // A data connection that has only been made is used from here on, unless the rule answers the transfer.
        let is_made = operation == Some(Operation::Channel) && matches!(course.say, Say::Natural);
        if course.data == DataFate::Finishes
            && !is_made
            && let Some(wire) = done.wire.take()
        {
            wire.finish().await;
        }
        if course.acts {
            if self.hold_data(&event, Wait::For(course.delay), &mut done).await == Next::Over {
                return (Next::Over, done);
            }
            event.act();
            event.note(event.verdict().description());
        }
        let said = self.said(&course.say, request, &done);
        let is_own = !matches!(course.say, Say::Natural);
        let lies = natural == Natural::NotDone;
        if !lies && !self.is_logged_in() && said.as_ref().is_some_and(Said::is_login) {
            self.let_in();
        }
        let refuses = is_own && said.as_ref().is_some_and(Said::is_refusal);
        if course.fails || refuses {
            event.fail(Cause::Rule, "");
        }
        if let DataFate::Ends(ending) = course.data
            && self.end_data(ending, &mut done, &event).await == Next::Over
        {
            return (Next::Over, done);
        }
        let stalls = course.data == DataFate::Ends(Ending::Stall);
        if stalls && said.is_none() && course.then.is_none() {
            self.settle(course.keep, request);
            return (self.wait_out(&event).await, done);
        }
        let next = match (done.rest.take(), done.wire.take()) {
            (Some(rest), Some(wire)) => {
                let going = Going { rest: *rest, wire };
                let says = is_own || course.then.is_some();
                let answered = if says { Answered::Now(said) } else { Answered::AtItsEnd };
                Box::pin(self.flow_on(operation, request, answered, course.then, going)).await
            }
            (_, wire) => {
                done.wire = wire;
                self.settle(course.keep, request);
                self.finish(operation, request, said, course.then).await
            }
        };
        (next, done)
    }

    /// What is said: the natural answer, the rule's own, or nothing.
    fn said(&self, say: &Say<'_>, request: &Request, done: &Done) -> Option<Said> {
        let natural = done.natural.as_deref().unwrap_or_default();
        let own = |own: Own<'_>| {
            let filling = self.filling(request, natural);
            match own {
                Own::Exactly(send) => Said::exactly(send, &filling),
                Own::Reply(reply) => Said::reply(reply, &filling),
                // Statuses are not of this protocol.
                Own::Status(_) => Said::once(Vec::new()),
            }
        };
        match say {
            Say::Nothing => None,
            Say::Natural => done.natural.clone().map(Said::once),
            Say::Own(answer) => Some(own(*answer)),
            Say::Stand(reply) => Some(own(Own::Reply(reply))),
            Say::Cut(size, answer) => {
                let cut = natural[..natural.len().min(*size)].to_vec();
                Some(match answer {
                    Some(answer) => own(*answer).after(cut),
                    None => Said::once(cut),
                })
            }
        }
    }

    pub(super) fn filling<'a>(&'a self, request: &'a Request, natural: &'a [u8]) -> Filling<'a> {
        let path = request.path.as_ref();
        let account = self.account();
        Filling {
            text: reply::text(natural),
            verb: request.event.wire().unwrap_or_default(),
            argument: &request.argument,
            path: path.unwrap_or(&self.cwd).as_bytes(),
            stat: path.and_then(|path| self.run.files.stat(&account, path, Follow::Yes).ok()),
            data: self.data_address(),
            user: self.event().user.unwrap_or_default(),
            ..Filling::answering(self.peer.ip(), natural)
        }
    }
}
