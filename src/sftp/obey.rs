//! Obeys a verdict: [`Session::carry_out`] is the one place that executes the steps of a course. First the hold, then
//! what is kept, the answer, and then what becomes of the channel and of the connection: unlike FTP's, an SFTP answer
//! goes through the channel and cannot come after its end.
//!
//! What a rule does to a whole transfer is in [`transfer`](super::transfer).

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::time::Instant;

use super::answer::{Answer, Frame};
use super::codec::{Packet, handle_of};
use super::debts::{Debts, Part};
use super::kinds::HANDLE;
use super::opened::{Opened, Progress, Thing};
use super::owed::Owed;
use super::request::{Ask, Done, Request};
use super::session::Session;
use super::settings::Requests;
use super::spoil::Spoil;
use super::state::filling;
use super::status::{self, OK, Status};
use super::transfer::own_pace;
use super::writer::{Full, Hold, Item, Over, Paced, Until};
use crate::engine::{
    Course, Damage, DataFate, Ending, Keep, Natural, Own, Repeat, Say, Task, Verdict,
};
use crate::fault::Pace;
use crate::files::{Follow, Path, Write};
use crate::journal::{Cause, Secrecy};
use crate::run::{EventHandle, Filling, Left, Pending, Wait};

/// Of a request that no rule was asked about.
static HEALTHY: LazyLock<Verdict> = LazyLock::new(Verdict::healthy);

/// A request, what it has come to, and what a rule makes of it.
#[derive(Debug)]
pub(super) struct Steps<'v> {
    pub(super) request: &'v Request,
    /// The event whose rule may act: the request's own, or its transfer's.
    pub(super) event: Option<&'v EventHandle>,
    pub(super) course: Course<'v>,
    /// The delay before it, and at its point.
    pub(super) delay: Duration,
    pub(super) natural: Option<Reply>,
    /// How often the answer is said.
    pub(super) repeat: Repeat,
    /// What a rule keeps of what was done.
    pub(super) settles: Option<(Keep, Left, EventHandle)>,
    /// That event, if it is over now.
    pub(super) over: Option<Pending>,
    /// The transfer that is closed.
    pub(super) closes: Option<Pending>,
}

/// A natural answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) frame: Frame,
    /// As the journal has it.
    pub(super) line: Vec<u8>,
    pub(super) paced: Option<Box<Paced>>,
    /// A rule has spoilt it.
    pub(super) is_spoilt: bool,
}

impl Reply {
    /// A packet of which nothing is written down.
    pub(super) fn of(frame: Frame, spoil: Option<Spoil>) -> Self {
        let is_spoilt = spoil.is_some();
        Self { frame: frame.spoilt(spoil), line: Vec::new(), paced: None, is_spoilt }
    }
}

/// What was said.
struct Said {
    line: Vec<u8>,
    /// It is no answer to what was asked.
    is_wrong: bool,
}

impl Session {
    /// One request. What a rule does to a whole transfer comes first.
    pub(super) fn request(&mut self, request: &Request) -> Result<(), Full> {
        if self.at_its_point(request)? {
            return Ok(());
        }
        let event = self.event_of(request);
        let (run, peer) = (&self.state.run, self.state.caller.peer);
        let pending = if request.kind.as_word().has_own_record() {
            Some(run.decide(&event, peer, Secrecy::Open))
        } else {
            run.decide_if_ruled(&event, peer)
        };
        self.obey(request, pending)
    }

