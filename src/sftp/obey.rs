//! Obeys a verdict: the one place that knows the order of things at a rule's point (the language's page, section 3,
//! rules 12 to 18). First the delay, then the answer, and then what becomes of the channel and of the connection:
//! unlike FTP's, an SFTP answer goes through the channel and cannot come after its end.
//!
//! What a rule does to a whole transfer is in [`transfer`](super::transfer).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::answer::{Answer, Frame};
use super::codec::Packet;
use super::kinds::HANDLE;
use super::opened::{Opened, Thing, handle_of};
use super::request::{Asked, Done, Failure};
use super::session::{Next, Session};
use super::spoil::Spoil;
use super::status::{FAILURE, Status};
use super::writer::{Full, Item, Paced};
use crate::engine::{Action, At, Damage, Ending, Keep, Operation, Verdict};
use crate::fault::Pace;
use crate::files::{Content, Follow, Path, Write};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{Filling, Left, Open};

/// A request and what was decided of it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) asked: Asked,
    pub(super) verdict: Verdict,
    open: Open,
    /// What the journal says of it; the packets of a transfer have one record together.
    happening: Option<Happening>,
    pub(super) outcome: Outcome,
}

impl Session {
    /// One request: the same four lines in every protocol (design, section 4), but that what a rule does to a whole
    /// transfer comes first.
    pub(super) fn request(&mut self, asked: Asked) -> Result<Next, Full> {
        self.begin_transfer(&asked);
        if let Some(point) = self.point_of(&asked) {
            return self.at_the_point(asked, point);
        }
        let event = self.event_of(&asked);
        let (verdict, open) = self.run.decide(&event);
        let noted = verdict.rule.is_some() || asked.is_noted();
        let happening =
            noted.then(|| Happening::of(&event, self.caller.peer, Some(&verdict), Secrecy::Open));
        let outcome = Outcome::default();
        self.obey(Case { asked, verdict, open, happening, outcome })
    }

    fn obey(&mut self, mut case: Case) -> Result<Next, Full> {
        let action = Arc::clone(&case.verdict.action);
        if case.verdict.rule.is_some() && case.verdict.at == At::Start {
            case.outcome.fired = true;
        }
        let only_content = case.asked.operation == Some(Operation::Download)
            && action.send.is_some()
            && Action { send: None, ..Action::clone(&action) }.lets_the_operation_go_on();
        if case.verdict.replaces_the_operation() && !only_content {
            self.lose(&case.asked, action.keep);
            return self.act(case, None);
        }
        case.asked.action = case.verdict.rule.map(|_| Arc::clone(&action));
        let done = match self.perform(&mut case.asked) {
            Ok(done) => done,
            Err(Failure::Status(status)) => Done::Answer(status.into()),
            Err(Failure::Malformed) => {
                return Ok(self.give_up("a request ends before its fields do"));
            }
        };
        match done {
            Done::Opened(thing) => self.opened(case, thing),
            Done::Answer(answer) => self.answered(case, answer),
        }
    }

    fn perform(&mut self, asked: &mut Asked) -> Result<Done, Failure> {
        let opens = asked.operation.is_some_and(Operation::opens);
        if opens && self.open.is_full() {
            return Err(Status::natural(FAILURE).into());
        }
        (asked.run)(self, asked)
    }

    /// A transfer or a listing begins; it is written down when it ends.
    fn opened(&mut self, case: Case, thing: Thing) -> Result<Next, Full> {
        let Case { asked, verdict, open, happening, mut outcome } = case;
        let network = self.run.network;
        let action = Arc::clone(&verdict.action);
        let thing = match (&action.send, asked.operation) {
            (Some(send), Some(Operation::Download)) => {
                outcome.fail(Cause::Rule, "");
                let pieces = self.filling(&asked, b"").pieces(send);
                let content: Vec<u8> = pieces.iter().flat_map(|(_, piece)| piece.clone()).collect();
                Thing::Content(Content::from_bytes(content))
            }
            _ => thing,
        };
        let Some(happening) = happening else { return Ok(Next::Continue) };
        if asked.operation == Some(Operation::Append) {
            outcome.offset = thing.file().and_then(|file| self.run.files.size(file).ok());
        }
        self.wait(if outcome.fired { verdict.delay } else { Duration::ZERO })?;
        let opened = Opened {
            thing,
            path: asked.path.clone().unwrap_or_else(Path::root),
            verdict,
            _open: open,
            happening,
            outcome,
            pace: Pace {
                rate: action.rate.or(network.rate),
                chunk: action.chunk.or(network.chunk),
            },
            moved: 0,
            stopped: false,
            spoilt: false,
            flaw: None,
            until: Instant::now() + self.run.max_hold,
        };
        let spoil = match action.damage {
            Some(Damage::Short | Damage::Long) if opened.verdict.at == At::Start => {
                Spoil::of(&action, 0, 0)
            }
            // The rest is damage to what is read.
            _ => Spoil::of_claims(&action),
        };
        let number = self.open.add(opened);
        let packet = Packet::answer(HANDLE, asked.id).string(&handle_of(number)).finish();
        self.put(Frame::Ready(packet).spoilt(spoil), None)?;
        Ok(Next::Continue)
    }

