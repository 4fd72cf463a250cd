//! Obeys a verdict: the one place that knows the order of things at a rule's point (the language's page,
//! section 3, rules 12 to 18). First the delay, then the data connection, the answer, and the session's end.
//!
//! What an upload leaves (`keep`) is settled just before the answer, not after it: a client that looks as soon
//! as it has the answer must see what the scenario says.

use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::reply::{Reply, is_refusal};
use super::script::{Filling, Said};
use super::session::Session;
use super::transfer::Load;
use crate::engine::{Action, Answer, At, Ending, Keep, Operation, Verdict};
use crate::fault::{self, After, Pace, Wire};
use crate::files::{Follow, Handle, Path};
use crate::journal::{Cause, Outcome};
use crate::run::Open;

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
}

/// What a healthy command leaves to be said and ended.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What goes out if no rule says otherwise; nothing if all was said.
    pub(super) truth: Option<Vec<u8>>,
    /// The data connection, still open.
    pub(super) wire: Option<Wire>,
    /// The file an upload wrote.
    pub(super) stored: Option<Arc<Handle>>,
    /// The rule's number of bytes was reached; this is left to move.
    pub(super) reached: Option<Box<Load>>,
    /// The session ends, whatever the rule says: it has already ended.
    pub(super) over: bool,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self {
            truth: Some(reply.to_bytes()),
            ..Self::default()
        }
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
        }
    }

    /// The rule's own preliminary reply, where it only stands in for the true one.
    pub(super) fn preliminary(&self) -> Option<&Answer> {
        let action = &self.verdict.action;
        let stands_in = self.verdict.at == At::Start
            && action.data.is_none()
            && action.then.is_none()
            && action.reply.as_ref().is_some_and(Answer::is_preliminary);
        action.reply.as_ref().filter(|_| stands_in)
    }

    /// Whether a rule acts in place of the command.
    fn is_replaced(&self, command: &Command) -> bool {
        let action = &self.verdict.action;
        let only_content = action.send.is_some()
            && command.sends_data()
            && Action {
                send: None,
                ..Action::clone(action)
            }
            .lets_the_operation_go_on();
        let only_port = command.makes_port()
            && action.data.is_some()
            && Action {
                data: None,
                ..Action::clone(action)
            }
            .lets_the_operation_go_on();
        self.verdict.replaces_the_operation()
            && !only_content
            && !only_port
            && !(command.moves_data() && self.preliminary().is_some())
    }
}

impl Session {
    /// Runs a command, or what a rule puts in its place.
    pub(super) async fn obey(&mut self, command: &'static Command, request: &mut Request) -> Next {
        request.moves_data = command.moves_data();
        if request.verdict.rule.is_some() && request.verdict.at == At::Start {
            request.outcome.fired = true;
            tokio::time::sleep(request.verdict.delay).await;
        }
        let replaced = request.is_replaced(command);
        let done = if replaced {
            self.instead(command, request).await
        } else if self.allows(command) {
            command.perform(self, request).await
        } else {
            Reply::new(530, "Please login with USER and PASS.").into()
        };
        let operation = command.operation(self.settings.login, &request.argument);
        let (next, _) = Box::pin(self.conclude(operation, request, done, replaced)).await;
        next
    }

    /// Nothing is done; only the data connection that waits may have to be ended.
    async fn instead(&mut self, command: &Command, request: &Request) -> Done {
        let data = request.verdict.action.data;
        let wire = if command.moves_data() {
            self.take_waiting(data).await
        } else {
            None
        };
        let truth =
            data.map(|_| Reply::new(426, "Connection closed; transfer aborted.").to_bytes());
        Done {
            truth,
            wire,
            ..Done::default()
        }
    }

    /// Meets a moment: it is replaced as soon as a rule says anything about it.
    pub(super) async fn meet(
        &mut self,
        operation: Operation,
        request: &mut Request,
        done: Done,
    ) -> (Next, Done) {
        let replaced = request.verdict.replaces_the_operation();
        if request.verdict.rule.is_some() && request.verdict.at == At::Start {
            request.outcome.fired = true;
            if operation != Operation::Idle {
                tokio::time::sleep(request.verdict.delay).await;
            }
        }
        self.conclude(Some(operation), request, done, replaced)
            .await
    }