    fn obey(&mut self, request: &Request, pending: Option<Pending>) -> Result<(), Full> {
        let event = pending.as_ref().map(Pending::handle);
        let verdict = event.as_ref().map_or(&*HEALTHY, EventHandle::verdict);
        let plan = verdict.plan(request.task(verdict));
        let part = self.part_of(request);
        let steps = Steps::of(request, event.as_ref(), Course::NATURAL, pending);
        let mut steps = Steps { delay: plan.delay, ..steps };
        if !plan.perform {
            steps.course = verdict.course(request.task(verdict), Natural::NotDone);
            steps.settles = self.lost(request, &steps);
            let is_wrong = self.carry_out(steps)?;
            self.account_for(request, part, is_wrong.then_some(Cause::Rule), None);
            return Ok(());
        }
        match request.perform(&mut self.state, verdict) {
            Ok(Done::Opened(thing)) => self.opened(steps, thing),
            Ok(Done::Answer(answer)) => self.answered(steps, part, answer, None),
            Ok(Done::Changed(left)) => {
                self.answered(steps, part, Status::natural(OK).into(), Some(left))
            }
            Err(status) => self.answered(steps, part, status.into(), None),
        }
    }

    /// The request was done, or refused by nature. A change leaves something behind.
    fn answered(
        &mut self,
        mut steps: Steps<'_>,
        part: Option<Part>,
        answer: Answer,
        left: Option<Left>,
    ) -> Result<(), Full> {
        let (request, event) = (steps.request, steps.event);
        let (is_refusal, wanted) = (answer.is_refusal(), answer.wanted());
        let line = event.map_or_else(Vec::new, |_| answer.line());
        let (answer, paced) = self.shaped(request, event, answer);
        let given = part.and_then(|part| part.given_by(&answer));
        let frame = answer.frame(request.id, &self.state.settings.language);
        let length = frame.length();
        let natural = if is_refusal { Natural::Failed } else { Natural::Done(length) };
        steps.course = steps.verdict().course(request.task(steps.verdict()), natural);
        let spoil = match event.map(EventHandle::verdict).filter(|verdict| verdict.rule.is_some()) {
            None => self.spoilt_by_its_transfer(request, length, wanted),
            Some(verdict) => {
                // What was not done was not slowed, but may be told as it is not.
                let acts = steps.course.acts || is_refusal && verdict.acts_at_the_start();
                let place = verdict.part_way().unwrap_or(0);
                let spoil = Spoil::of(verdict, place, wanted).filter(|_| acts);
                steps.course.acts |= spoil.is_some();
                spoil
            }
        };
        steps.delay += steps.course.delay;
        if let (Some(left), Some(keep), Some(event)) = (left, steps.course.keep, event) {
            steps.settles = Some((keep, left, event.clone()));
        }
        steps.natural = Some(Reply { line, paced, ..Reply::of(frame, spoil) });
        if let Some(event) = event.filter(|_| is_refusal) {
            event.fail(Cause::Client, "");
        }
        if let Ask::Close = request.ask
            && let Some(opened) = self.state.open.close(request.number)
        {
            steps.close(opened);
        }
        let is_wrong = self.carry_out(steps)?;
        let by_rule = is_wrong.then_some(Cause::Rule);
        let cause = by_rule.or(is_refusal.then_some(Cause::Client));
        self.account_for(request, part, cause, given);
        Ok(())
    }

    /// A transfer or a listing begins; it is over when it is closed.
    fn opened(&mut self, mut steps: Steps<'_>, thing: Thing) -> Result<(), Full> {
        let (Some(pending), Some(event)) = (steps.over.take(), steps.event) else { return Ok(()) };
        let (request, verdict, network) = (steps.request, event.verdict(), self.state.run.network);
        let task = request.task(verdict);
        if verdict.acts_at_the_start() {
            steps.course = verdict.course(task, Natural::Done(0));
        }
        let files = &self.state.run.files;
        let truth = || thing.file().and_then(|file| files.content(file).ok()).unwrap_or_default();
        let content = verdict
            .content(task)
            .map(|send| Thing::Content(self.filling(request, b"").content(send, truth)));
        let spoil = match verdict.damage() {
            Some(Damage::Short | Damage::Long) if verdict.acts_at_the_start() => {
                Spoil::of(verdict, 0, 0)
            }
            // The rest is damage to what is read.
            _ => Spoil::of_claims(verdict),
        };
        let number = self.state.open.add(Opened {
            thing: content.unwrap_or(thing),
            path: request.name.as_ref().map_or_else(Path::root, |name| name.path.clone()),
            task,
            pending,
            pace: Pace { rate: verdict.rate().or(network.rate), chunk: verdict.chunk() },
            moved: 0,
            progress: Progress::Before,
            keep: steps.course.keep.take(),
            spoilt: false,
            flaw: None,
            debts: Debts::default(),
            until: Instant::now() + self.state.run.max_hold,
            ends: None,
            order: None,
        });
        let packet = Packet::answer(HANDLE, request.id).string(&handle_of(number)).finish();
        steps.natural = Some(Reply::of(Frame::Ready(packet), spoil));
        self.carry_out(steps).map(drop)
    }