    /// The request was done, or refused by the tree.
    fn answered(&mut self, mut case: Case, truth: Answer) -> Result<Next, Full> {
        let refused = truth.is_refusal();
        if let Answer::Status(status) = &truth {
            case.outcome.said(&status.line());
        }
        if refused {
            case.outcome.fail(Cause::Client, "");
        }
        let (truth, paced) = self.shaped(&case, truth);
        let truth = truth.frame(case.asked.id, &self.settings.language);
        let spoil = self.spoil_of(&case, truth.length());
        let acts = case.verdict.rule.is_some()
            && match case.verdict.at {
                At::Start | At::Beyond(_) => false,
                At::End => !refused,
                // Bytes of a transfer are not those of the answer that opens it.
                At::Bytes(_) if case.asked.opens() => false,
                // A byte that is only damaged, or waited for, cuts nothing.
                At::Bytes(_) if case.verdict.action.lets_the_operation_go_on() => false,
                At::Bytes(size) => truth.length() as u64 > size,
            };
        if acts {
            return self.act(case, Some(truth));
        }
        if case.outcome.fired {
            if refused && case.verdict.delay.is_zero() && spoil.is_none() {
                // What was not done at all was not slowed or spoilt either.
                case.outcome.fired = false;
            } else {
                self.wait(case.verdict.delay)?;
            }
        } else {
            self.wait(Duration::ZERO)?;
        }
        let closed = if refused { None } else { self.close(&case.asked) };
        self.settle_change(&mut case);
        if case.outcome.fired && case.verdict.action.spoils() && !refused && !case.asked.is_close()
        {
            case.outcome.fail(Cause::Rule, "");
        }
        self.say(&case, truth.spoilt(spoil), paced)?;
        if let Some(opened) = closed {
            self.run.record(opened.happening, opened.outcome);
        }
        self.note(case);
        Ok(Next::Continue)
    }

    /// A rule acts: the delay, the answer, the channel's end, the connection's.
    fn act(&mut self, mut case: Case, truth: Option<Frame>) -> Result<Next, Full> {
        let action = Arc::clone(&case.verdict.action);
        case.outcome.fired = true;
        case.outcome.answer.clear();
        case.outcome.note(case.verdict.description());
        let undone = truth.is_none();
        self.wait(case.verdict.delay)?;
        let closed = if undone { None } else { self.close(&case.asked) };
        if let Some(opened) = closed {
            self.run.record(opened.happening, opened.outcome);
        }
        self.settle_change(&mut case);
        let id = case.asked.id;
        let (at, asked) = (case.verdict.at, &case.asked);
        let refused = self.answer(asked, id, &action, at, truth, &mut case.outcome)?;
        if undone || refused || action.spoils() {
            case.outcome.fail(Cause::Rule, "");
        }
        self.note(case);
        self.end(&action)?;
        Ok(Next::Continue)
    }

    /// Says what a rule says, or what follows from its other axes (rule 16). Tells whether it is a refusal.
    pub(super) fn answer(
        &mut self,
        asked: &Asked,
        id: u32,
        action: &Action,
        at: At,
        truth: Option<Frame>,
        outcome: &mut Outcome,
    ) -> Result<bool, Full> {
        let mut refused = true;
        let truth = truth.map(Frame::bytes);
        let answer = truth.as_deref().unwrap_or_default();
        if let At::Bytes(size) = at
            && let Some(truth) = &truth
        {
            let size = usize::try_from(size).unwrap_or(usize::MAX).min(truth.len());
            self.put(Frame::Ready(truth.slice(..size)), None)?;
        }
        if let Some(send) = &action.send {
            for (pause, piece) in self.filling(asked, answer).pieces(send) {
                self.pause(pause)?;
                if piece.starts_with(b"SSH_MSG_") {
                    self.queue.put(Item::Message(piece))?;
                } else {
                    self.put(Frame::Ready(piece), None)?;
                }
            }
        } else if let Some(status) = &action.status {
            if let Some(status) = Status::of(status, &self.filling(asked, answer)) {
                outcome.said(&status.line());
                refused = status.is_refusal();
                let packet = Frame::Ready(status.packet(id, &self.settings.language));
                let spoil = Spoil::of(&Arc::new(action.clone()), 0, 0);
                self.in_turn(packet.spoilt(spoil), action, None)?;
            }
        } else if let Some(truth) = truth
            && action.then.is_none()
            && action.data.is_none_or(|ending| ending == Ending::Flow)
            && !matches!(at, At::Bytes(_))
        {
            refused = false;
            self.put(Frame::Ready(truth), None)?;
        }
        Ok(refused)
    }

    /// What becomes of the channel, and of the connection.
    pub(super) fn end(&mut self, action: &Action) -> Result<(), Full> {
        if let Some(ending) = action.data.filter(|ending| *ending != Ending::Flow) {
            self.deaf |= ending != Ending::Eof;
            self.queue.put(Item::EndChannel(ending))?;
        }
        if let Some(ending) = action.then {
            self.deaf |= ending != Ending::Eof;
            self.queue.put(Item::EndConnection(ending, action.farewell.clone()))?;
        }
        Ok(())
    }

