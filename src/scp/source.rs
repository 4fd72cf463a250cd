//! From here: each file as a record, its bytes and a zero byte; a directory with all that is in it.

use std::sync::Arc;

use bytes::Bytes;

use super::case::{Case, Way};
use super::command::Command;
use super::record::{line, times_line};
use super::session::{DONE, Over, PIECE, Session};
use crate::engine::{Action, At, Operation};
use crate::fault::Pacer;
use crate::fault::channel::{Incoming, Outgoing};
use crate::files::{Content, Error, Follow, Handle, Kind, Stat};
use crate::journal::Cause;
use crate::run::{Filling, Left};

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
                    let path = crate::files::Path::root().resolve(&shown);
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
        if case.verdict.replaces_the_operation() {
            self.act(case, None).await?;
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
        self.wait(case.verdict.delay).await;
        let shown = case.shown.clone();
        self.note(case);
        if !self.head(&shown, 'D', &stat, 0, command).await? {
            return Ok(Vec::new());
        }
        let entries = entries.iter().rev().map(|entry| [&shown[..], b"/", &entry.name].concat());
        Ok([Next::EndOfDirectory].into_iter().chain(entries.map(Next::Entry)).collect())
    }

    /// The records before a file's bytes or a directory's entries. Tells whether the client wants those.
    async fn head(
        &mut self,
        shown: &[u8],
        kind: char,
        stat: &Stat,
        size: u64,
        command: &Command,
    ) -> Result<bool, Over> {
        if command.preserve && !self.tell(times_line(stat)).await? {
            return Ok(false);
        }
        let name = shown.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        self.tell(line(kind, stat.permissions, size, name)).await
    }

    async fn file(&mut self, shown: Vec<u8>, command: &Command) -> Result<(), Over> {
        let mut case = self.case(Operation::Download, shown);
        let action = Arc::clone(&case.verdict.action);
        let sends_content = action.send.is_some()
            && Action { send: None, ..Action::clone(&action) }.lets_the_operation_go_on();
        if case.verdict.replaces_the_operation() && !sends_content {
            return self.act(case, None).await;
        }
        let (files, account) = (&self.run.files, self.account());
        let opened = files.open_read(account, &case.path).map(Arc::new);
        let opened = opened.and_then(|file| Ok((files.stat_open(account, &file)?, file)));
        let (stat, file) = match opened {
            Ok(opened) => opened,
            Err(Error::IsADirectory) => return self.refuse(case, "not a regular file").await,
            Err(error) => return self.refuse(case, error.text()).await,
        };
        let source = if sends_content {
            case.outcome.fail(Cause::Rule, "");
            Source::Content(self.content_of(&case, stat.size))
        } else {
            Source::File(file)
        };
        self.wait(case.delay(At::Start)).await;
        let size = match &source {
            Source::File(_) => stat.size,
            Source::Content(content) => content.size(),
        };
        let shown = case.shown.clone();
        match self.head(&shown, 'C', &stat, size, command).await {
            Ok(true) => {}
            refused => {
                case.outcome.fail(Cause::Client, "the client does not take it");
                self.note(case);
                return refused.map(drop);
            }
        }
        self.body(case, &source, size).await
    }

    /// What a rule sends in a file's place.
    fn content_of(&self, case: &Case, size: u64) -> Content {
        let filling = Filling {
            answer: b"",
            path: case.path.as_bytes(),
            size,
            client: self.caller.peer.ip(),
            user: self.account().login(),
        };
        let pieces = case.verdict.action.send.as_ref().map(|send| filling.pieces(send));
        let bytes = pieces.unwrap_or_default().into_iter().flat_map(|(_, piece)| piece);
        Content::from_bytes(bytes.collect::<Vec<u8>>())
    }

    /// A file's bytes and their end.
    async fn body(&mut self, mut case: Case, source: &Source, size: u64) -> Result<(), Over> {
        let mut way = Way::of(&case, size);
        let moved = self.bytes(&mut case, source, &mut way).await;
        case.outcome.bytes = Some(way.moved);
        let shrunk = match moved {
            Ok(Moved::Whole) => false,
            Ok(Moved::Shrunk) => true,
            Ok(Moved::Reached) => {
                if case.only_answers() {
                    self.fill(size - way.moved).await?;
                }
                self.settle_source(&mut case, source);
                self.act(case, None).await?;
                return self.answered().await.map(drop);
            }
            Err(over) => {
                let who = self.caller.who_ended_it();
                case.outcome.fail(who, "the connection ended before it was sent");
                self.note(case);
                return Err(over);
            }
        };
        if case.acts_at_the_end() && !case.goes_on() {
            self.settle_source(&mut case, source);
            self.act(case, Some(DONE)).await?;
        } else if shrunk {
            // As a file that has become shorter under its reader.
            self.refuse(case, "Broken pipe").await?;
        } else {
            case.outcome.fired |= case.acts_at_the_end();
            self.wait(case.delay(At::End)).await;
            self.settle_source(&mut case, source);
            self.note(case);
            self.acknowledge().await?;
        }
        self.answered().await.map(drop)
    }

    async fn bytes(
        &mut self,
        case: &mut Case,
        source: &Source,
        way: &mut Way,
    ) -> Result<Moved, Over> {
        let mut pacer = Pacer::begin(case.pace(self.run.network));
        loop {
            if way.reaches_the_point() {
                if !case.goes_on() {
                    return Ok(Moved::Reached);
                }
                case.outcome.fired = true;
                case.outcome.note(case.verdict.description());
                self.wait(case.verdict.delay).await;
                // A file that changes under its reader changes here.
                self.settle_source(case, source);
            }
            if way.moved == way.size {
                return Ok(Moved::Whole);
            }
            let piece = source.read(self, way.moved, pacer.piece(way.room(PIECE)));
            if piece.is_empty() {
                self.fill(way.size - way.moved).await?;
                return Ok(Moved::Shrunk);
            }
            let size = piece.len();
            let piece = way.passed(piece);
            self.talk.say(piece).await?;
            pacer.moved(size).await;
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

    fn settle_source(&self, case: &mut Case, source: &Source) {
        if let Source::File(file) = source {
            self.settle(case, Left::File(Arc::clone(file)));
        }
    }
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

fn without_slashes(mut shown: Vec<u8>) -> Vec<u8> {
    while shown.len() > 1 && shown.ends_with(b"/") {
        shown.pop();
    }
    shown
}
