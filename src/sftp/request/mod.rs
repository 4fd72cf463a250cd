//! The requests: a row each in [`REQUESTS`] and [`EXTENSIONS`], a function each in its family.
//!
//! The words of `when:`, the extensions that are announced and what a request is about all derive from the tables.
//! A new request is one row and one function.

mod directory;
mod extension;
mod file;
mod init;
mod name;
mod table;

use std::sync::Arc;

use bytes::Bytes;

use super::answer::Answer;
use super::codec::{Fields, Malformed, Packet};
use super::opened::{Thing, number_of};
use super::session::Session;
use super::settings::{Settings, Symlink};
use super::status::{NO_SUCH_FILE, Status};
use crate::engine::{Action, Claim, Keep, Operation};
use crate::files::{self, Change, Path};
use crate::run::Left;

pub(super) use table::{EXTENDED, EXTENSIONS, INIT, REQUESTS, Request, UNKNOWN};
pub use table::{Subject, Wire, extensions, has_own_record, wire, wires};

/// Flags of `SSH_FXP_OPEN` (draft-ietf-secsh-filexfer-02, section 6.3).
pub(super) mod flags {
    pub(in crate::sftp) const READ: u32 = 0x01;
    pub(in crate::sftp) const WRITE: u32 = 0x02;
    pub(in crate::sftp) const APPEND: u32 = 0x04;
    pub(in crate::sftp) const CREATE: u32 = 0x08;
    pub(in crate::sftp) const TRUNCATE: u32 = 0x10;
    pub(in crate::sftp) const EXCLUSIVE: u32 = 0x20;
}

/// What a healthy request leads to.
#[derive(Debug)]
pub(super) enum Done {
    Answer(Answer),
    /// Something is open now, and its handle is the answer.
    Opened(Thing),
}

/// What does it.
pub(super) type Run = fn(&mut Session, &mut Asked) -> Result<Done, Failure>;

/// Why a request was not done.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is answered by this.
    Status(Status),
    /// It cannot be read, and nor can what follows.
    Malformed,
}

impl<S: Into<Status>> From<S> for Failure {
    fn from(status: S) -> Self {
        Self::Status(status.into())
    }
}

impl From<Malformed> for Failure {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// A request with all that it says of itself before it is done.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) id: u32,
    /// The wire's word for it.
    pub(super) wire: &'static str,
    /// What the client means by it.
    pub(super) operation: Option<Operation>,
    /// What is left to be read.
    pub(super) fields: Fields,
    /// What it is about; of two paths the new one.
    pub(super) path: Option<Path>,
    /// The old one.
    pub(super) from: Option<Path>,
    /// What it is about as it was sent, or an extension's name.
    pub(super) argument: Option<Bytes>,
    /// The last path as it was sent; of a link, the target.
    pub(super) sent: Bytes,
    /// The number of what is open.
    pub(super) handle: Option<u32>,
    /// A path was empty, which no file's is.
    pub(super) nameless: bool,
    /// The flags of `SSH_FXP_OPEN`.
    pub(super) flags: u32,
    /// The rule's action, and what the request has done so far.
    pub(super) action: Option<Arc<Action>>,
    pub(super) left: Option<Left>,
    /// Bytes that a read asks for.
    pub(super) wanted: usize,
    /// Bytes that were written.
    pub(super) stored: usize,
    pub(super) run: Run,
}

impl Asked {
    /// Reads what a request is about.
    pub(super) fn read(
        request: &'static Request,
        mut fields: Fields,
        settings: &Settings,
    ) -> Result<Self, Malformed> {
        let id = fields.number()?;
        let mut asked = Self {
            id,
            wire: request.wire,
            operation: request.operation,
            fields,
            path: None,
            from: None,
            argument: None,
            sent: Bytes::new(),
            handle: None,
            nameless: false,
            flags: 0,
            action: None,
            left: None,
            wanted: 0,
            stored: 0,
            run: request.run,
        };
        asked.read_subject(request.subject, settings)?;
        if request.kind == EXTENDED {
            asked.read_extension(settings)?;
        }
        Ok(asked)
    }

