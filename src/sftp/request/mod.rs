//! The requests. A row each in [`REQUESTS`] and [`EXTENSIONS`] reads it into an [`Ask`], once and in full; a function in
//! its family does it.
//!
//! The words of `when:`, the extensions that are announced and what a request is about all derive from the tables.
//! A new request is a row, a variant and a function.

mod directory;
mod extension;
mod file;
mod flags;
mod init;
mod name;
mod table;

use bytes::Bytes;

use super::answer::Answer;
use super::attributes::Attributes;
use super::codec::{Fields, Malformed};
use super::opened::Thing;
use super::settings::{Settings, Symlink};
use super::state::State;
use super::status::{FAILURE, NO_SUCH_FILE, OK, Status, UNSUPPORTED};
use crate::engine::{Operation, Task, Verdict};
use crate::files::{self, Account, Change, Follow, Overwrite, Path};
use crate::run::Left;

pub use super::attributes::WORDS as ATTRIBUTES;
pub use flags::FLAGS;
use flags::Flags;
pub(super) use table::{EXTENSIONS, INIT};
use table::{REQUESTS, RequestKind, UNKNOWN};
pub use table::{Subject, Wire, extensions, wire, wires};

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: u32,
    pub(super) kind: &'static RequestKind,
    /// What the client means by it.
    pub(super) operation: Option<Operation>,
    /// The name of an extension.
    extension: Option<Bytes>,
    /// What it is about; of two names the new one.
    pub(super) name: Option<Name>,
    /// The old name, or what a link leads to.
    other: Option<Name>,
    /// The number of what is open, if the client's handle has such a form.
    pub(super) number: Option<u32>,
    pub(super) ask: Ask,
    /// How it opens a file, in the words of the draft.
    pub(super) flags: Vec<&'static str>,
    /// The attributes that it sets, in the language's words.
    pub(super) attributes: Vec<String>,
}

