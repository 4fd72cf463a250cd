//! From here: each file as a record, its bytes and a zero byte; a directory with all that is in it.

use std::sync::Arc;

use bytes::Bytes;

use super::case::{Case, ITS_TURN, Steps, ends, goes_on};
use super::command::Command;
use super::progress::Progress;
use super::record::{line, times_line};
use super::session::{Over, PIECE, Session};
use crate::engine::{Keep, Natural, Operation, Repeat, Say};
use crate::fault::Pacer;
use crate::fault::channel::{Incoming, Outgoing};
use crate::files::{Content, Error, Follow, Handle, Kind};
use crate::journal::Cause;
use crate::run::Left;

/// What is still to be sent.
enum Next {
    Entry(Vec<u8>),
    EndOfDirectory,
}

/// Where a file's bytes come from.
enum Source {
    File(Arc<Handle>),
    /// What a rule sends in its place.
    Content(Content),
}

impl<I: Incoming, O: Outgoing> Session<I, O> {
    /// Sends all that was asked for.
    pub(super) async fn send(&mut self, command: &Command) -> Result<(), Over> {
        self.answered().await?;
        let mut rest: Vec<Next> = self.paths(command).into_iter().map(Next::Entry).collect();
        rest.reverse();
        while let Some(next) = rest.pop() {
            match next {
                Next::EndOfDirectory => {
                    self.tell(b"E\n".to_vec()).await?;
                }
                Next::Entry(shown) => {
                    let shown = without_slashes(shown);
                    let path = self.account().resolve(&shown);
                    let stat = self.run.files.stat(self.account(), &path, Follow::Yes);
                    let is_directory = stat.is_ok_and(|stat| stat.kind == Kind::Directory);
                    if is_directory && command.recursive {
                        rest.extend(self.directory(shown, command).await?);
                    } else {
                        self.file(shown, command).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The record of a directory. Hands back what follows, the last first.
    async fn directory(&mut self, shown: Vec<u8>, command: &Command) -> Result<Vec<Next>, Over> {
        let case = self.case(Operation::List, shown);
        let listed = self.list(&case, command).await;
        self.over(case, listed)
    }

    async fn list(&mut self, case: &Case, command: &Command) -> Result<Vec<Next>, Over> {
        if !self.begin(case).await? {
            return Ok(Vec::new());
        }
        let (files, account) = (&self.run.files, self.account());
        let stat = files.stat(account, &case.path, Follow::Yes);
        let listed = stat.and_then(|stat| Ok((stat, files.list(account, &case.path)?)));
        let (stat, entries) = match listed {
            Ok(listed) => listed,
            Err(error) => {
                self.refuse(case, error.text()).await?;
                return Ok(Vec::new());
            }
        };
        case.begun();
        let (shown, verdict) = (&case.shown, case.pending.verdict());
        let record = line('D', stat.permissions, 0, name_of(shown));
        if !verdict.acts_at_the_start() {
            // The record is the answer.
            let course = verdict.course(case.task, Natural::Done(record.len()));
            if !goes_on(&course) {
                let natural = Some(record);
                self.carry_out(case, Steps { natural, ..Steps::of(course) }).await?;
                return Ok(Vec::new());
            }
            self.carry_out(case, Steps::of(course)).await?;
        }
        if command.preserve && !self.tell(times_line(&stat)).await? {
            return Ok(Vec::new());
        }
        self.talk.say(record.into()).await?;
        case.pending.answered();
        if !self.answered().await? {
            return Ok(Vec::new());
        }
        let entries = entries.iter().rev().map(|entry| [&shown[..], b"/", &entry.name].concat());
        Ok([Next::EndOfDirectory].into_iter().chain(entries.map(Next::Entry)).collect())
    }

    async fn file(&mut self, shown: Vec<u8>, command: &Command) -> Result<(), Over> {
        let case = self.case(Operation::Download, shown);
        let sent = self.send_file(&case, command).await;
        match self.over(case, sent)? {
            Sent::Nothing => Ok(()),
            Sent::Body => self.answered().await.map(drop),
        }
    }

    async fn send_file(&mut self, case: &Case, command: &Command) -> Result<Sent, Over> {
        if !self.begin(case).await? {
            return Ok(Sent::Nothing);
        }
        let (files, account) = (&self.run.files, self.account());
        let opened = files.open_read(account, &case.path).map(Arc::new);
        let opened = opened.and_then(|file| Ok((files.stat_open(account, &file)?, file)));
        let (stat, file) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let is_directory = error == Error::IsADirectory;
                let text = if is_directory { "not a regular file" } else { error.text() };
                return self.refuse(case, text).await.map(|()| Sent::Nothing);
            }
        };
        let keep = case.begun().keep;
        let verdict = case.pending.verdict();
        let (source, once) = match verdict.content(case.task) {
            None => (Source::File(file), stat.size),
            Some(send) => {
                let truth = || self.run.files.content(&file).unwrap_or_default();
                let content = self.filling(case, b"").content(send, truth);
                let size = content.size();
                (Source::Content(content), size)
            }
        };
        let size = match verdict.repeat() {
            Repeat::Times(times) => once.saturating_mul(times),
            // Its size has to be told before it is sent.
            Repeat::Endless => once,
        };
        let record = line('C', stat.permissions, size, name_of(&case.shown));
        if command.preserve && !self.tell(times_line(&stat)).await? || !self.tell(record).await? {
            case.pending.fail(Cause::Client, "the client does not take it");
            return Ok(Sent::Nothing);
        }
        let mut progress = Progress::of(case, size);
        let sent = self.bytes(case, &source, once, &mut progress).await;
        case.pending.moved(progress.moved);
        match sent {
            Ok(Moved::Whole) => {
                let course = case.done();
                self.carry_out(case, Steps::done(course, source.left(keep))).await?;
            }
            // As a file that has become shorter under its reader.
            Ok(Moved::Shrunk) => self.refuse(case, "Broken pipe").await?,
            Ok(Moved::Reached) => {
                let course = verdict.course(case.task, Natural::Reached);
                case.pending.fail(Cause::Rule, "");
                if !ends(&course) && matches!(course.say, Say::Own(_)) {
                    self.fill(progress.rest()).await?;
                }
                let left = source.left(course.keep);
                self.carry_out(case, Steps { left, ..Steps::of(course) }).await?;
            }
            Err(over) => {
                let who = self.caller.who_ended_it();
                case.pending.fail(who, "the connection ended before it was sent");
                return Err(over);
            }
        }
        Ok(Sent::Body)
    }

    /// A file's bytes, which begin again where they end once.
    async fn bytes(
        &mut self,
        case: &Case,
        source: &Source,
        once: u64,
        progress: &mut Progress,
    ) -> Result<Moved, Over> {
        let mut pacer = Pacer::begin(case.pace(self.run.network));
        loop {
            if progress.reaches_the_point() {
                let course = case.pending.verdict().course(case.task, Natural::Reached);
                if !goes_on(&course) {
                    return Ok(Moved::Reached);
                }
                // A file that changes under its reader changes here.
                let left = source.left(course.keep);
                self.carry_out(case, Steps { left, ..Steps::of(course) }).await?;
            }
            if progress.rest() == 0 {
                return Ok(Moved::Whole);
            }
            let most = pacer.piece(progress.room(PIECE));
            let piece = source.read(self, progress.moved % once.max(1), most);
            if piece.is_empty() {
                self.fill(progress.rest()).await?;
                return Ok(Moved::Shrunk);
            }
            self.moves(case, &mut pacer, piece.len(), ITS_TURN).await?;
            let piece = progress.passed(piece);
            self.talk.say(piece).await?;
            case.pending.moved(progress.moved);
        }
    }

    /// Zeros in the place of what cannot be read: the client was told how much comes.
    async fn fill(&mut self, mut left: u64) -> Result<(), Over> {
        while left > 0 {
            let size = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
            self.talk.say(vec![0; size].into()).await?;
            left -= size as u64;
        }
        Ok(())
    }
}

/// What was sent, to which the client has an answer or not.
enum Sent {
    Nothing,
    Body,
}

/// How a file's bytes went.
enum Moved {
    Whole,
    /// To the rule's byte.
    Reached,
    /// The file has become shorter meanwhile.
    Shrunk,
}

impl Source {
    /// What a rule keeps of it.
    fn left(&self, keep: Option<Keep>) -> Option<(Option<Keep>, Left)> {
        match self {
            Self::File(file) => Some((keep, Left::File(Arc::clone(file)))),
            Self::Content(_) => None,
        }
    }

    fn read<I, O>(&self, session: &Session<I, O>, offset: u64, most: usize) -> Bytes {
        match self {
            Self::Content(content) => content.read(offset, most),
            Self::File(file) => session.run.files.content(file).map_or_else(
                |_| Bytes::new(),
                |content| {
                    let left = content.size().saturating_sub(offset);
                    content.read(offset, usize::try_from(left).map_or(most, |left| left.min(most)))
                },
            ),
        }
    }
}

fn name_of(shown: &[u8]) -> &[u8] {
    shown.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

fn without_slashes(mut shown: Vec<u8>) -> Vec<u8> {
    while shown.len() > 1 && shown.ends_with(b"/") {
        shown.pop();
    }
    shown
}
