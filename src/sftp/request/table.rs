//! The tables.

use super::{Asked, Done, Failure, Run, directory, extension, file, init, name};
use crate::engine::Operation;
use crate::sftp::session::Session;
use crate::sftp::status::{Status, UNSUPPORTED};

pub(in crate::sftp) const INIT: u8 = 1;
pub(in crate::sftp) const EXTENDED: u8 = 200;

/// What a request is about, in the order of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nothing that is known.
    Nothing,
    /// What is open.
    Handle,
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

/// Whether each such request is written down; the packets of a transfer have one record together.
#[must_use]
pub fn has_own_record(wire: &str) -> bool {
    !matches!(wire, "SSH_FXP_READ" | "SSH_FXP_WRITE" | "SSH_FXP_READDIR" | "SSH_FXP_CLOSE")
}

/// One row: a request (draft-ietf-secsh-filexfer-02, section 3).
pub(in crate::sftp) struct Request {
    pub(in crate::sftp) kind: u8,
    /// Its name, as `when:` has it.
    pub(in crate::sftp) wire: &'static str,
    pub(in crate::sftp) subject: Subject,
    /// What the client means by it, where that is always the same.
    pub(in crate::sftp) operation: Option<Operation>,
    pub(in crate::sftp) run: Run,
}

/// One row: an extension (OpenSSH's PROTOCOL, section 4; `copy-data` of draft-ietf-secsh-filexfer-extensions-00).
pub(in crate::sftp) struct Extension {
    pub(in crate::sftp) name: &'static str,
    /// Its version, as it is announced.
    pub(in crate::sftp) data: &'static str,
    pub(in crate::sftp) subject: Subject,
    pub(in crate::sftp) operation: Option<Operation>,
    pub(in crate::sftp) run: Run,
}

const fn request(
    kind: u8,
    wire: &'static str,
    subject: Subject,
    operation: Option<Operation>,
    run: Run,
) -> Request {
    Request { kind, wire, subject, operation, run }
}

const fn extension(
    name: &'static str,
    data: &'static str,
    subject: Subject,
    operation: Option<Operation>,
    run: Run,
) -> Extension {
    Extension { name, data, subject, operation, run }
}

use Operation::{Delete, Download, List, Mkdir, Rename, Rmdir, Setstat, Stat};
use Subject::{FromTo, Handle, Link, Name, Nothing, Open, Path};

#[rustfmt::skip]
pub(in crate::sftp) static REQUESTS: &[Request] = &[
    request(INIT, "SSH_FXP_INIT", Nothing, None, init::init),
    request(3, "SSH_FXP_OPEN", Open, Some(Download), file::open),
    request(4, "SSH_FXP_CLOSE", Handle, None, file::close),
    request(5, "SSH_FXP_READ", Handle, None, file::read),
    request(6, "SSH_FXP_WRITE", Handle, None, file::write),
    request(7, "SSH_FXP_LSTAT", Path, Some(Stat), name::lstat),
    request(8, "SSH_FXP_FSTAT", Handle, Some(Stat), file::fstat),
    request(9, "SSH_FXP_SETSTAT", Path, Some(Setstat), name::setstat),
    request(10, "SSH_FXP_FSETSTAT", Handle, Some(Setstat), file::fsetstat),
    request(11, "SSH_FXP_OPENDIR", Path, Some(List), directory::opendir),
    request(12, "SSH_FXP_READDIR", Handle, None, directory::readdir),
    request(13, "SSH_FXP_REMOVE", Path, Some(Delete), name::remove),
    request(14, "SSH_FXP_MKDIR", Path, Some(Mkdir), directory::mkdir),
    request(15, "SSH_FXP_RMDIR", Path, Some(Rmdir), directory::rmdir),
    request(16, "SSH_FXP_REALPATH", Path, None, name::realpath),
    request(17, "SSH_FXP_STAT", Path, Some(Stat), name::stat),
    request(18, "SSH_FXP_RENAME", FromTo, Some(Rename), name::rename),
    request(19, "SSH_FXP_READLINK", Path, None, name::readlink),
    request(20, "SSH_FXP_SYMLINK", Link, None, name::symlink),
    request(EXTENDED, "SSH_FXP_EXTENDED", Name, None, unsupported),
];

/// What no row has.
pub(in crate::sftp) static UNKNOWN: Request =
    request(0, "SSH_FXP_UNKNOWN", Nothing, None, unsupported);

#[rustfmt::skip]
pub(in crate::sftp) static EXTENSIONS: &[Extension] = &[
    extension("posix-rename@openssh.com", "1", FromTo, Some(Rename), extension::posix_rename),
    extension("statvfs@openssh.com", "2", Path, None, extension::statvfs),
    extension("fstatvfs@openssh.com", "2", Handle, None, extension::fstatvfs),
    extension("hardlink@openssh.com", "1", FromTo, None, extension::hardlink),
    extension("fsync@openssh.com", "1", Handle, None, extension::fsync),
    extension("lsetstat@openssh.com", "1", Path, Some(Setstat), extension::lsetstat),
    extension("limits@openssh.com", "1", Nothing, None, extension::limits),
    extension("expand-path@openssh.com", "1", Path, None, extension::expand_path),
    extension("copy-data", "1", Handle, None, extension::copy_data),
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

/// Every request that a rule can name.
pub fn wires() -> impl Iterator<Item = Wire> {
    REQUESTS.iter().map(|request| {
        // What opening a file means is only known when it is opened.
        let operation = request.operation.filter(|_| request.subject != Open);
        Wire { name: request.wire, operation, subject: request.subject }
    })
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

fn unsupported(_: &mut Session, _: &mut Asked) -> Result<Done, Failure> {
    Err(Status::natural(UNSUPPORTED).into())
}