/// What a request asks for, and all that it says besides what it is about.
#[derive(Debug)]
pub(super) enum Ask {
    Init,
    Open { flags: Flags, attributes: Attributes },
    Close,
    Read { offset: u64, length: u32 },
    Write { offset: u64, bytes: Bytes },
    Stat(Follow),
    Fstat,
    Setstat(Attributes),
    Lsetstat(Attributes),
    Fsetstat(Attributes),
    Opendir,
    Readdir,
    Remove,
    Mkdir(Attributes),
    Rmdir,
    Realpath,
    ExpandPath,
    Rename(Overwrite),
    Readlink,
    Symlink,
    Hardlink,
    Statvfs,
    Fstatvfs,
    Fsync,
    Limits,
    Copy { offset: u64, length: u64, into: Option<u32>, at: u64 },
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
        account: &Account,
    ) -> Result<Self, Malformed> {
        let kind = REQUESTS.iter().find(|known| known.kind == kind).unwrap_or(&UNKNOWN);
        let mut request = Self {
            id: fields.number()?,
            kind,
            operation: kind.operation,
            extension: None,
            name: None,
            other: None,
            number: None,
            ask: Ask::Unknown,
            flags: Vec::new(),
            attributes: Vec::new(),
        };
        request.read_subject(kind.subject, &mut fields, settings, account)?;
        request.ask = (kind.read)(&mut fields, settings)?;
        if let Some(name) = &request.extension
            && let Some(known) = EXTENSIONS.iter().find(|known| known.name.as_bytes() == name)
            && settings.knows(known.name)
        {
            request.operation = known.operation;
            request.read_subject(known.subject, &mut fields, settings, account)?;
            request.ask = (known.read)(&mut fields, settings)?;
        }
        request.operation = request.ask.meaning().or(request.operation);
        if let Ask::Open { flags, .. } = &request.ask {
            request.flags = flags.words();
        }
        request.attributes = request.ask.attributes().map(Attributes::words).unwrap_or_default();
        Ok(request)
    }

    fn read_subject(
        &mut self,
        subject: Subject,
        fields: &mut Fields,
        settings: &Settings,
        account: &Account,
    ) -> Result<(), Malformed> {
        match subject {
            Subject::Nothing => {}
            Subject::Handle | Subject::Part => self.number = fields.handle()?,
            Subject::Path | Subject::Open => self.name = Some(Name::read(fields, account)?),
            Subject::FromTo => {
                self.other = Some(Name::read(fields, account)?);
                self.name = Some(Name::read(fields, account)?);
            }
            Subject::Link => {
                let (first, second) = (Name::read(fields, account)?, Name::read(fields, account)?);
                let (target, link) = match settings.symlink {
                    Symlink::Openssh => (first, second),
                    Symlink::Draft => (second, first),
                };
                (self.other, self.name) = (Some(target), Some(link));
            }
            Subject::Name => self.extension = Some(fields.string()?),
        }
        Ok(())
    }

    /// Does it.
    pub(super) fn perform(&self, state: &mut State, verdict: &Verdict) -> Result<Done, Status> {
        if self.opens() && state.open.is_full() {
            return Err(Status::natural(FAILURE));
        }
        let (turn, number) = (Turn { id: self.id, verdict }, self.number);
        let path = || Name::path(self.name.as_ref());
        let other = || Name::path(self.other.as_ref());
        match &self.ask {
            Ask::Init => Ok(init::init(state)),
            Ask::Open { flags, attributes } => file::open(state, &path()?, *flags, attributes),
            Ask::Close => file::close(state, number),
            Ask::Read { offset, length } => file::read(state, number, *offset, *length),
            Ask::Write { offset, bytes } => file::write(state, number, *offset, bytes),
            Ask::Stat(follow) => name::stat(state, turn, &path()?, *follow),
            Ask::Fstat => file::fstat(state, turn, number),
            Ask::Setstat(attributes) => name::setstat(state, turn, &path()?, attributes),
            Ask::Lsetstat(attributes) => extension::lsetstat(state, &path()?, attributes),
            Ask::Fsetstat(attributes) => file::fsetstat(state, number, attributes),
            Ask::Opendir => directory::opendir(state, turn, &path()?),
            Ask::Readdir => directory::readdir(state, turn, number),
            Ask::Remove => state.change(turn, Change::Remove(path()?)),
            Ask::Mkdir(attributes) => directory::mkdir(state, turn, &path()?, attributes),
            Ask::Rmdir => state.change(turn, Change::Rmdir(path()?)),
            Ask::Realpath => name::realpath(state, turn, self.name.as_ref()),
            Ask::ExpandPath => extension::expand_path(state, turn, self.name.as_ref()),
            Ask::Rename(overwrite) => {
                let (from, to, overwrite) = (other()?, path()?, *overwrite);
                if overwrite == Overwrite::No {
                    state.run.files.stat(state.account(), &from, Follow::No)?;
                }
                state.change(turn, Change::Rename { from, to, overwrite })
            }
            Ask::Readlink => name::readlink(state, turn, &path()?),
            Ask::Symlink => name::symlink(state, &path()?, self.other.as_ref()),
            Ask::Hardlink => extension::hardlink(state, &other()?, &path()?),
            Ask::Statvfs => extension::statvfs(state, turn, &path()?),
            Ask::Fstatvfs => extension::fstatvfs(state, turn, number),
            Ask::Fsync => extension::fsync(state, number),
            Ask::Limits => Ok(extension::limits(state, turn)),
            Ask::Copy { offset, length, into, at } => {
                extension::copy(state, (number, *offset, *length), (*into, *at))
            }
            Ask::Unknown => Err(Status::natural(UNSUPPORTED)),
        }
    }

    /// What it is about as it was sent, or an extension's name.
    pub(super) fn argument(&self) -> Option<&[u8]> {
        self.extension.as_deref().or(self.name.as_ref().map(|name| &*name.sent))
    }

    /// Whether it begins a transfer or a listing.
    pub(super) fn opens(&self) -> bool {
        matches!(self.ask, Ask::Open { .. } | Ask::Opendir)
    }

    /// A write of no more than so many bytes.
    pub(super) fn up_to(&self, most: usize) -> Option<Self> {
        let Ask::Write { offset, bytes } = &self.ask else { return None };
        let ask = Ask::Write { offset: *offset, bytes: bytes.slice(..bytes.len().min(most)) };
        let (flags, attributes) = (Vec::new(), Vec::new());
        Some(Self { ask, extension: None, name: None, other: None, flags, attributes, ..*self })
    }

    /// What it asks for, as far as a rule's course depends on it.
    pub(super) fn task(&self, verdict: &Verdict) -> Task {
        match self.operation {
            // A listing has no bytes of its own: what a rule sends in its place is the answer to its request.
            Some(Operation::List) if verdict.content(Task::Down).is_some() => Task::Answer,
            Some(Operation::Download | Operation::List) => Task::Down,
            Some(Operation::Upload | Operation::Append) => Task::Up,
            _ => Task::Answer,
        }
    }
}

impl Ask {
    /// What is meant by opening a file.
    fn meaning(&self) -> Option<Operation> {
        match self {
            Self::Open { flags, .. } => Some(flags.operation()),
            _ => None,
        }
    }

    /// What it sets.
    fn attributes(&self) -> Option<&Attributes> {
        match self {
            Self::Open { attributes, .. }
            | Self::Setstat(attributes)
            | Self::Lsetstat(attributes)
            | Self::Fsetstat(attributes)
            | Self::Mkdir(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The bytes that it asks for or brings, from which byte of the file on.
    pub(super) fn part(&self) -> Option<(u64, u64)> {
        match self {
            Self::Read { offset, length } => Some((*offset, u64::from(*length))),
            Self::Write { offset, bytes } => Some((*offset, bytes.len() as u64)),
            _ => None,
        }
    }

    /// The bytes that it is about, or the size that it sets.
    pub(super) fn length(&self) -> Option<u64> {
        let part = self.part().map(|(_, length)| length);
        part.or_else(|| self.attributes()?.size)
    }

    /// Whether what stands at its path is gone as soon as it is opened.
    pub(super) fn empties(&self) -> bool {
        matches!(self, Self::Open { flags, .. } if flags.truncates())
    }
}

impl Name {
    fn read(fields: &mut Fields, account: &Account) -> Result<Self, Malformed> {
        let sent = fields.string()?;
        Ok(Self { path: account.resolve(&sent), sent })
    }

    /// Its path, if it is not empty.
    fn path(name: Option<&Self>) -> Result<Path, Status> {
        let name = name.filter(|name| !name.sent.is_empty());
        name.map(|name| name.path.clone()).ok_or_else(|| Status::natural(NO_SUCH_FILE))
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