    /// All that comes after the operation itself. Tells what is left of what was at stake.
    async fn conclude(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        mut done: Done,
        replaced: bool,
    ) -> (Next, Done) {
        let action = Arc::clone(&request.verdict.action);
        if done.over {
            return (Next::Over, done);
        }
        if !self.acts(operation, request, &done, replaced) {
            let keeps = request.outcome.fired.then_some(action.keep).flatten();
            if request.outcome.fired && spoils(&action) {
                request.outcome.fail(Cause::Rule, "");
            }
            self.settle(keeps, &mut done, request);
            if operation != Some(Operation::Channel) {
                drop(done.wire.take());
            }
            let truth = done.truth.take();
            return (
                self.finish(operation, request, truth.map(Said::once), None)
                    .await,
                done,
            );
        }
        if request.verdict.at != At::Start {
            request.outcome.fired = true;
        }
        request.outcome.note(describe(&action, &request.verdict));
        let flows = flows(&action, &request.verdict);
        let rest = done.reached.take();
        if flows && request.verdict.at == At::End {
            drop(done.wire.take());
        }
        if request.verdict.at != At::Start {
            tokio::time::sleep(request.verdict.delay).await;
        }
        let said = self.answer_of(&action, request, &done);
        let undone = replaced && operation.is_some_and(Operation::is_on_files);
        if undone || spoils(&action) || said.as_ref().is_none_or(Said::is_refusal) {
            request.outcome.fail(Cause::Rule, "");
        }
        if !flows || request.verdict.at == At::Start {
            self.end_data(
                action.data.unwrap_or(Ending::Close(Duration::ZERO)),
                &mut done,
            )
            .await;
        }
        self.settle(action.keep, &mut done, request);
        let silent_stall =
            action.data == Some(Ending::Stall) && said.is_none() && action.then.is_none();
        if silent_stall {
            request.outcome.note("the data connection stalls");
            return (self.wait_out().await, done);
        }
        let next = match (rest, flows) {
            (Some(rest), true) => {
                Box::pin(self.flow_on(operation, request, said, &action, *rest, done.wire.take()))
                    .await
            }
            _ => self.finish(operation, request, said, action.then).await,
        };
        (next, done)
    }

    /// Whether the rule acts now that the operation is done, or was not to be done.
    fn acts(
        &self,
        operation: Option<Operation>,
        request: &Request,
        done: &Done,
        replaced: bool,
    ) -> bool {
        if request.verdict.rule.is_none() {
            return false;
        }
        match request.verdict.at {
            At::Start => replaced,
            At::End if operation == Some(Operation::Denied) => true,
            At::End if request.moves_data && request.outcome.bytes.is_none() => false,
            At::End => !done.truth.as_deref().is_some_and(is_refusal),
            At::Bytes(size) if !request.moves_data => done
                .truth
                .as_ref()
                .is_some_and(|truth| truth.len() as u64 > size),
            At::Bytes(_) | At::Beyond(_) => done.reached.is_some(),
        }
    }

    /// What is said: the rule's answer, or what follows from its other axes (rule 16).
    fn answer_of(&mut self, action: &Action, request: &Request, done: &Done) -> Option<Said> {
        let truth = done.truth.as_deref().unwrap_or_default();
        let cut = match request.verdict.at {
            At::Bytes(size) if !request.moves_data => {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                Some(truth[..truth.len().min(size)].to_vec())
            }
            _ => None,
        };
        let filling = self.filling(request, truth);
        let own = action
            .send
            .as_ref()
            .map(|send| Said::exactly(send, &filling));
        let own = own.or_else(|| {
            action
                .reply
                .as_ref()
                .map(|reply| Said::reply(reply, &filling))
        });
        match (own, cut) {
            (Some(own), Some(cut)) => Some(own.after(cut)),
            (Some(own), None) => Some(own),
            (None, Some(cut)) => Some(Said::once(cut)),
            (None, None) if action.then.is_some() => None,
            (None, None) if action.data == Some(Ending::Stall) => None,
            (None, None) => done.truth.clone().map(Said::once),
        }
    }

