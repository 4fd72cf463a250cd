//! What a rule does to a whole transfer: part way, and at its end (the language's rule 17); and what its packets have
//! come to.
//!
//! What comes before a rule's byte is still delivered or stored: the read that crosses it is a short one, the write
//! is stored up to it. So a client that resumes finds as much as it would in FTP. The rule's answer goes to that
//! write, or to the next read, and to all later ones.

use std::time::Duration;

use super::answer::{Answer, Frame};
use super::debts::Part;
use super::obey::{Reply, Steps};
use super::opened::{Opened, Progress, Thing};
use super::request::{Ask, Done, Request};
use super::session::Session;
use super::spoil::Spoil;
use super::status::{OK, Status};
use super::writer::{Full, Paced};
use crate::engine::{At, Course, DataFate, Natural, Repeat, Say, Task};
use crate::fault::Pace;
use crate::files::Files;
use crate::journal::Cause;
use crate::run::{EventHandle, Left, Pending, Wait};

impl Session {
    /// What the rule of a whole transfer does at one of its packets. Tells whether that was all.
    pub(super) fn at_its_point(&mut self, request: &Request) -> Result<bool, Full> {
        let Some(opened) = self.state.open.get_mut(request.number) else { return Ok(false) };
        if let Some(part) = request.ask.part() {
            opened.asked(part);
        }
        if opened.pending.verdict().rule.is_none() {
            return Ok(false);
        }
        let (event, task) = (opened.pending.handle(), opened.task);
        let verdict = event.verdict();
        if let Ask::Close = request.ask {
            // What has failed by nature is not at its end.
            if !verdict.acts_at_the_end() || opened.debts.has_natural() {
                return Ok(false);
            }
            let course = verdict.course(task, Natural::Done(0));
            return self.at_the_end(request, &event, course).map(|()| true);
        }
        let Some(stop) = verdict.plan(task).stop else { return Ok(false) };
        let Some(size) = size_of(&self.state.run.files, opened, request) else { return Ok(false) };
        let mut course = verdict.course(task, Natural::Reached);
        let file = opened.thing.file().cloned();
        let settles = |keep| Some((keep, Left::File(file?), event.clone()));
        if opened.progress == Progress::Before {
            let (At::Bytes(place) | At::Beyond(place)) = stop else { return Ok(false) };
            let left = place.saturating_sub(opened.moved);
            let is_reached = left == 0 && matches!(stop, At::Bytes(_));
            if !is_reached && size <= left {
                return Ok(false);
            }
            if goes_on(&course) {
                opened.progress = Progress::Behind;
                if task == Task::Up {
                    // It is not complete before it is closed.
                    opened.keep = course.keep.take();
                }
                let settles = course.keep.and_then(settles);
                let steps = Steps { settles, ..Steps::of(request, Some(&event), course, None) };
                self.carry_out(steps)?;
                return Ok(false);
            }
            opened.progress = Progress::Due;
            opened.moved += left;
            event.moved(opened.moved);
            event.fail(Cause::Rule, verdict.description());
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            if self.before_the_point(request, left, &event)? && matches!(course.say, Say::Own(_)) {
                return Ok(true);
            }
        }
        let Some(opened) = self.state.open.get_mut(request.number) else { return Ok(false) };
        match std::mem::replace(&mut opened.progress, Progress::Behind) {
            Progress::Behind if goes_on(&course) => return Ok(false),
            Progress::Behind => (course.delay, course.keep) = (Duration::ZERO, None),
            Progress::Before | Progress::Due => {}
        }
        let settles = course.keep.and_then(settles);
        let steps = Steps { settles, ..Steps::of(request, Some(&event), course, None) };
        self.carry_out(steps).map(|_| true)
    }