    /// Short reads, and what a transfer has moved.
    fn shaped(&mut self, case: &Case, truth: Answer) -> (Answer, Option<Paced>) {
        let (transfer, asked) = (case.asked.handle.unwrap_or_default(), &case.asked);
        let own = case.verdict.action.chunk;
        let Some(opened) = self.open.get_mut(asked.handle) else {
            return (truth, None);
        };
        let pace = opened.pace;
        let paced = |up| pace.rate.map(|_| Paced { transfer, pace, up });
        match truth {
            Answer::Data(mut data) => {
                let chunk = own.or(pace.chunk).and_then(|chunk| usize::try_from(chunk).ok());
                data.length = chunk.map_or(data.length, |chunk| data.length.min(chunk));
                opened.damage(&mut data);
                opened.moved += data.length as u64;
                (Answer::Data(data), paced(0))
            }
            Answer::Packet(packet) if asked.wire == "SSH_FXP_READDIR" => {
                opened.moved += packet.len() as u64;
                (Answer::Packet(packet), paced(0))
            }
            Answer::Status(status) if asked.wire == "SSH_FXP_WRITE" && !status.is_refusal() => {
                let up = asked.stored;
                opened.moved += up as u64;
                (status.into(), paced(up))
            }
            refusal @ Answer::Status(_) => {
                if refusal.is_refusal() {
                    opened.outcome.fail(Cause::Client, "a request of the transfer was refused");
                }
                (refusal, None)
            }
            other => (other, None),
        }
    }

    /// A transfer ends, if that was asked: what it leaves is settled before anybody is told.
    fn close(&mut self, asked: &Asked) -> Option<Opened> {
        let mut opened = self.open.close(asked.handle.filter(|_| asked.is_close()))?;
        opened.outcome.bytes = Some(opened.moved);
        let lets_go_on = opened.verdict.action.lets_the_operation_go_on();
        if lets_go_on && opened.verdict.at != At::Start && opened.verdict.part_way().is_none() {
            opened.outcome.fired = true;
        }
        if opened.outcome.fired && lets_go_on {
            self.settle(&mut opened);
            if opened.verdict.action.spoils() {
                opened.outcome.fail(Cause::Rule, "");
            }
        }
        Some(opened)
    }

    /// What a transfer leaves behind.
    pub(super) fn settle(&self, opened: &mut Opened) {
        let keep = opened.verdict.action.keep;
        if let Some(handle) = opened.thing.file()
            && let Err(error) = self.run.settle(keep, Left::File(Arc::clone(handle)))
        {
            opened.outcome.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// What a change by path leaves behind.
    fn settle_change(&self, case: &mut Case) {
        if let Some(left) = case.asked.left.take()
            && let Err(error) = self.run.settle(case.asked.keep(), left)
        {
            case.outcome.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
        }
    }

    /// An upload that is not done at all can still lose what was there.
    fn lose(&mut self, asked: &Asked, keep: Option<Keep>) {
        let leaves = asked.operation.is_some_and(Operation::stores)
            && matches!(keep, Some(Keep::Lost | Keep::Size(_)));
        if let Some(path) = asked.path.as_ref().filter(|_| leaves)
            && let Ok(handle) = self.run.files.open_write(self.account(), path, Write::Keep)
        {
            let _ = self.run.settle(keep, Left::File(Arc::new(handle)));
        }
    }

    /// The delay of a rule, and the network's own; requests that came since wait no longer for it.
    pub(super) fn wait(&mut self, delay: Duration) -> Result<(), Full> {
        let network = self.run.network.delay.filter(|_| delay.is_zero()).map(|network| {
            self.answers += 1;
            self.run.engine.draw(network, self.caller.connection, self.answers)
        });
        self.pause(network.unwrap_or(delay))
    }

    fn pause(&mut self, length: Duration) -> Result<(), Full> {
        if length.is_zero() { Ok(()) } else { self.queue.put(Item::Wait(Instant::now() + length)) }
    }

    pub(super) fn put(&mut self, frame: Frame, paced: Option<Paced>) -> Result<(), Full> {
        self.queue.put(Item::Say(frame, paced))
    }

    fn note(&self, case: Case) {
        if let Some(happening) = case.happening {
            self.run.record(happening, case.outcome);
        }
    }

    fn filling<'a>(&'a self, asked: &'a Asked, answer: &'a [u8]) -> Filling<'a> {
        let opened = self.open.get(asked.handle);
        let path = asked.path.as_ref().or(opened.map(|opened| &opened.path));
        let stat =
            path.and_then(|path| self.run.files.stat(self.account(), path, Follow::Yes).ok());
        Filling {
            answer,
            path: path.map_or(b"/", Path::as_bytes),
            size: stat.map_or(0, |stat| stat.size),
            client: self.caller.peer.ip(),
            user: self.account().login(),
        }
    }
}
