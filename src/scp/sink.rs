//! To here: files and directories as the client's records announce them.

use std::sync::Arc;

use jiff::Timestamp;

use super::case::{Case, ITS_TURN, Steps, ends, goes_on};
use super::command::Command;
use super::progress::Progress;
use super::record::{Named, Record, read};
use super::session::{DONE, Over, PIECE, Session};
use crate::engine::{Course, Keep, Natural, Operation, Say};
use crate::fault::Pacer;
use crate::fault::channel::{Incoming, Outgoing};
use crate::files::{Change, Error, Follow, Handle, Kind, Write};
use crate::journal::Cause;
use crate::run::Left;

/// What a new file or directory may not be, as on most systems.
const UMASK: u16 = 0o022;
/// What its owner may do with a directory as long as it is being filled.
const OWNERS: u16 = 0o700;

/// A directory that is being filled, and what it will be like.
struct Directory {
    shown: Vec<u8>,
    mode: Option<u16>,
    modified: Option<Timestamp>,
}

impl<I: Incoming, O: Outgoing> Session<I, O> {
    /// Takes all that comes.
    pub(super) async fn take(&mut self, command: &Command) -> Result<(), Over> {
        let mut targets = self.paths(command);
        let (Some(target), true) = (targets.pop(), targets.is_empty()) else {
            return self.give_up(b"ambiguous target").await;
        };
        if command.into_directory {
            let (files, account) = (&self.run.files, self.account());
            let error = match files.stat(account, &account.resolve(&target), Follow::Yes) {
                Ok(stat) if stat.kind == Kind::Directory => None,
                Ok(_) => Some(Error::NotADirectory),
                Err(error) => Some(error),
            };
            if let Some(error) = error {
                let why = [&target[..], b": ", error.text().as_bytes()].concat();
                return self.give_up(&why).await;
            }
        }
        self.acknowledge().await?;
        let mut open: Vec<Directory> = Vec::new();
        let mut modified = None;
        while let Some(line) = self.talk.line().await? {
            let record = match read(&line) {
                Ok(record) => record,
                Err(why) => return self.give_up(format!("protocol error: {why}").as_bytes()).await,
            };
            if let Record::File(named) | Record::Directory(named) = &record
                && matches!(&*named.name, b"" | b"." | b"..") | named.name.contains(&b'/')
            {
                let why = [b"error: unexpected filename: ", &named.name[..]].concat();
                return self.give_up(&why).await;
            }
            let here = open.last().map_or(&target, |directory| &directory.shown).clone();
            match record {
                Record::Complaint => self.complaints += 1,
                Record::Farewell => return Err(Over::Failed),
                Record::Modified(time) => {
                    modified = Some(time);
                    self.acknowledge().await?;
                }
                Record::End => {
                    let Some(directory) = open.pop() else { return Ok(()) };
                    self.finish(&directory);
                    self.acknowledge().await?;
                }
                Record::File(named) => {
                    let shown = self.inside(here, &named.name);
                    let modified = modified.take();
                    self.file_of(shown, &named, modified, command.preserve).await?;
                }
                Record::Directory(_) if !command.recursive => {
                    return self.give_up(b"protocol error: received directory without -r").await;
                }
                Record::Directory(named) => {
                    let shown = self.inside(here, &named.name);
                    let modified = modified.take();
                    open.extend(self.directory_of(shown, &named, modified, command).await?);
                }
            }
        }
        Ok(())
    }

    async fn give_up(&mut self, why: &[u8]) -> Result<(), Over> {
        self.complain(why).await?;
        Err(Over::Failed)
    }

    fn is_directory(&self, shown: &[u8]) -> bool {
        let stat = self.run.files.stat(self.account(), &self.account().resolve(shown), Follow::Yes);
        stat.is_ok_and(|stat| stat.kind == Kind::Directory)
    }

    /// Where something of this name goes: into a directory, or in the place of the target.
    fn inside(&self, here: Vec<u8>, name: &[u8]) -> Vec<u8> {
        if !self.is_directory(&here) {
            return here;
        }
        let slash: &[u8] = if here.ends_with(b"/") || here.is_empty() { b"" } else { b"/" };
        [&here[..], slash, name].concat()
    }

    /// Makes a directory, if it is not there, and goes into it.
    async fn directory_of(
        &mut self,
        shown: Vec<u8>,
        named: &Named,
        modified: Option<Timestamp>,
        command: &Command,
    ) -> Result<Option<Directory>, Over> {
        let mode = if command.preserve { named.mode } else { named.mode & !UMASK };
        let there = self.is_directory(&shown);
        let mode = Some(mode).filter(|_| command.preserve || !there);
        let directory = Directory { shown: shown.clone(), mode, modified };
        if there {
            self.acknowledge().await?;
            return Ok(Some(directory));
        }
        let case = self.case(Operation::Mkdir, shown);
        let goes_in = self.make(&case, mode.unwrap_or_default()).await;
        Ok(self.over(case, goes_in)?.then_some(directory))
    }

    /// Makes a directory. Tells whether the client goes into it.
    async fn make(&mut self, case: &Case, mode: u16) -> Result<bool, Over> {
        if !self.begin(case).await? {
            return Ok(false);
        }
        let change = Change::Mkdir(case.path.clone());
        let verdict = case.pending.verdict();
        let left = match self.run.change(self.account().clone(), change, verdict.keep()) {
            Ok(left) => left,
            Err(error) => {
                let text = if error == Error::Exists { Error::NotADirectory } else { error };
                return self.refuse(case, text.text()).await.map(|()| false);
            }
        };
        let (files, account) = (&self.run.files, self.account());
        // A directory that is only pretended has none.
        let _ = files.set_permissions(account, &case.path, mode | OWNERS);
        let (begun, done) = (case.begun(), verdict.course(case.task, Natural::Done(DONE.len())));
        let course = if verdict.acts_at_the_start() { Course::NATURAL } else { done };
        self.carry_out(case, Steps::done(course, Some((begun.keep, left)))).await?;
        Ok(true)
    }

