//! One file or directory, and what was decided of it. [`Session::carry_out`] is the one place that executes the steps of
//! a course.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::yield_now;

use super::session::{DONE, Over, Session};
use crate::engine::{
    Course, Damage, DataFate, Ending, Event, Keep, Natural, Operation, Own, Repeat, Say, Status,
    Stored, Task,
};
use crate::fault::channel::{Incoming, Outgoing};
use crate::fault::{Held, Pace, Pacer};
use crate::files::{Follow, Path, Scope, Write};
use crate::journal::{Cause, Secrecy};
use crate::run::{EventHandle, Filling, Left, Network, Pending, Wait};

/// What a status is called by somebody who knows no numbers, where its rule has no text.
const TEXTS: [(u32, &str); 4] = [
    (2, "No such file or directory"),
    (3, "Permission denied"),
    (14, "No space left on device"),
    (15, "Disk quota exceeded"),
];

/// A client that waits for an answer has something to say then.
pub(super) const ITS_TURN: u64 = 1;

/// One file or directory.
#[derive(Debug)]
pub(super) struct Case {
    /// As the client calls it.
    pub(super) shown: Vec<u8>,
    pub(super) path: Path,
    pub(super) task: Task,
    pub(super) pending: Pending,
}

/// What is done at a rule's point, or at the end.
#[derive(Debug)]
pub(super) struct Steps<'v> {
    pub(super) course: Course<'v>,
    pub(super) natural: Option<Vec<u8>>,
    /// What was done, and what a rule keeps of it.
    pub(super) left: Option<(Option<Keep>, Left)>,
    /// What the client still has to say, in bytes.
    pub(super) owes: u64,
}

impl<'v> Steps<'v> {
    pub(super) fn of(course: Course<'v>) -> Self {
        Self { course, natural: None, left: None, owes: ITS_TURN }
    }

    /// The end of what was done.
    pub(super) fn done(course: Course<'v>, left: Option<(Option<Keep>, Left)>) -> Self {
        Self { natural: Some(DONE.to_vec()), left, ..Self::of(course) }
    }
}

impl Case {
    /// How fast its bytes move.
    pub(super) fn pace(&self, network: Network) -> Pace {
        let verdict = self.pending.verdict();
        Pace { rate: verdict.rate().or(network.rate), chunk: verdict.chunk().or(network.chunk) }
    }

    /// What its rule does when it has begun. It may be about what only packets have.
    pub(super) fn begun(&self) -> Course<'_> {
        let verdict = self.pending.verdict();
        let packets =
            matches!(verdict.damage(), Some(Damage::Order | Damage::Short | Damage::Long));
        let is_vain =
            packets || !verdict.claims().is_empty() || verdict.repeat() == Repeat::Endless;
        let does = verdict.waits()
            || verdict.rate().or(verdict.chunk()).is_some()
            || verdict.keep().is_some()
            || verdict.content(self.task).is_some()
            || verdict.damage().is_some() && !packets;
        if !verdict.acts_at_the_start() || is_vain && !does {
            return Course::NATURAL;
        }
        let course = verdict.course(self.task, Natural::Done(0));
        self.pending.act();
        if course.fails {
            self.pending.fail(Cause::Rule, "");
        }
        course
    }

    /// What its rule does when all is done.
    pub(super) fn done(&self) -> Course<'_> {
        let verdict = self.pending.verdict();
        if !verdict.acts_at_the_end() {
            return Course::NATURAL;
        }
        verdict.course(self.task, Natural::Done(DONE.len()))
    }

    /// Its refusal, for people.
    pub(super) fn complaint(&self, text: &str) -> Vec<u8> {
        [&self.shown[..], b": ", text.as_bytes()].concat()
    }
}

impl<I: Incoming, O: Outgoing> Session<I, O> {
    /// Asks the engine about a file or directory.
    pub(super) fn case(&self, operation: Operation, shown: Vec<u8>) -> Case {
        let path = self.account().resolve(&shown);
        let files = &self.run.files;
        let event = Event {
            path: Some(path.as_bytes()),
            target: Some(files.kind_at(self.account(), &path)),
            argument: Some(&shown),
            stored: self.stored(operation, &path),
            ..self.caller.event(&self.run).operation(operation)
        };
        let task = match operation {
            Operation::Download => Task::Down,
            Operation::Upload => Task::Up,
            _ => Task::Answer,
        };
        let pending = self.run.decide(&event, self.caller.peer, Secrecy::Open);
        // Its files are always whole.
        pending.begins_at(0);
        Case { shown, path, task, pending }
    }