    /// Carries out the steps of a course, in their order (the language's rules 15 and 16). Tells whether it has made the
    /// answer a wrong one.
    pub(super) fn carry_out(&mut self, mut steps: Steps<'_>) -> Result<bool, Full> {
        let mut due = Instant::now();
        self.hold(&steps, &mut due)?;
        if let Some(event) = steps.event.filter(|_| steps.course.acts) {
            event.note(event.verdict().description());
            self.queue.put(Item::Act(event.clone()))?;
        }
        if let Some((keep, left, event)) = steps.settles.take() {
            self.settle(keep, left, &event, steps.delay)?;
        }
        let natural = steps.natural.take();
        let is_spoilt = natural.as_ref().is_some_and(|natural| natural.is_spoilt);
        let said = self.say(&steps, natural, &mut due)?;
        let is_wrong =
            steps.course.fails || is_spoilt || said.as_ref().is_some_and(|said| said.is_wrong);
        let closes = steps.closes.as_deref();
        for event in [steps.event, closes].into_iter().flatten().filter(|_| is_wrong) {
            event.fail(Cause::Rule, "");
        }
        if let Some(Said { line, .. }) = said {
            self.tell(&steps, line)?;
        }
        self.finish(steps)?;
        Ok(is_wrong)
    }

    /// Says what is to be said, if anything is.
    fn say(
        &mut self,
        steps: &Steps<'_>,
        natural: Option<Reply>,
        due: &mut Instant,
    ) -> Result<Option<Said>, Full> {
        match (&steps.course.say, natural) {
            (Say::Natural | Say::Stand(_), Some(natural)) => {
                let Reply { frame, line, paced, .. } = natural;
                self.in_turn(frame, steps, paced)?;
                Ok(Some(Said { line, is_wrong: false }))
            }
            (Say::Own(own), natural) => self.own(steps, *own, natural, due),
            (Say::Cut(length, own), Some(natural)) => {
                let frame = natural.frame.bytes();
                let cut = Frame::Ready(frame.slice(..frame.len().min(*length)));
                let natural = Reply { frame: Frame::Ready(frame), ..natural };
                self.queue.put(Item::Say(cut, None))?;
                let own = own.map(|own| self.own(steps, own, Some(natural), due)).transpose()?;
                Ok(own.flatten().or(Some(Said { line: Vec::new(), is_wrong: true })))
            }
            (Say::Nothing | Say::Natural | Say::Stand(_) | Say::Cut(..), _) => Ok(None),
        }
    }

