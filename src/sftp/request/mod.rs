//! The requests. A row each in [`REQUESTS`] and [`EXTENSIONS`] reads it into an [`Ask`], once and in full; a function in
//! its family does it.
//!
//! The words of `when:`, the extensions that are announced and what a request is about all derive from the tables.
//! A new request is a row, a variant and a function.

mod directory;
mod extension;
mod file;
mod init;
mod name;
mod table;

use bytes::Bytes;

use super::answer::Answer;
use super::attributes::Attributes;
use super::codec::{Fields, Malformed};
use super::opened::Thing;
use super::settings::Settings;
use super::state::State;
use super::status::{NO_SUCH_FILE, OK, Status, UNSUPPORTED};
use crate::engine::{Operation, Task, Verdict};
use crate::files::{self, Change, Follow, Overwrite, Path};
use crate::run::Left;

pub(super) use table::{EXTENSIONS, INIT};
use table::{REQUESTS, RequestKind, UNKNOWN};
pub use table::{Subject, Wire, extensions, wire, wires};

/// Flags of `SSH_FXP_OPEN` (draft-ietf-secsh-filexfer-02, section 6.3).
mod flags {
    pub(super) const READ: u32 = 0x01;
    pub(super) const WRITE: u32 = 0x02;
    pub(super) const APPEND: u32 = 0x04;
    pub(super) const CREATE: u32 = 0x08;
    pub(super) const TRUNCATE: u32 = 0x10;
    pub(super) const EXCLUSIVE: u32 = 0x20;
}

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: u32,
    pub(super) kind: &'static RequestKind,
    /// What the client means by it.
    pub(super) operation: Option<Operation>,
    /// The name of an extension.
    extension: Option<Bytes>,
    pub(super) ask: Ask,
}

/// What a request asks for. A `u32` is the number of something open, if the client's handle has such a form.
#[derive(Debug)]
pub(super) enum Ask {
    Init,
    Open { name: Name, flags: u32, attributes: Attributes },
    Close(Option<u32>),
    Read { from: Option<u32>, offset: u64, length: u32 },
    Write { into: Option<u32>, offset: u64, bytes: Bytes },
    Stat { name: Name, follow: Follow },
    Fstat(Option<u32>),
    Setstat { name: Name, attributes: Attributes },
    Lsetstat { name: Name, attributes: Attributes },
    Fsetstat { of: Option<u32>, attributes: Attributes },
    Opendir(Name),
    Readdir(Option<u32>),
    Remove(Name),
    Mkdir { name: Name, attributes: Attributes },
    Rmdir(Name),
    Realpath(Name),
    ExpandPath(Name),
    Rename { from: Name, to: Name, overwrite: Overwrite },
    Readlink(Name),
    Symlink { link: Name, target: Bytes },
    Hardlink { existing: Name, new: Name },
    Statvfs(Name),
    Fstatvfs(Option<u32>),
    Fsync(Option<u32>),
    Limits,
    Copy { from: Option<u32>, offset: u64, length: u64, into: Option<u32>, at: u64 },
    Unknown,
}

/// A name as it was sent, and the path that it means.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) sent: Bytes,
    pub(super) path: Path,
}

/// What a request has come to.
#[derive(Debug)]
pub(super) enum Done {
    Answer(Answer),
    /// It is told that all is well, and a rule may have its say about what it leaves.
    Changed(Left),
    /// Something is open now, and its handle is the answer.
    Opened(Thing),
}

/// To whom it is done.
#[derive(Debug, Clone, Copy)]
struct Turn<'v> {
    id: u32,
    /// What was decided of the request.
    verdict: &'v Verdict,
}

impl Request {
    /// Reads a packet after its kind.
    pub(super) fn read(
        kind: u8,
        mut fields: Fields,
        settings: &Settings,
    ) -> Result<Self, Malformed> {
        let kind = REQUESTS.iter().find(|known| known.kind == kind).unwrap_or(&UNKNOWN);
        let id = fields.number()?;
        if kind.subject != Subject::Name {
            let ask = (kind.read)(&mut fields, settings)?;
            let operation = ask.meaning().or(kind.operation);
            return Ok(Self { id, kind, operation, extension: None, ask });
        }
        let name = fields.string()?;
        let known = EXTENSIONS.iter().find(|extension| extension.name.as_bytes() == name);
        let known = known.filter(|known| settings.knows(known.name));
        let ask = known.map(|known| (known.read)(&mut fields, settings)).transpose()?;
        let operation = known.and_then(|known| known.operation);
        Ok(Self { id, kind, operation, extension: Some(name), ask: ask.unwrap_or(Ask::Unknown) })
    }

    /// What it is about as it was sent, or an extension's name.
    pub(super) fn argument(&self) -> Option<&[u8]> {
        self.extension.as_deref().or(self.ask.name().map(|name| &*name.sent))
    }

    /// Whether it begins a transfer or a listing.
    pub(super) fn opens(&self) -> bool {
        matches!(self.ask, Ask::Open { .. } | Ask::Opendir(_))
    }

    /// What it asks for, as far as a rule's course depends on it.
    pub(super) fn task(&self, verdict: &Verdict) -> Task {
        match self.operation {
            // A listing has no bytes of its own: what a rule sends in its place is the answer to its request.
            Some(Operation::List) if verdict.content(Task::Down).is_some() => Task::Answer,
            operation => task_of(operation),
        }
    }
}

