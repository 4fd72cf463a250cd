//! The tables.

use super::{Ask, Flags};
use crate::engine::Operation;
use crate::files::{Follow, Overwrite};
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::{Fields, Malformed};
use crate::sftp::settings::Settings;

pub(in crate::sftp) const INIT: u8 = 1;

/// What a request is about, in the order of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nothing that is known.
    Nothing,
    /// What is open.
    Handle,
    /// A part of an open file.
    Part,
    /// A path.
    Path,
    /// An old path and a new one.
    FromTo,
    /// A link and its target.
    Link,
    /// A path and how to open it.
    Open,
    /// The name of an extension.
    Name,
}

/// Reads what a request says besides what it is about.
type Read = fn(&mut Fields, &Settings) -> Result<Ask, Malformed>;

/// One row: a request (draft-ietf-secsh-filexfer-02, section 3).
#[derive(Debug)]
pub(in crate::sftp) struct RequestKind {
    pub(super) kind: u8,
    /// Its name, as `when:` has it.
    pub(in crate::sftp) wire: &'static str,
    pub(super) subject: Subject,
    /// What the client means by it, where that is always the same.
    pub(super) operation: Option<Operation>,
    pub(super) read: Read,
}

/// One row: an extension (OpenSSH's PROTOCOL, section 4; `copy-data` of draft-ietf-secsh-filexfer-extensions-00).
#[derive(Debug)]
pub(in crate::sftp) struct Extension {
    pub(in crate::sftp) name: &'static str,
    /// Its version, as it is announced.
    pub(super) data: &'static str,
    pub(super) subject: Subject,
    pub(super) operation: Option<Operation>,
    pub(super) read: Read,
}

const fn request(
    kind: u8,
    wire: &'static str,
    subject: Subject,
    operation: Option<Operation>,
    read: Read,
) -> RequestKind {
    RequestKind { kind, wire, subject, operation, read }
}

const fn extension(
    name: &'static str,
    data: &'static str,
    subject: Subject,
    operation: Option<Operation>,
    read: Read,
) -> Extension {
    Extension { name, data, subject, operation, read }
}

use Operation::{Delete, Download, List, Mkdir, Rename, Rmdir, Setstat, Stat};
use Subject::{FromTo, Handle, Link, Name, Nothing, Open, Part, Path};

#[rustfmt::skip]
pub(super) static REQUESTS: &[RequestKind] = &[
    request(INIT, "SSH_FXP_INIT", Nothing, None, |_, _| Ok(Ask::Init)),
    request(3, "SSH_FXP_OPEN", Open, Some(Download), |fields, _| {
        Ok(Ask::Open { flags: Flags(fields.number()?), attributes: Attributes::read(fields)? })
    }),
    request(4, "SSH_FXP_CLOSE", Handle, None, |_, _| Ok(Ask::Close)),
    request(5, "SSH_FXP_READ", Part, None, |fields, _| {
        Ok(Ask::Read { offset: fields.long()?, length: fields.number()? })
    }),
    request(6, "SSH_FXP_WRITE", Part, None, |fields, _| {
        Ok(Ask::Write { offset: fields.long()?, bytes: fields.string()? })
    }),
    request(7, "SSH_FXP_LSTAT", Path, Some(Stat), |_, _| Ok(Ask::Stat(Follow::No))),
    request(8, "SSH_FXP_FSTAT", Handle, Some(Stat), |_, _| Ok(Ask::Fstat)),
    request(9, "SSH_FXP_SETSTAT", Path, Some(Setstat), |fields, _| Attributes::read(fields).map(Ask::Setstat)),
    request(10, "SSH_FXP_FSETSTAT", Handle, Some(Setstat), |fields, _| Attributes::read(fields).map(Ask::Fsetstat)),
    request(11, "SSH_FXP_OPENDIR", Path, Some(List), |_, _| Ok(Ask::Opendir)),
    request(12, "SSH_FXP_READDIR", Handle, None, |_, _| Ok(Ask::Readdir)),
    request(13, "SSH_FXP_REMOVE", Path, Some(Delete), |_, _| Ok(Ask::Remove)),
    request(14, "SSH_FXP_MKDIR", Path, Some(Mkdir), |fields, _| Attributes::read(fields).map(Ask::Mkdir)),
    request(15, "SSH_FXP_RMDIR", Path, Some(Rmdir), |_, _| Ok(Ask::Rmdir)),
    request(16, "SSH_FXP_REALPATH", Path, None, |_, _| Ok(Ask::Realpath)),
    request(17, "SSH_FXP_STAT", Path, Some(Stat), |_, _| Ok(Ask::Stat(Follow::Yes))),
    request(18, "SSH_FXP_RENAME", FromTo, Some(Rename), |_, settings| Ok(Ask::Rename(settings.rename.into()))),
    request(19, "SSH_FXP_READLINK", Path, None, |_, _| Ok(Ask::Readlink)),
    request(20, "SSH_FXP_SYMLINK", Link, None, |_, _| Ok(Ask::Symlink)),
    request(200, "SSH_FXP_EXTENDED", Name, None, |_, _| Ok(Ask::Unknown)),
];

