//! What a rule does to a whole transfer: part way, and at its end (the language's page, section 3, rule 17).
//!
//! What comes before a rule's byte is still delivered or stored: the read that crosses it is a short one, the write
//! is stored up to it. So a client that resumes finds as much as it would in FTP. The rule's answer goes to that
//! write, or to the next read, and to all later ones.

use std::sync::Arc;

use super::answer::{Answer, Frame};
use super::codec::Fields;
use super::opened::{Opened, Thing};
use super::request::{Asked, Done};
use super::session::{Next, Session};
use super::status::Status;
use super::writer::Full;
use crate::engine::{At, Status as Said};
use crate::files::Files;
use crate::journal::Cause;

/// Where in a transfer its rule acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// A read, a write or a listing crosses the rule's byte, and so much comes before it.
    Crossed(usize),
    /// It was crossed before.
    Behind,
    /// The transfer is over.
    End,
}

impl Session {
    /// A transfer begins where its first read or write does.
    pub(super) fn begin_transfer(&mut self, asked: &Asked) {
        if matches!(asked.wire, "SSH_FXP_READ" | "SSH_FXP_WRITE")
            && let Some(opened) = self.open.get_mut(asked.handle)
            && opened.outcome.offset.is_none()
        {
            opened.outcome.offset = asked.fields.clone().long().ok();
        }
    }

    /// Whether the rule of a whole transfer acts on one of its packets.
    pub(super) fn point_of(&self, asked: &Asked) -> Option<Point> {
        let opened = self.open.get(asked.handle)?;
        opened.verdict.rule?;
        if asked.is_close() {
            let acts =
                opened.verdict.at == At::End && !opened.verdict.action.lets_the_operation_go_on();
            return acts.then_some(Point::End);
        }
        let size = size_of(&self.run.files, opened, asked)?;
        let stop = opened.verdict.part_way()?;
        if opened.stopped {
            let goes_on = opened.verdict.action.lets_the_operation_go_on();
            return (!goes_on).then_some(Point::Behind);
        }
        let left = stop.saturating_sub(opened.moved);
        let reached = left == 0 && matches!(opened.verdict.at, At::Bytes(_));
        let crosses = size > left;
        (reached || crosses).then(|| Point::Crossed(usize::try_from(left).unwrap_or(usize::MAX)))
    }

    pub(super) fn at_the_point(&mut self, mut asked: Asked, point: Point) -> Result<Next, Full> {
        if point == Point::End {
            return self.at_the_end(&asked);
        }
        let Some(opened) = self.open.get_mut(asked.handle) else { return Ok(Next::Continue) };
        let (action, at) = (Arc::clone(&opened.verdict.action), opened.verdict.at);
        let delay = opened.verdict.delay;
        let number = asked.handle;
        if action.lets_the_operation_go_on() {
            // It only waits here, once.
            opened.stopped = true;
            opened.outcome.fired = true;
            opened.outcome.note(opened.verdict.description());
            if let Some(mut opened) = self.open.close(number) {
                // A file that changes under its reader changes here.
                if opened.verdict.action.keep.is_some() && asked.wire == "SSH_FXP_READ" {
                    self.settle(&mut opened);
                }
                self.open.put_back(number, opened);
            }
            self.wait(delay)?;
            return self.request(asked);
        }
        if let Point::Crossed(left) = point {
            opened.stopped = true;
            opened.outcome.fired = true;
            let description = opened.verdict.description();
            opened.outcome.fail(Cause::Rule, description);
            opened.moved += left as u64;
            let told = self.before_the_point(&mut asked, left)?;
            if let Some(mut opened) = self.open.close(number) {
                self.settle(&mut opened);
                self.open.put_back(number, opened);
            }
            if told && (action.status.is_some() || action.send.is_some()) {
                return Ok(Next::Continue);
            }
            self.wait(delay)?;
        }
        let mut outcome = match self.open.get_mut(number) {
            Some(opened) => std::mem::take(&mut opened.outcome),
            None => return Ok(Next::Continue),
        };
        self.answer(&asked, asked.id, &action, at, None, &mut outcome)?;
        if let Some(opened) = self.open.get_mut(number) {
            opened.outcome = outcome;
        }
        self.end(&action)?;
        Ok(Next::Continue)
    }

    /// What comes before the rule's byte. Tells whether that was an answer already.
    fn before_the_point(&mut self, asked: &mut Asked, left: usize) -> Result<bool, Full> {
        if left == 0 {
            return Ok(false);
        }
        let kept = asked.fields.clone();
        if asked.wire == "SSH_FXP_WRITE" {
            asked.cut_write(left);
        }
        let done = (asked.run)(self, asked);
        asked.fields = kept;
        if let Ok(Done::Answer(Answer::Data(mut data))) = done {
            data.length = data.length.min(left);
            self.put(Answer::Data(data).frame(asked.id, ""), None)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// `at: end`: all is done, and nothing yet said.
    fn at_the_end(&mut self, asked: &Asked) -> Result<Next, Full> {
        let Some(mut opened) = self.open.close(asked.handle) else { return Ok(Next::Continue) };
        let action = Arc::clone(&opened.verdict.action);
        opened.outcome.fired = true;
        opened.outcome.bytes = Some(opened.moved);
        opened.outcome.note(opened.verdict.description());
        self.settle(&mut opened);
        self.wait(opened.verdict.delay)?;
        let truth = Status::natural(super::status::OK).packet(asked.id, &self.settings.language);
        let truth = Some(Frame::Ready(truth));
        let refused = self.answer(asked, asked.id, &action, At::End, truth, &mut opened.outcome)?;
        if refused || action.spoils() || action.status == Some(Said::Silence) {
            opened.outcome.fail(Cause::Rule, "");
        }
        self.run.record(opened.happening, opened.outcome);
        self.end(&action)?;
        Ok(Next::Continue)
    }
}

/// The bytes that a packet of a transfer would move, if it moves any.
fn size_of(files: &Files, opened: &Opened, asked: &Asked) -> Option<u64> {
    if asked.wire == "SSH_FXP_READDIR" {
        // How long an answer is, is known when it is made: the one after it is the first that can be too much.
        return Some(0);
    }
    let mut fields: Fields = asked.fields.clone();
    let (offset, size) = (fields.long().ok()?, u64::from(fields.number().ok()?));
    match (asked.wire, &opened.thing) {
        ("SSH_FXP_READ", Thing::File(handle)) => {
            Some(size.min(files.size(handle).ok()?.saturating_sub(offset)))
        }
        ("SSH_FXP_READ", Thing::Content(content)) => {
            Some(size.min(content.size().saturating_sub(offset)))
        }
        ("SSH_FXP_WRITE", Thing::File(_)) => Some(size),
        _ => None,
    }
}
