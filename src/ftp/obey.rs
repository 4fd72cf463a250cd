//! Obeys a verdict: the one place that knows the order of things at a rule's point (the language's page,
//! section 3, rules 12 to 18). First the delay, then the data connection, the answer, and the session's end.
//!
//! What an operation leaves (`keep`) is settled just before the answer, not after it: a client that looks as soon
//! as it has the answer must see what the scenario says.

use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::ending::Going;
use super::reply::{Reply, is_refusal};
use super::request::{Done, Next, Request};
use super::script::{Filling, Said};
use super::session::{Moment, Session};
use crate::engine::{Action, At, Ending, Keep, Operation};
use crate::fault::pace::pause;
use crate::files::{Follow, Write};
use crate::journal::Cause;
use crate::run::Left;

impl Session {
    /// Runs a command, or what a rule puts in its place.
    pub(super) async fn obey(&mut self, command: &'static Command, request: &mut Request) -> Next {
        request.moves_data = command.moves_data();
        request.sends_data = command.sends_data();
        let operation = self.operation_of(command, &request.argument);
        if request.verdict.rule.is_some() && request.verdict.at == At::Start {
            request.outcome.fired = true;
            pause(request.verdict.delay).await;
        }
        let replaced = request.is_replaced(command);
        let done = if replaced {
            self.instead(command, request).await
        } else if let Some(refusal) = self.refusal_of(command) {
            refusal.into()
        } else {
            command.perform(self, request).await
        };
        let (next, _) = Box::pin(self.conclude(operation, request, done, replaced)).await;
        next
    }