    fn read_subject(&mut self, subject: Subject, settings: &Settings) -> Result<(), Malformed> {
        match subject {
            Subject::Nothing => {}
            Subject::Handle => self.handle = number_of(&self.fields.string()?),
            Subject::Path => self.path = Some(self.read_path()?),
            Subject::FromTo => {
                self.from = Some(self.read_path()?);
                self.path = Some(self.read_path()?);
            }
            Subject::Link => {
                let (first, second) = (self.fields.string()?, self.fields.string()?);
                let (target, link) = match settings.symlink {
                    Symlink::Openssh => (first, second),
                    Symlink::Draft => (second, first),
                };
                self.nameless = link.is_empty();
                self.path = Some(Path::root().resolve(&link));
                self.argument = Some(link);
                self.sent = target;
            }
            Subject::Open => {
                self.path = Some(self.read_path()?);
                self.flags = self.fields.number()?;
                self.operation = Some(meaning(self.flags));
            }
            Subject::Name => self.argument = Some(self.fields.string()?),
        }
        Ok(())
    }

    fn read_extension(&mut self, settings: &Settings) -> Result<(), Malformed> {
        let name = self.argument.clone().unwrap_or_default();
        let known = EXTENSIONS.iter().find(|extension| extension.name.as_bytes() == name);
        let Some(extension) = known.filter(|known| settings.knows(known.name)) else {
            return Ok(());
        };
        self.run = extension.run;
        self.operation = extension.operation;
        self.read_subject(extension.subject, settings)?;
        self.argument = Some(name);
        Ok(())
    }

    fn read_path(&mut self) -> Result<Path, Malformed> {
        let name = self.fields.string()?;
        self.nameless |= name.is_empty();
        let path = Path::root().resolve(&name);
        self.argument = Some(name.clone());
        self.sent = name;
        Ok(path)
    }

    /// What a rule keeps of it.
    pub(super) fn keep(&self) -> Option<Keep> {
        self.action.as_ref().and_then(|action| action.keep)
    }

    /// What a rule claims in its answer.
    pub(super) fn claims(&self) -> &[Claim] {
        self.action.as_ref().map_or(&[], |action| &action.claims)
    }

    /// Whether it ends a transfer or a listing.
    pub(super) fn is_close(&self) -> bool {
        self.wire == "SSH_FXP_CLOSE"
    }

    /// Whether it begins a transfer or a listing, whose bytes `at` counts.
    pub(super) fn opens(&self) -> bool {
        self.operation.is_some_and(Operation::opens)
    }

    /// Whether it has a record of its own in the journal: the packets of a transfer have one together.
    pub(super) fn is_noted(&self) -> bool {
        has_own_record(self.wire)
    }

    /// A write of no more than so many bytes.
    pub(super) fn cut_write(&mut self, most: usize) {
        let mut fields = self.fields.clone();
        let (Ok(offset), Ok(bytes)) = (fields.long(), fields.string()) else { return };
        let bytes = bytes.slice(..bytes.len().min(most));
        // What follows the head that every packet has.
        let packet = Packet::new(0).long(offset).string(&bytes).finish();
        self.fields = Fields(packet.slice(5..));
    }

    /// Whether what stands at its path is gone as soon as it is opened.
    pub(super) fn empties(&self) -> bool {
        self.operation == Some(Operation::Upload) && self.flags & flags::TRUNCATE != 0
    }

    /// Changes the tree, or pretends to, as a rule's `keep` has it.
    fn change(&mut self, session: &Session, change: Change) -> Result<(), files::Error> {
        let account = session.account().clone();
        self.left = Some(session.run.change(account, change, self.keep())?);
        Ok(())
    }

    /// The path it is about, which is not empty.
    fn named(&self) -> Result<Path, Failure> {
        match &self.path {
            Some(path) if !self.nameless => Ok(path.clone()),
            _ => Err(Status::natural(NO_SUCH_FILE).into()),
        }
    }

    /// Both paths of a request that has an old one and a new one.
    fn names(&self) -> Result<(Path, Path), Failure> {
        let to = self.named()?;
        Ok((self.from.clone().unwrap_or_else(Path::root), to))
    }
}

/// What is meant by opening a file (the language's page, section 3, rule 4).
fn meaning(flags: u32) -> Operation {
    if flags & flags::APPEND != 0 {
        Operation::Append
    } else if flags & flags::WRITE != 0 {
        Operation::Upload
    } else {
        Operation::Download
    }
}

/// All is well.
fn ok() -> Done {
    Done::Answer(Status::natural(super::status::OK).into())
}