    /// Says the rule's own answer.
    fn own(
        &mut self,
        steps: &Steps<'_>,
        own: Own<'_>,
        natural: Option<Reply>,
        due: &mut Instant,
    ) -> Result<Option<Said>, Full> {
        let (request, Some(event)) = (steps.request, steps.event) else { return Ok(None) };
        let natural = natural.map(|natural| natural.frame.bytes()).unwrap_or_default();
        let filling = self.filling(request, &natural);
        match own {
            Own::Status(status) => {
                let Some(status) = Status::of(status, &filling) else { return Ok(None) };
                // What was to be read or listed is not in a status.
                let is_wrong =
                    status.is_refusal() || matches!(request.ask, Ask::Read { .. } | Ask::Readdir);
                let packet = status.packet(request.id, &self.state.settings.language);
                let spoil = Spoil::of(event.verdict(), 0, 0);
                let is_wrong = is_wrong || spoil.is_some();
                let paced = own_pace(steps.event, 0);
                self.as_often(Frame::Ready(packet).spoilt(spoil), steps, paced)?;
                Ok(Some(Said { line: status.line(), is_wrong }))
            }
            Own::Exactly(send) => {
                for (pause, piece) in filling.pieces(send) {
                    self.wait(pause, due, steps)?;
                    let is_message = piece.starts_with(b"SSH_MSG_");
                    let say = |piece| Item::Say(Frame::Ready(piece), None);
                    self.queue.put(if is_message { Item::Message(piece) } else { say(piece) })?;
                }
                Ok(Some(Said { line: Vec::new(), is_wrong: true }))
            }
            Own::Reply(_) => Ok(None),
        }
    }

    /// Says a natural answer when its turn comes, as often as its rule has it.
    fn in_turn(
        &mut self,
        frame: Frame,
        steps: &Steps<'_>,
        paced: Option<Box<Paced>>,
    ) -> Result<(), Full> {
        if steps.request.opens() {
            // What its rule repeats, or lets pass, comes later.
            return self.queue.put(Item::Say(frame, paced));
        }
        let opened = self.state.open.get_mut(steps.request.number);
        if opened.is_some_and(Opened::lets_one_pass) {
            return self.queue.put(Item::Pass(frame));
        }
        self.as_often(frame, steps, paced)
    }

    fn as_often(
        &mut self,
        frame: Frame,
        steps: &Steps<'_>,
        paced: Option<Box<Paced>>,
    ) -> Result<(), Full> {
        let damage = steps.event.and_then(|event| event.verdict().damage());
        self.queue.put(match steps.repeat {
            _ if damage == Some(Damage::Order) => Item::Pass(frame),
            repeat if repeat == Repeat::default() => Item::Say(frame, paced),
            repeat => Item::Repeat(frame, repeat),
        })
    }

    /// Tells the events that were answered, as soon as that has left.
    fn tell(&mut self, steps: &Steps<'_>, line: Vec<u8>) -> Result<(), Full> {
        if let Some(transfer) = &steps.closes {
            let is_own = steps.course.say != Say::Natural;
            let line = if is_own { line.clone() } else { Vec::new() };
            self.queue.put(Item::Answered(transfer.handle(), line))?;
        }
        // A transfer is answered when it is closed, or by its rule.
        let is_answer = steps.over.is_some() || steps.course.say != Say::Natural;
        match steps.event.filter(|_| is_answer) {
            Some(event) => self.queue.put(Item::Answered(event.clone(), line)),
            None => Ok(()),
        }
    }

    /// What is over with it: the event, the transfer, the channel, the connection.
    fn finish(&mut self, steps: Steps<'_>) -> Result<(), Full> {
        let data = match steps.course.data {
            DataFate::Ends(ending) => Some(ending),
            DataFate::Finishes | DataFate::GoesOn => None,
        };
        let then = steps.course.then;
        let ends = steps.event.filter(|_| data.is_some() || then.is_some());
        if ends.is_some() {
            self.deaf |= [data, then].into_iter().flatten().any(|ending| ending != Ending::Eof);
            self.presence.ended_by_a_rule();
        }
        if ends.is_none() && steps.over.is_none() && steps.closes.is_none() {
            return Ok(());
        }
        let owed = Owed::new([steps.over, steps.closes], &self.presence);
        let ends = ends.map(|event| (event.clone(), data, then));
        self.queue.put(Item::Over(Box::new(Over { owed, ends })))
    }