/// What no row has.
pub(super) static UNKNOWN: RequestKind =
    request(0, "SSH_FXP_UNKNOWN", Nothing, None, |_, _| Ok(Ask::Unknown));

#[rustfmt::skip]
pub(in crate::sftp) static EXTENSIONS: &[Extension] = &[
    extension("posix-rename@openssh.com", "1", FromTo, Some(Rename), |_, _| Ok(Ask::Rename(Overwrite::Yes))),
    extension("statvfs@openssh.com", "2", Path, None, |_, _| Ok(Ask::Statvfs)),
    extension("fstatvfs@openssh.com", "2", Handle, None, |_, _| Ok(Ask::Fstatvfs)),
    extension("hardlink@openssh.com", "1", FromTo, None, |_, _| Ok(Ask::Hardlink)),
    extension("fsync@openssh.com", "1", Handle, None, |_, _| Ok(Ask::Fsync)),
    extension("lsetstat@openssh.com", "1", Path, Some(Setstat), |fields, _| Attributes::read(fields).map(Ask::Lsetstat)),
    extension("limits@openssh.com", "1", Nothing, None, |_, _| Ok(Ask::Limits)),
    extension("expand-path@openssh.com", "1", Path, None, |_, _| Ok(Ask::ExpandPath)),
    extension("copy-data", "1", Handle, None, |fields, _| {
        let (offset, length) = (fields.long()?, fields.long()?);
        Ok(Ask::Copy { offset, length, into: fields.handle()?, at: fields.long()? })
    }),
];

/// A request as a wire word of `when:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire {
    /// In capitals.
    pub name: &'static str,
    /// What the client means by it, where that is always the same.
    pub operation: Option<Operation>,
    /// What it is about.
    pub subject: Subject,
}

impl Wire {
    /// Whether each such request is written down. Those that read, write, list and close what is open mean nothing of
    /// their own: the packets of a transfer have one record together.
    #[must_use]
    pub fn has_own_record(&self) -> bool {
        !matches!(self.subject, Handle | Part) || self.operation.is_some()
    }
}

impl RequestKind {
    pub(in crate::sftp) fn as_word(&self) -> Wire {
        // What opening a file means is only known when it is opened.
        let operation = self.operation.filter(|_| self.subject != Open);
        Wire { name: self.wire, operation, subject: self.subject }
    }
}

/// Every request that a rule can name.
pub fn wires() -> impl Iterator<Item = Wire> {
    REQUESTS.iter().map(RequestKind::as_word)
}

/// The request of a name in capitals.
#[must_use]
pub fn wire(name: &str) -> Option<Wire> {
    wires().find(|wire| wire.name == name)
}

/// The names of all extensions.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    EXTENSIONS.iter().map(|extension| extension.name)
}
