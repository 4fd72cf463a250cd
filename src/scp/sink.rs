//! To here: files and directories as the client's records announce them.

use std::sync::Arc;

use jiff::Timestamp;

use super::case::{Case, Way};
use super::command::Command;
use super::record::{Named, Record, read};
use super::session::{DONE, Over, PIECE, Session};
use crate::engine::{At, Keep, Operation};
use crate::fault::Pacer;
use crate::fault::channel::{Incoming, Outgoing};
use crate::files::{Change, Error, Follow, Handle, Kind, Path, Write};
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
            let error = match files.stat(account, &Path::root().resolve(&target), Follow::Yes) {
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
        let stat = self.run.files.stat(self.account(), &Path::root().resolve(shown), Follow::Yes);
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
        let mut case = self.case(Operation::Mkdir, shown);
        if case.verdict.replaces_the_operation() {
            self.act(case, None).await?;
            return Ok(None);
        }
        let change = Change::Mkdir(case.path.clone());
        let keep = case.verdict.action.keep;
        let left = match self.run.change(self.account().clone(), change, keep) {
            Ok(left) => left,
            Err(error) => {
                let text = if error == Error::Exists { Error::NotADirectory } else { error };
                self.refuse(case, text.text()).await?;
                return Ok(None);
            }
        };
        let (files, account) = (&self.run.files, self.account());
        // A directory that is only pretended has none.
        let _ = files.set_permissions(account, &case.path, mode.unwrap_or_default() | OWNERS);
        self.settle(&mut case, left);
        if case.acts_at_the_end() && !case.goes_on() {
            self.act(case, Some(DONE)).await?;
        } else {
            case.outcome.fired = case.verdict.rule.is_some();
            self.wait(case.verdict.delay).await;
            self.note(case);
            self.acknowledge().await?;
        }
        Ok(Some(directory))
    }

    /// A directory is full: it becomes what it will be like.
    fn finish(&self, directory: &Directory) {
        let (files, account) = (&self.run.files, self.account());
        let path = Path::root().resolve(&directory.shown);
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
        let mut case = self.case(Operation::Upload, shown);
        if case.verdict.replaces_the_operation() {
            self.lose(&case);
            return self.act(case, None).await;
        }
        let opened = self.run.files.open_write(self.account(), &case.path, Write::Keep);
        let file = match opened {
            Ok(file) => Arc::new(file),
            Err(error) => return self.refuse(case, error.text()).await,
        };
        self.wait(case.delay(At::Start)).await;
        let mut way = Way::of(&case, named.size);
        let moved = self.store(&mut case, &file, &mut way).await;
        case.outcome.bytes = Some(way.moved);
        let complaint = match moved {
            Ok(Moved::Whole) => None,
            Ok(Moved::Refused(error)) => Some(error),
            Ok(Moved::Reached) => {
                if case.only_answers() {
                    self.drain(named.size - way.moved).await;
                    // libssh2 ends without a word, and may still listen.
                    let _ = self.answered().await;
                }
                case.outcome.fired = true;
                self.settle(&mut case, Left::File(file));
                return self.act(case, None).await;
            }
            Err(over) => {
                let who = self.caller.who_ended_it();
                case.outcome.fail(who, "the connection ended before all of it came");
                self.note(case);
                return Err(over);
            }
        };
        let answered = self.answered().await;
        if answered == Ok(false) {
            case.outcome.fail(Cause::Client, "the client could not read all of it");
        }
        if let Some(error) = complaint {
            return self.refuse(case, error.text()).await;
        }
        self.like(&file, named.mode, modified, preserve);
        case.outcome.fired |= case.acts_at_the_end();
        self.settle(&mut case, Left::File(file));
        if case.acts_at_the_end() && !case.goes_on() {
            return self.act(case, Some(DONE)).await;
        }
        self.wait(case.delay(At::End)).await;
        self.note(case);
        self.acknowledge().await?;
        answered.map(drop)
    }

    /// Takes a file's bytes, as many as were announced.
    async fn store(
        &mut self,
        case: &mut Case,
        file: &Arc<Handle>,
        way: &mut Way,
    ) -> Result<Moved, Over> {
        self.acknowledge().await?;
        let mut pacer = Pacer::begin(case.pace(self.run.network));
        let mut written = 0;
        let moved = loop {
            if way.reaches_the_point() {
                if !case.goes_on() {
                    break Moved::Reached;
                }
                case.outcome.fired = true;
                case.outcome.note(case.verdict.description());
                self.wait(case.verdict.delay).await;
            }
            if way.moved == way.size {
                break Moved::Whole;
            }
            let piece = self.talk.gathered(pacer.piece(way.room(PIECE))).await?;
            if piece.is_empty() {
                return Err(Over::Failed);
            }
            let size = piece.len();
            let piece = way.passed(piece);
            let stored = piece.len() as u64;
            if let Err(error) = self.run.files.write(file, written, piece) {
                self.drain(way.size - way.moved).await;
                return Ok(Moved::Refused(error));
            }
            written += stored;
            pacer.moved(size).await;
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

    /// An upload that is not done at all can still lose what was there.
    fn lose(&self, case: &Case) {
        let keep = case.verdict.action.keep;
        if matches!(keep, Some(Keep::Lost | Keep::Size(_)))
            && let Ok(file) = self.run.files.open_write(self.account(), &case.path, Write::Keep)
        {
            let _ = self.run.settle(keep, Left::File(Arc::new(file)));
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