    /// Waits: for the rule, or before an answer for the scenario's network, which delays all that is under way at the
    /// same time.
    fn hold(&mut self, steps: &Steps<'_>, due: &mut Instant) -> Result<(), Full> {
        let answers = steps.natural.is_some() || steps.course.say != Say::Natural;
        let network = self.state.run.network.delay.filter(|_| answers && steps.delay.is_zero());
        let Some(network) = network else { return self.wait(steps.delay, due, steps) };
        self.answers += 1;
        let (engine, connection) = (&self.state.run.engine, self.state.caller.connection);
        *due += engine.draw(network, connection, self.answers);
        self.wait_until(Until::Due(*due), Wait::Other, steps)
    }

    /// Waits for so long on a rule's behalf: while the server is at work on one request, or on all that have come.
    fn wait(&self, length: Duration, due: &mut Instant, steps: &Steps<'_>) -> Result<(), Full> {
        if length.is_zero() {
            return Ok(());
        }
        *due += length;
        let until = match self.state.settings.requests {
            Requests::InTurn => Until::After(length),
            Requests::AtOnce => Until::Due(*due),
        };
        self.wait_until(until, Wait::For, steps)
    }

    fn wait_until(
        &self,
        until: Until,
        wait: fn(Duration) -> Wait,
        steps: &Steps<'_>,
    ) -> Result<(), Full> {
        let transfer = self.transfer_of(steps);
        let event = steps.event.or(transfer.as_ref()).cloned();
        self.queue.put(Item::Hold(Box::new(Hold { until, wait, event, transfer })))
    }

    /// What is kept is settled before anybody is told, at once if nothing is waited for.
    pub(super) fn settle(
        &self,
        keep: Keep,
        left: Left,
        event: &EventHandle,
        delay: Duration,
    ) -> Result<(), Full> {
        if !delay.is_zero() {
            return self.queue.put(Item::Settle(keep, Box::new(left), event.clone()));
        }
        if let Err(error) = self.state.run.settle(Some(keep), left) {
            event.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
        Ok(())
    }

    /// An upload that is not done at all can still lose what was there.
    fn lost(&self, request: &Request, steps: &Steps<'_>) -> Option<(Keep, Left, EventHandle)> {
        let (keep, event) = (steps.course.keep?, steps.event?);
        let name = request.name.as_ref().filter(|_| request.task(event.verdict()) == Task::Up)?;
        let files = &self.state.run.files;
        let handle = files.open_write(self.state.account(), &name.path, Write::Keep).ok()?;
        Some((keep, Left::File(Arc::new(handle)), event.clone()))
    }

    fn filling<'a>(&'a self, request: &'a Request, answer: &'a [u8]) -> Filling<'a> {
        let path = self.path_of(request);
        let (files, account) = (&self.state.run.files, self.state.account());
        let stat = path.and_then(|path| files.stat(account, path, Follow::Yes).ok());
        Filling {
            text: status::text(answer),
            verb: request.kind.wire,
            argument: request.argument().unwrap_or_default(),
            id: request.id,
            ..filling(&self.state.caller, path.map_or(b"/", Path::as_bytes), stat, answer)
        }
    }
}

impl<'v> Steps<'v> {
    /// Of a request to which no answer is made yet.
    pub(super) fn of(
        request: &'v Request,
        event: Option<&'v EventHandle>,
        course: Course<'v>,
        over: Option<Pending>,
    ) -> Self {
        Self {
            request,
            event,
            delay: course.delay,
            course,
            natural: None,
            repeat: event.map_or_else(Repeat::default, |event| event.verdict().repeat()),
            settles: None,
            over,
            closes: None,
        }
    }

    fn verdict(&self) -> &'v Verdict {
        self.event.map_or(&*HEALTHY, EventHandle::verdict)
    }

    /// A transfer is over.
    fn close(&mut self, opened: Opened) {
        let (keep, file) = (opened.keep, opened.thing.file().cloned());
        let pending = opened.closed();
        let settles = keep.zip(file).map(|(keep, file)| (keep, Left::File(file), pending.handle()));
        self.settles = settles.or(self.settles.take());
        self.closes = Some(pending);
    }
}