    /// A directory is full: it becomes what it will be like.
    fn finish(&self, directory: &Directory) {
        let (files, account) = (&self.run.files, self.account());
        let path = account.resolve(&directory.shown);
        if let Some(mode) = directory.mode {
            // Only its owner may, and a rule may have hidden it.
            let _ = files.set_permissions(account, &path, mode);
        }
        if let Some(modified) = directory.modified {
            let _ = files.set_modified(account, &path, modified);
        }
    }

    async fn file_of(
        &mut self,
        shown: Vec<u8>,
        named: &Named,
        modified: Option<Timestamp>,
        preserve: bool,
    ) -> Result<(), Over> {
        let case = self.case(Operation::Upload, shown);
        let taken = self.take_file(&case, named, modified, preserve).await;
        self.over(case, taken)
    }

    async fn take_file(
        &mut self,
        case: &Case,
        named: &Named,
        modified: Option<Timestamp>,
        preserve: bool,
    ) -> Result<(), Over> {
        if !self.begin(case).await? {
            return Ok(());
        }
        let opened = self.run.files.open_write(self.account(), &case.path, Write::Keep);
        let file = match opened {
            Ok(file) => Arc::new(file),
            Err(error) => return self.refuse(case, error.text()).await,
        };
        let mut keep = case.begun().keep;
        let mut progress = Progress::of(case, named.size);
        let moved = self.store(case, &file, &mut progress, &mut keep).await;
        case.pending.moved(progress.moved);
        let complaint = match moved {
            Ok(Moved::Whole) => None,
            Ok(Moved::Refused(error)) => Some(error),
            Ok(Moved::Reached) => {
                let course = case.pending.verdict().course(case.task, Natural::Reached);
                case.pending.fail(Cause::Rule, "");
                if !ends(&course) && matches!(course.say, Say::Own(_)) {
                    self.drain(progress.rest()).await;
                    // libssh2 ends without a word, and may still listen.
                    let _ = self.answered().await;
                }
                let left = Some((course.keep, Left::File(file)));
                return self.carry_out(case, Steps { left, ..Steps::of(course) }).await;
            }
            Err(over) => {
                let who = self.caller.who_ended_it();
                case.pending.fail(who, "the connection ended before all of it came");
                return Err(over);
            }
        };
        let answered = self.answered().await;
        if answered == Ok(false) {
            case.pending.fail(Cause::Client, "the client could not read all of it");
        }
        if let Some(error) = complaint {
            return self.refuse(case, error.text()).await;
        }
        self.like(&file, named.mode, modified, preserve);
        // A client that has said its last may be waiting for this.
        let owes = if answered.is_ok() { ITS_TURN } else { 0 };
        let steps = Steps::done(case.done(), Some((keep, Left::File(file))));
        self.carry_out(case, Steps { owes, ..steps }).await?;
        answered.map(drop)
    }

    /// Takes a file's bytes, as many as were announced.
    async fn store(
        &mut self,
        case: &Case,
        file: &Arc<Handle>,
        progress: &mut Progress,
        keep: &mut Option<Keep>,
    ) -> Result<Moved, Over> {
        self.acknowledge().await?;
        let mut pacer = Pacer::begin(case.pace(self.run.network));
        let mut written = 0;
        let moved = loop {
            if progress.reaches_the_point() {
                let mut course = case.pending.verdict().course(case.task, Natural::Reached);
                if !goes_on(&course) {
                    break Moved::Reached;
                }
                // It is not complete before its end.
                *keep = course.keep.take();
                let owes = progress.rest();
                self.carry_out(case, Steps { owes, ..Steps::of(course) }).await?;
            }
            if progress.rest() == 0 {
                break Moved::Whole;
            }
            let piece = self.talk.gathered(pacer.piece(progress.room(PIECE))).await?;
            if piece.is_empty() {
                return Err(Over::Failed);
            }
            let size = piece.len();
            let piece = progress.passed(piece);
            let stored = piece.len() as u64;
            if let Err(error) = self.run.files.write(file, written, piece) {
                self.drain(progress.rest()).await;
                return Ok(Moved::Refused(error));
            }
            written += stored;
            case.pending.moved(progress.moved);
            self.moves(case, &mut pacer, size, progress.rest()).await?;
        };
        // What was there may have been longer.
        Ok(self.run.files.truncate(file, written).map_or_else(Moved::Refused, |()| moved))
    }

    /// Takes bytes that nobody wants any more.
    async fn drain(&mut self, mut left: u64) {
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            let Ok(Some(some)) = self.talk.some(most).await else { return };
            left -= some.len() as u64;
        }
    }

    /// Gives a file the permissions and the time that were announced.
    fn like(&self, file: &Handle, mode: u16, modified: Option<Timestamp>, preserve: bool) {
        let (files, account) = (&self.run.files, self.account());
        let mode = match preserve {
            true => Some(mode),
            false if file.is_new() => Some(mode & !UMASK),
            false => None,
        };
        // Who may write a file need not own it.
        if let Some(mode) = mode {
            let _ = files.set_permissions(account, file, mode);
        }
        if let Some(modified) = modified {
            let _ = files.set_modified(account, file, modified);
        }
    }
}

/// How a file's bytes came.
enum Moved {
    Whole,
    /// To the rule's byte.
    Reached,
    /// The tree has refused them.
    Refused(Error),
}