    /// What is stored, besides what an upload replaces.
    fn stored(&self, operation: Operation, path: &Path) -> Stored {
        if !operation.stores() {
            return Stored::default();
        }
        let (files, account) = (&self.run.files, self.account());
        let gone = files.stored(Scope::At(account, path));
        Stored {
            server: files.stored(Scope::Everything).saturating_sub(gone),
            user: files.stored(Scope::By(account.login())).saturating_sub(gone),
            path: 0,
        }
    }

    /// What comes before it is done, and perhaps in its place. Tells whether it is done.
    pub(super) async fn begin(&mut self, case: &Case) -> Result<bool, Over> {
        let (verdict, task) = (case.pending.verdict(), case.task);
        let plan = verdict.plan(task);
        if plan.perform {
            self.wait(&case.pending, plan.delay, ITS_TURN).await?;
            return Ok(true);
        }
        let course = verdict.course(task, Natural::NotDone);
        // An upload that is not done at all can still lose what was there.
        let keep = course.keep.filter(|_| task == Task::Up);
        let file = keep
            .and_then(|_| self.run.files.open_write(self.account(), &case.path, Write::Keep).ok());
        let left = file.map(|file| (keep, Left::File(Arc::new(file))));
        let course = Course { delay: plan.delay, ..course };
        self.carry_out(case, Steps { left, ..Steps::of(course) }).await?;
        Ok(false)
    }

    /// Carries out the steps of a course, in their order (the language's rules 15 and 16).
    pub(super) async fn carry_out(&mut self, case: &Case, steps: Steps<'_>) -> Result<(), Over> {
        let Steps { course, natural, left, owes } = steps;
        let event = case.pending.handle();
        if natural.is_some() || course.say != Say::Natural || !course.delay.is_zero() {
            self.wait(&event, course.delay, owes).await?;
        }
        if course.acts {
            event.note(event.verdict().description());
            event.act();
        }
        if let Some((keep, left)) = left {
            self.settle(&event, course.keep.or(keep), left);
        }
        let natural = natural.unwrap_or_default();
        let (said, is_refusal) = match &course.say {
            Say::Natural | Say::Stand(_) => (at_once(natural), false),
            Say::Own(own) => self.own(case, *own, &natural),
            Say::Cut(length, own) => {
                let (own, is_refusal) =
                    own.map(|own| self.own(case, own, &natural)).unwrap_or_default();
                let mut said = at_once(natural[..natural.len().min(*length)].to_vec());
                said.extend(own);
                (said, is_refusal)
            }
            Say::Nothing => (Vec::new(), false),
        };
        if course.fails || is_refusal {
            event.fail(Cause::Rule, "");
        }
        self.complaints += usize::from(is_refusal || course.say == Say::Nothing);
        let is_answer = !said.is_empty();
        for (pause, piece) in said {
            self.hold(&event, Wait::For(pause), owes).await?;
            if course.say != Say::Natural {
                event.said(piece.strip_prefix(b"\x01").unwrap_or(&piece));
            }
            self.talk.say(piece).await?;
        }
        if is_answer {
            event.answered();
        }
        self.end(&event, &course).await
    }

    /// The rule's own answer, and whether it is a refusal.
    fn own(&self, case: &Case, own: Own<'_>, natural: &[u8]) -> (Vec<(Duration, Bytes)>, bool) {
        let filling = self.filling(case, natural);
        match own {
            Own::Exactly(send) => (filling.pieces(send), false),
            Own::Status(Status::Code(0, _)) => (at_once(DONE.to_vec()), false),
            Own::Status(Status::Code(code, text)) => {
                let usual = TEXTS.iter().find(|(known, _)| known == code);
                let text = match filling.render(text) {
                    text if text.is_empty() => usual.map_or("Failure", |(_, text)| text).into(),
                    text => text,
                };
                let line = [b"\x01scp: ", &case.shown[..], b": ", &text, b"\n"].concat();
                (at_once(line), true)
            }
            Own::Status(Status::Silence) | Own::Reply(_) => (Vec::new(), true),
        }
    }