    /// What comes before the rule's byte. Tells whether that was an answer already.
    fn before_the_point(
        &mut self,
        request: &Request,
        left: usize,
        event: &EventHandle,
    ) -> Result<bool, Full> {
        if left == 0 {
            return Ok(false);
        }
        if let Some(before) = request.up_to(left) {
            let _ = before.perform(&mut self.state, event.verdict());
            return Ok(false);
        }
        let done = request.perform(&mut self.state, event.verdict());
        let Ok(Done::Answer(Answer::Data(mut data))) = done else { return Ok(false) };
        data.length = data.length.min(left);
        let frame = Answer::Data(data).frame(request.id, "");
        let paced = self.paced(request, None, 0);
        let natural = Reply { paced, ..Reply::of(frame, None) };
        let course = Course { acts: true, ..Course::NATURAL };
        let steps =
            Steps { natural: Some(natural), ..Steps::of(request, Some(event), course, None) };
        self.carry_out(Steps { repeat: Repeat::default(), ..steps })?;
        Ok(true)
    }

    /// `at: end`: all is done, and nothing yet said.
    fn at_the_end(
        &mut self,
        request: &Request,
        event: &EventHandle,
        course: Course<'_>,
    ) -> Result<(), Full> {
        let Some(opened) = self.state.open.close(request.number) else { return Ok(()) };
        let file = opened.thing.file().cloned();
        let settles = course.keep.zip(file);
        let spoil = Spoil::of(event.verdict(), 0, 0);
        let packet = Status::natural(OK).packet(request.id, &self.state.settings.language);
        let task = opened.task;
        let mut steps = Steps {
            natural: Some(Reply::of(Frame::Ready(packet), spoil)),
            settles: settles.map(|(keep, file)| (keep, Left::File(file), event.clone())),
            ..Steps::of(request, Some(event), course, Some(opened.closed()))
        };
        if task == Task::Down && steps.course.say == Say::Natural {
            // What is repeated of it is its content.
            steps.repeat = Repeat::default();
        }
        self.carry_out(steps).map(drop)
    }

    /// Short reads, and what a transfer has moved.
    pub(super) fn shaped(
        &mut self,
        request: &Request,
        event: Option<&EventHandle>,
        answer: Answer,
    ) -> (Answer, Option<Box<Paced>>) {
        let Some(opened) = self.state.open.get_mut(request.number) else {
            // What was to move bytes and is refused is not slowed.
            return (answer, own_pace(event.filter(|_| !request.opens()), 0));
        };
        let own = event.and_then(|event| event.verdict().chunk());
        let (answer, moved, up) = match (answer, &request.ask) {
            (Answer::Data(mut data), _) => {
                let chunk = own.or(opened.pace.chunk).and_then(|chunk| usize::try_from(chunk).ok());
                data.length = chunk.map_or(data.length, |chunk| data.length.min(chunk));
                opened.damage(&mut data);
                let length = data.length;
                opened.did(data.offset, length as u64);
                (Answer::Data(data), length, 0)
            }
            (Answer::Packet(packet), Ask::Readdir) => {
                let length = packet.len();
                (Answer::Packet(packet), length, 0)
            }
            (Answer::Status(status), Ask::Write { offset, bytes }) if !status.is_refusal() => {
                opened.did(*offset, bytes.len() as u64);
                (status.into(), bytes.len(), bytes.len())
            }
            (answer, _) => return (answer, own_pace(event, 0)),
        };
        opened.moved += moved as u64;
        opened.pending.moved(opened.moved);
        (answer, self.paced(request, event, up))
    }

    /// The pace of an answer, if there is any: its request's own, or its transfer's.
    fn paced(
        &self,
        request: &Request,
        event: Option<&EventHandle>,
        up: usize,
    ) -> Option<Box<Paced>> {
        let own = own_pace(event, up);
        if own.is_some() {
            return own;
        }
        let opened = self.state.open.get(request.number)?;
        opened.pace.rate?;
        let (pace, event) = (opened.pace, opened.pending.handle());
        let is_ruled = event.verdict().rate().is_some();
        let wait = if is_ruled { Wait::Pace } else { Wait::Other };
        Some(Box::new(Paced { transfer: request.number, pace, event, wait, up }))
    }

    /// What the rule of a whole transfer spoils of a natural answer.
    pub(super) fn spoilt_by_its_transfer(
        &mut self,
        request: &Request,
        length: usize,
        wanted: usize,
    ) -> Option<Spoil> {
        let opened = self.state.open.get_mut(request.number)?;
        opened.pending.verdict().rule?;
        let entries = matches!(request.ask, Ask::Readdir).then_some(length as u64);
        let spoil = opened.spoil(entries, wanted)?;
        opened.pending.fail(Cause::Rule, "");
        Some(spoil)
    }