    /// The last things: the answer, and the session's end.
    async fn finish(
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
                request
                    .outcome
                    .fail(Cause::Rule, "a rule on `denied` answered");
                return next;
            }
            self.utter(&said, request).await;
        }
        let Some(ending) = then else {
            return Next::Continue;
        };
        self.control.end(ending, self.run.max_hold).await;
        if self.control.is_gone() {
            Next::Over
        } else {
            Next::Continue
        }
    }

    /// Says it, with its pauses, and writes it down.
    async fn utter(&mut self, said: &Said, request: &mut Request) {
        let own = Pace {
            rate: request.verdict.action.rate,
            chunk: request.verdict.action.chunk,
        };
        let pace = if own.is_free() || request.outcome.bytes.is_some() {
            self.pace()
        } else {
            own
        };
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
        let done = Done {
            truth: Some(said.whole()),
            ..Done::default()
        };
        let (next, _) = Box::pin(self.moment_decided(Operation::Denied, verdict, open, done)).await;
        Some(next)
    }

    /// What becomes of the data connection.
    async fn end_data(&mut self, ending: Ending, done: &mut Done) {
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
                        done.wire = Some(wire)
                    } else {
                        self.hold(wire)
                    }
                }
            }
        }
    }

    /// What an upload leaves behind.
    fn settle(&self, keep: Option<Keep>, done: &mut Done, request: &mut Request) {
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
            request
                .outcome
                .fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// A data connection stalls and nothing is said, until the client gives up or the cap is reached.
    async fn wait_out(&mut self) -> Next {
        let cap = self.run.max_hold;
        if tokio::time::timeout(cap, self.control.aborted_or_ended())
            .await
            .is_err()
        {
            return Next::Over;
        }
        self.let_go();
        self.say(Reply::new(426, "Transfer aborted.")).await;
        self.say(Reply::new(226, "Abort successful.")).await;
        Next::Continue
    }

    /// `data: flow` part way: the answer goes out now, and the rest of the bytes follow.
    async fn flow_on(
        &mut self,
        operation: Option<Operation>,
        request: &mut Request,
        said: Option<Said>,
        action: &Action,
        rest: Load,
        wire: Option<Wire>,
    ) -> Next {
        let Some(wire) = wire else {
            return Next::Continue;
        };
        let ends = action
            .then
            .filter(|ending| ends_the_session(*ending) || *ending == Ending::Stall);
        let says_nothing_new = action.answer().is_none() && action.then.is_none();
        if ends.is_some() {
            let bytes = request.outcome.bytes;
            request.outcome.note(format!(
                "the data connection goes on after {} bytes",
                bytes.unwrap_or(0)
            ));
            tokio::spawn(rest.run_alone(Arc::clone(&self.run), wire));
            return self.finish(operation, request, said, action.then).await;
        }
        if says_nothing_new {
            let truth = self.rest_of(request, rest, wire).await;
            return self
                .finish(operation, request, Some(Said::once(truth)), None)
                .await;
        }
        let next = self.finish(operation, request, said, action.then).await;
        self.rest_of(request, rest, wire).await;
        next
    }

    pub(super) fn filling<'a>(&self, request: &'a Request, truth: &'a [u8]) -> Filling<'a> {
        let path = request.path.as_ref();
        let account = self.account();
        let stat = path.and_then(|path| self.run.files.stat(&account, path, Follow::Yes).ok());
        Filling {
            answer: truth,
            path: path.unwrap_or(&self.cwd).as_bytes().to_vec(),
            size: stat.map_or(0, |stat| stat.size),
            data: self.port.address(),
            client: self.peer.ip(),
            user: self.event().user.unwrap_or_default().to_owned(),
        }
    }
}

/// Whether the data connection goes on (rule 15).
fn flows(action: &Action, verdict: &Verdict) -> bool {
    match action.data {
        Some(ending) => ending == Ending::Flow,
        None => verdict.at == At::End || (action.answer().is_none() && action.then.is_none()),
    }
}

/// Whether what the client wanted is spoilt, whatever it is told.
fn spoils(action: &Action) -> bool {
    action.data.is_some_and(|ending| ending != Ending::Flow)
        || action.keep.is_some_and(|keep| keep != Keep::All)
        || action.then.is_some()
}

fn ends_the_session(ending: Ending) -> bool {
    matches!(
        ending,
        Ending::Close(_) | Ending::Cut | Ending::Reset | Ending::Refuse
    )
}

/// A few words for the journal on what a rule did.
fn describe(action: &Action, verdict: &Verdict) -> String {
    let mut words = Vec::new();
    match verdict.at {
        At::Start | At::End => {}
        At::Bytes(size) => words.push(format!("at {size} bytes")),
        At::Beyond(size) => words.push(format!("beyond {size} bytes")),
    }
    let endings = [("data", action.data), ("session", action.then)];
    for (what, ending) in endings {
        if let Some(ending) = ending {
            words.push(format!("{what} {}", ending.word()));
        }
    }
    if action.answer() == Some(&Answer::Silence) {
        words.push("nothing said".to_owned());
    }
    words.join(", ")
}