/// What bytes move by an operation.
pub(super) fn task_of(operation: Option<Operation>) -> Task {
    match operation {
        Some(Operation::Download | Operation::List) => Task::Down,
        Some(Operation::Upload | Operation::Append) => Task::Up,
        _ => Task::Answer,
    }
}

impl Ask {
    /// Does it, and answers by this id.
    pub(super) fn perform(
        &self,
        id: u32,
        state: &mut State,
        verdict: &Verdict,
    ) -> Result<Done, Status> {
        let turn = Turn { id, verdict };
        match self {
            Self::Init => Ok(init::init(state)),
            Self::Open { name, flags, attributes } => file::open(state, name, *flags, attributes),
            Self::Close(number) => file::close(state, *number),
            Self::Read { from, offset, length } => file::read(state, *from, *offset, *length),
            Self::Write { into, offset, bytes } => file::write(state, *into, *offset, bytes),
            Self::Stat { name, follow } => name::stat(state, turn, name, *follow),
            Self::Fstat(number) => file::fstat(state, turn, *number),
            Self::Setstat { name, attributes } => name::setstat(state, turn, name, attributes),
            Self::Lsetstat { name, attributes } => extension::lsetstat(state, name, attributes),
            Self::Fsetstat { of, attributes } => file::fsetstat(state, *of, attributes),
            Self::Opendir(name) => directory::opendir(state, turn, name),
            Self::Readdir(number) => directory::readdir(state, turn, *number),
            Self::Remove(name) => state.change(turn, Change::Remove(name.path()?)),
            Self::Mkdir { name, attributes } => directory::mkdir(state, turn, name, attributes),
            Self::Rmdir(name) => state.change(turn, Change::Rmdir(name.path()?)),
            Self::Realpath(name) => name::realpath(state, turn, &name.path),
            Self::ExpandPath(name) => extension::expand_path(state, turn, name),
            Self::Rename { from, to, overwrite } => {
                let (from, to, overwrite) = (from.path()?, to.path()?, *overwrite);
                state.change(turn, Change::Rename { from, to, overwrite })
            }
            Self::Readlink(name) => name::readlink(state, turn, name),
            Self::Symlink { link, target } => name::symlink(state, link, target),
            Self::Hardlink { existing, new } => extension::hardlink(state, existing, new),
            Self::Statvfs(name) => extension::statvfs(state, turn, name),
            Self::Fstatvfs(number) => extension::fstatvfs(state, turn, *number),
            Self::Fsync(number) => extension::fsync(state, *number),
            Self::Limits => Ok(extension::limits(state, turn)),
            Self::Copy { from, offset, length, into, at } => {
                extension::copy(state, (*from, *offset, *length), (*into, *at))
            }
            Self::Unknown => Err(Status::natural(UNSUPPORTED)),
        }
    }

    /// What is meant by opening a file.
    fn meaning(&self) -> Option<Operation> {
        match self {
            Self::Open { flags, .. } if flags & flags::APPEND != 0 => Some(Operation::Append),
            Self::Open { flags, .. } if flags & flags::WRITE != 0 => Some(Operation::Upload),
            _ => None,
        }
    }

    /// What it is about; of two names the new one.
    pub(super) fn name(&self) -> Option<&Name> {
        match self {
            Self::Open { name, .. }
            | Self::Stat { name, .. }
            | Self::Setstat { name, .. }
            | Self::Lsetstat { name, .. }
            | Self::Mkdir { name, .. }
            | Self::Opendir(name)
            | Self::Remove(name)
            | Self::Rmdir(name)
            | Self::Realpath(name)
            | Self::ExpandPath(name)
            | Self::Readlink(name)
            | Self::Statvfs(name)
            | Self::Rename { to: name, .. }
            | Self::Symlink { link: name, .. }
            | Self::Hardlink { new: name, .. } => Some(name),
            _ => None,
        }
    }

    /// The number of what is open.
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Close(number)
            | Self::Read { from: number, .. }
            | Self::Write { into: number, .. }
            | Self::Fstat(number)
            | Self::Fsetstat { of: number, .. }
            | Self::Readdir(number)
            | Self::Fstatvfs(number)
            | Self::Fsync(number)
            | Self::Copy { from: number, .. } => *number,
            _ => None,
        }
    }

    /// Whether what stands at its path is gone as soon as it is opened.
    pub(super) fn empties(&self) -> bool {
        matches!(self, Self::Open { flags, .. }
            if flags & flags::TRUNCATE != 0 && flags & flags::APPEND == 0)
    }
}

impl Name {
    fn read(fields: &mut Fields) -> Result<Self, Malformed> {
        fields.string().map(Self::of)
    }

    fn of(sent: Bytes) -> Self {
        Self { path: Path::root().resolve(&sent), sent }
    }

    /// Its path, if it is not empty.
    fn path(&self) -> Result<Path, Status> {
        if self.sent.is_empty() {
            return Err(Status::natural(NO_SUCH_FILE));
        }
        Ok(self.path.clone())
    }
}

impl State {
    /// Changes the tree, or pretends to, as a rule's `keep` has it.
    fn change(&self, turn: Turn<'_>, change: Change) -> Result<Done, Status> {
        let left = self.run.change(self.account().clone(), change, turn.verdict.keep());
        left.map(Done::Changed).map_err(files::Error::into)
    }
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// All is well.
fn ok() -> Done {
    Done::Answer(Status::natural(OK).into())
}