    /// What fills the placeholders of a rule's answer.
    pub(super) fn filling<'a>(&'a self, case: &'a Case, answer: &'a [u8]) -> Filling<'a> {
        Filling {
            argument: &case.shown,
            path: case.path.as_bytes(),
            stat: self.run.files.stat(self.account(), &case.path, Follow::Yes).ok(),
            user: self.account().login(),
            ..Filling::answering(self.caller.peer.ip(), answer)
        }
    }

    /// What becomes of the channel, and of the connection.
    async fn end(&mut self, event: &EventHandle, course: &Course<'_>) -> Result<(), Over> {
        let data = match course.data {
            DataFate::Ends(ending) => Some(ending),
            DataFate::Finishes | DataFate::GoesOn => None,
        };
        if data.is_some() || course.then.is_some() {
            self.caller.blame.take();
        } else if course.say != Say::Nothing {
            return Ok(());
        }
        if let Some(ending) = data {
            if ending == Ending::Stall {
                self.talk.outgoing.end_channel(ending).await;
            }
            let ending = event.hold_ending(ending, self.talk.left(ITS_TURN)).await;
            self.talk.outgoing.end_channel(ending).await;
        }
        if let Some(ending) = course.then {
            if ending == Ending::Stall {
                self.talk.outgoing.end_connection(ending, b"").await;
            }
            let ending = event.hold_ending(ending, self.talk.left(ITS_TURN)).await;
            self.talk.outgoing.end_connection(ending, event.verdict().farewell()).await;
        }
        if course.then.is_none() && matches!(data, None | Some(Ending::Eof)) {
            // Neither side can go on without an answer.
            event.hold(Wait::Stall, self.talk.left(ITS_TURN)).await;
            self.caller.blame.take();
            self.talk.outgoing.end_connection(Ending::Cut, b"").await;
        }
        Err(Over::Ended)
    }

    /// Waits before an answer: for the rule, or for the scenario's network.
    async fn wait(&mut self, event: &EventHandle, delay: Duration, owes: u64) -> Result<(), Over> {
        let wait = match self.run.network.delay.filter(|_| delay.is_zero()) {
            None => Wait::For(delay),
            Some(network) => {
                self.answers += 1;
                let (engine, connection) = (&self.run.engine, self.caller.connection);
                Wait::Other(engine.draw(network, connection, self.answers))
            }
        };
        self.hold(event, wait, owes).await
    }

    /// Holds an event, and tells it if the client has left meanwhile. What is owed to it is still said.
    async fn hold(&mut self, event: &EventHandle, wait: Wait, owes: u64) -> Result<(), Over> {
        match event.hold(wait, self.talk.left(owes)).await {
            Held::Over | Held::Left => {}
            // The cap ends the session, as it ends a stall.
            Held::Capped => {
                event.fail(Cause::Rule, "");
                self.caller.blame.take();
                self.talk.outgoing.end_connection(Ending::Cut, b"").await;
                return Err(Over::Ended);
            }
        }
        Ok(())
    }

    /// So many bytes move, as fast as the pace allows. The client still has so many to say.
    pub(super) async fn moves(
        &mut self,
        case: &Case,
        pacer: &mut Pacer,
        bytes: usize,
        owes: u64,
    ) -> Result<(), Over> {
        let wait = match case.pending.verdict().rate() {
            Some(_) => Wait::Pace(pacer.moved(bytes)),
            None => Wait::Other(pacer.moved(bytes)),
        };
        if !case.pace(self.run.network).is_free() {
            // A client that takes all at once leaves others their turn, too.
            yield_now().await;
        }
        self.hold(&case.pending, wait, owes).await
    }

    /// The tree has refused it.
    pub(super) async fn refuse(&mut self, case: &Case, text: &str) -> Result<(), Over> {
        let complaint = case.complaint(text);
        case.pending.fail(Cause::Client, text);
        let course = case.pending.verdict().course(case.task, Natural::Failed);
        if matches!(course.say, Say::Own(_) | Say::Nothing) {
            let natural = Some([b"\x01scp: ", &complaint[..], b"\n"].concat());
            return self.carry_out(case, Steps { natural, ..Steps::of(course) }).await;
        }
        case.pending.said(&complaint);
        self.complain(&complaint).await?;
        case.pending.answered();
        Ok(())
    }

    /// It is over, by its answer or because the client has left.
    pub(super) fn over<T>(&self, case: Case, done: Result<T, Over>) -> Result<T, Over> {
        if matches!(done, Err(Over::Left)) {
            let who = self.caller.who_ended_it();
            case.pending.fail(who, "the connection ended before it was answered");
        }
        case.pending.end();
        done
    }

    /// What it leaves behind, as its rule has it.
    fn settle(&self, event: &EventHandle, keep: Option<Keep>, left: Left) {
        if let Err(error) = self.run.settle(keep, left) {
            event.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }
}

fn at_once(piece: Vec<u8>) -> Vec<(Duration, Bytes)> {
    if piece.is_empty() { Vec::new() } else { vec![(Duration::ZERO, piece.into())] }
}

/// Whether a rule at a byte only makes the others wait there, or spoils what comes.
pub(super) fn goes_on(course: &Course<'_>) -> bool {
    course.say == Say::Natural && !ends(course)
}

/// Whether the channel or the connection ends.
pub(super) fn ends(course: &Course<'_>) -> bool {
    course.then.is_some() || matches!(course.data, DataFate::Ends(_))
}