    /// Nothing is done; only the data connection that waits may have to be ended, and a file to be lost.
    async fn instead(&mut self, command: &Command, request: &mut Request) -> Done {
        let action = Arc::clone(&request.verdict.action);
        let wire = if command.moves_data() { self.take_waiting(action.data).await } else { None };
        let truth =
            action.data.map(|_| Reply::new(426, "Connection closed; transfer aborted.").to_bytes());
        if matches!(action.keep, Some(Keep::Lost | Keep::Size(_))) {
            request.left = self.file_at(command, request);
        }
        if command.verb == "PROT" && action.reply.as_ref().is_some_and(|it| it.begins_with("2")) {
            self.security.lie(&request.argument);
        }
        Done { truth, wire, ..Done::default() }
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

    /// Meets a moment: it is replaced as soon as a rule says anything about it.
    pub(super) async fn meet(
        &mut self,
        moment: Moment,
        request: &mut Request,
        done: Done,
    ) -> (Next, Done) {
        let replaced = request.verdict.replaces_the_operation();
        if request.verdict.rule.is_some() && request.verdict.at == At::Start {
            request.outcome.fired = true;
            if moment != Moment::Of(Operation::Idle) {
                pause(request.verdict.delay).await;
            }
        }
        self.conclude(moment.operation(), request, done, replaced).await
    }

    /// All that comes after the operation itself. Tells what is left of what was at stake.
    async fn conclude(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        done: Done,
        replaced: bool,
    ) -> (Next, Done) {
        if done.over {
            return (Next::Over, done);
        }
        if Self::acts(operation, request, &done, replaced) {
            self.act(operation, request, done, replaced).await
        } else {
            self.tell_the_truth(operation, request, done).await
        }
    }

    /// No rule acts here, or one that only slowed, claimed or kept.
    async fn tell_the_truth(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        mut done: Done,
    ) -> (Next, Done) {
        let refused = done.truth.as_deref().is_some_and(is_refusal);
        if refused && request.verdict.delay.is_zero() {
            // What was not done at all was not slowed or spoilt either.
            request.outcome.fired = false;
        }
        if request.outcome.fired {
            let action = Arc::clone(&request.verdict.action);
            if action.spoils() && !refused {
                request.outcome.fail(Cause::Rule, "");
            }
            self.settle(action.keep, request);
        }
        if operation != Some(Operation::Channel)
            && let Some(wire) = done.wire.take()
        {
            wire.finish().await;
        }
        let said = done.truth.take().map(|truth| self.stand_in_for(truth, request));
        (self.finish(operation, request, said, None).await, done)
    }

    /// The rule's final reply to a transfer, where it has one and the transfer did not fail by itself.
    fn stand_in_for(&self, truth: Vec<u8>, request: &mut Request) -> Said {
        match request.stand_ins() {
            Some((_, Some(own))) if request.moves_data && !is_refusal(&truth) => {
                let said = Said::reply(&own, &self.filling(request, &truth));
                if said.is_refusal() {
                    request.outcome.fail(Cause::Rule, "");
                }
                said
            }
            _ => Said::once(truth),
        }
    }

    /// A rule acts: the delay, the data connection, the answer, the session's end, in this order.
    async fn act(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        mut done: Done,
        replaced: bool,
    ) -> (Next, Done) {
        let action = Arc::clone(&request.verdict.action);
        let at = request.verdict.at;
        let flows = flows(&action, at);
        if flows
            && at == At::End
            && let Some(wire) = done.wire.take()
        {
            // Only the answer waits.
            wire.finish().await;
        }
        if at != At::Start {
            request.outcome.fired = true;
            pause(request.verdict.delay).await;
        }
        let said = self.answer_of(&action, request, &done);
        let undone = replaced && operation.is_some_and(Operation::is_on_files);
        request.outcome.note(request.verdict.description());
        if undone || action.spoils() || said.as_ref().is_none_or(Said::is_refusal) {
            request.outcome.fail(Cause::Rule, "");
        }
        if !flows || at == At::Start {
            let ending = action.data.unwrap_or(match action.then {
                Some(Ending::Restart(_)) => Ending::Reset,
                _ => Ending::Close(Duration::ZERO),
            });
            self.end_data(ending, &mut done, request).await;
        }
        if action.data == Some(Ending::Stall) && said.is_none() && action.then.is_none() {
            self.settle(action.keep, request);
            return (self.wait_out().await, done);
        }
        let next = match (done.rest.take(), done.wire.take()) {
            (Some(rest), Some(wire)) => {
                let going = Going { rest: *rest, wire };
                Box::pin(self.flow_on(operation, request, said, going)).await
            }
            (_, wire) => {
                done.wire = wire;
                self.settle(action.keep, request);
                self.finish(operation, request, said, action.then).await
            }
        };
        (next, done)
    }

    /// Whether the rule acts now that the operation is done, or was not to be done.
    fn acts(operation: Option<Operation>, request: &Request, done: &Done, replaced: bool) -> bool {
        if request.verdict.rule.is_none() {
            return false;
        }
        match request.verdict.at {
            At::Start => replaced,
            At::End if operation == Some(Operation::Denied) => true,
            At::End if request.moves_data && request.outcome.bytes.is_none() => false,
            At::End => !done.truth.as_deref().is_some_and(is_refusal),
            At::Bytes(size) if !request.moves_data => {
                done.truth.as_ref().is_some_and(|truth| truth.len() as u64 > size)
            }
            At::Bytes(_) | At::Beyond(_) => done.rest.is_some(),
        }
    }

    /// What is said: the rule's answer, or what follows from its other axes (rule 16).
    fn answer_of(&mut self, action: &Action, request: &Request, done: &Done) -> Option<Said> {
        let truth = done.truth.as_deref().unwrap_or_default();
        let cut = match request.verdict.at {
            At::Bytes(size) if !request.moves_data && action.damage.is_none() => {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                Some(truth[..truth.len().min(size)].to_vec())
            }
            _ => None,
        };
        let filling = self.filling(request, truth);
        // Where there is a listing or a content, `send` was that.
        let was_data = request.sends_data && request.outcome.bytes.is_some();
        let send = action.send.as_ref().filter(|_| !was_data);
        let own = send.map(|send| Said::exactly(send, &filling));
        let own = own.or_else(|| action.reply.as_ref().map(|reply| Said::reply(reply, &filling)));
        match (own, cut) {
            (Some(own), Some(cut)) => Some(own.after(cut)),
            (Some(own), None) => Some(own),
            (None, Some(cut)) => Some(Said::once(cut)),
            (None, None) if action.then.is_some() => None,
            (None, None) if action.data == Some(Ending::Stall) => None,
            (None, None) => done.truth.clone().map(Said::once),
        }
    }

    pub(super) fn filling<'a>(&self, request: &'a Request, truth: &'a [u8]) -> Filling<'a> {
        let path = request.path.as_ref();
        let account = self.account();
        let stat = path.and_then(|path| self.run.files.stat(&account, path, Follow::Yes).ok());
        Filling {
            answer: truth,
            path: path.unwrap_or(&self.cwd).as_bytes().to_vec(),
            size: stat.map_or(0, |stat| stat.size),
            data: self.data_address(),
            client: self.peer.ip(),
            user: self.event().user.unwrap_or_default().to_owned(),
        }
    }
}

/// Whether the data connection goes on (rule 15).
fn flows(action: &Action, at: At) -> bool {
    match action.data {
        Some(ending) => ending == Ending::Flow,
        None => at == At::End || (action.answer().is_none() && action.then.is_none()),
    }
}