    /// The part of its transfer that a request asks for.
    pub(super) fn part_of(&self, request: &Request) -> Option<Part> {
        let opened = self.state.open.get(request.number)?;
        match (&request.ask, &opened.thing) {
            (Ask::Read { offset, length, .. }, _) => {
                let longest = self.state.settings.longest_read() as u64;
                Some(Part::bytes(*offset, u64::from(*length).min(longest)))
            }
            (Ask::Write { offset, bytes, .. }, _) => Some(Part::bytes(*offset, bytes.len() as u64)),
            (Ask::Readdir, Thing::Directory(listing)) => Some(Part::Entries(listing.turn)),
            (Ask::Close, _) => Some(Part::Close),
            _ => None,
        }
    }

    /// Notes what has become of a part of a transfer: somebody has made it fail, or it was given.
    pub(super) fn account_for(
        &mut self,
        request: &Request,
        part: Option<Part>,
        failed: Option<Cause>,
        given: Option<Part>,
    ) {
        let Some(opened) = self.state.open.get_mut(request.number) else { return };
        match (failed, part) {
            (Some(cause), Some(part)) => opened.debts.owe(part, cause),
            _ if opened.debts.is_empty() => {}
            _ => given.into_iter().for_each(|given| opened.debts.pay(given)),
        }
    }

    /// The transfer that a request with an event of its own belongs to.
    pub(super) fn transfer_of(&self, steps: &Steps<'_>) -> Option<EventHandle> {
        if let Some(closes) = &steps.closes {
            return Some(closes.handle());
        }
        let opened = self.state.open.get(steps.request.number)?;
        Some(opened.pending.handle())
    }
}

impl Opened {
    /// It is closed.
    pub(super) fn closed(mut self) -> Pending {
        self.debts.pay(Part::Close);
        self.over()
    }

    /// It is over, and with it the time to ask for anything again.
    pub(super) fn over(mut self) -> Pending {
        self.pending.moved(self.moved);
        if let Some((cause, why)) = self.debts.first() {
            self.pending.fail(cause, why);
        }
        self.pending.close();
        self.pending
    }
}

impl Part {
    /// What of it an answer gives as it is.
    pub(super) fn given_by(self, answer: &Answer) -> Option<Self> {
        match (self, answer) {
            (_, Answer::Status(status)) if status.is_refusal() => None,
            (Self::Bytes(offset, _), Answer::Data(data)) if !data.is_whole() => {
                (data.length > 0).then(|| Self::bytes(offset, data.length as u64))
            }
            _ => Some(self),
        }
    }
}

/// Whether a rule at a byte only makes the others wait there, or slows or spoils what comes.
fn goes_on(course: &Course<'_>) -> bool {
    let ends = matches!(course.data, DataFate::Ends(_)) || course.then.is_some();
    !ends && course.say == Say::Natural
}

/// The bytes that a packet of a transfer would move, if it moves any.
fn size_of(files: &Files, opened: &Opened, request: &Request) -> Option<u64> {
    match (&request.ask, &opened.thing) {
        // How long an answer is, is known when it is made: the one after it is the first that can be too much.
        (Ask::Readdir, _) => Some(0),
        (Ask::Read { offset, length, .. }, Thing::File(handle)) => {
            let size = files.size(handle).ok()?;
            Some(u64::from(*length).min(size.saturating_sub(*offset)))
        }
        (Ask::Read { offset, length, .. }, Thing::Content(content)) => {
            Some(u64::from(*length).min(content.size().saturating_sub(*offset)))
        }
        (Ask::Write { bytes, .. }, Thing::File(_)) => Some(bytes.len() as u64),
        _ => None,
    }
}

/// The pace of a request's own rule, of which `up` bytes have come up.
pub(super) fn own_pace(event: Option<&EventHandle>, up: usize) -> Option<Box<Paced>> {
    let event = event.filter(|event| event.bytes().is_none())?;
    let pace = Pace { rate: Some(event.verdict().rate()?), chunk: None };
    Some(Box::new(Paced { transfer: None, pace, event: event.clone(), wait: Wait::Pace, up }))
}
