//! Open files.

use std::sync::Arc;

use super::{Asked, Done, Failure, flags, ok};
use crate::files::{Content, Error, Follow, Handle, Subject, Write};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::data::Data;
use crate::sftp::kinds::ATTRIBUTES;
use crate::sftp::opened::Thing;
use crate::sftp::session::Session;
use crate::sftp::settings::Writes;
use crate::sftp::status::{BAD_MESSAGE, END_OF_FILE, FAILURE, NO_SUCH_FILE, Status, UNSUPPORTED};

/// What a new file or directory may not be, as on most systems.
pub(super) const UMASK: u16 = 0o022;

/// `SSH_FXP_OPEN`
pub(super) fn open(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path = asked.named()?;
    let attributes = Attributes::read(&mut asked.fields)?;
    let (files, account) = (&session.run.files, session.account());
    let wants = |flag: u32| asked.flags & flag != 0;
    let writes = wants(flags::WRITE | flags::APPEND);
    if writes && !wants(flags::CREATE) {
        files.stat(account, &path, Follow::Yes)?;
    }
    let handle = if writes {
        let write = way_of(asked.flags);
        if wants(flags::READ) {
            files.open_both(account, &path, write)?
        } else {
            files.open_write(account, &path, write)?
        }
    } else {
        files.open_read(account, &path)?
    };
    if writes && wants(flags::TRUNCATE) {
        files.truncate(&handle, 0)?;
    }
    if let Some(mode) = attributes.mode().filter(|_| handle.is_new()) {
        files.set_permissions(account, &handle, mode & !UMASK)?;
    }
    Ok(Done::Opened(Thing::File(Arc::new(handle))))
}

/// The tree's word for the flags.
fn way_of(asked: u32) -> Write {
    let wants = |flag: u32| asked & flag != 0;
    match () {
        () if wants(flags::CREATE) && wants(flags::EXCLUSIVE) => Write::CreateNew,
        () if wants(flags::APPEND) => Write::Append,
        () if wants(flags::CREATE) && wants(flags::TRUNCATE) => Write::Truncate,
        () if wants(flags::CREATE) => Write::Keep,
        () => Write::Existing,
    }
}

/// `SSH_FXP_CLOSE`
pub(super) fn close(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    match session.open.get(asked.handle) {
        Some(_) => Ok(ok()),
        // `EBADF`
        None => Err(Status::natural(NO_SUCH_FILE).into()),
    }
}

/// `SSH_FXP_READ`: as many bytes as were asked for, but at the end of the file.
pub(super) fn read(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (offset, wanted) = (asked.fields.long()?, asked.fields.number()?);
    let content = content(session, asked.handle)?;
    let longest = session.settings.longest_read();
    let most = usize::try_from(wanted).unwrap_or(longest).min(longest);
    let opened = session.open.get(asked.handle);
    let flaw = opened.and_then(|opened| opened.flaw);
    let size = opened.map_or(0, |opened| opened.size_with_its_faults(content.size()));
    let left = size.saturating_sub(offset);
    let length = usize::try_from(left).map_or(most, |left| left.min(most));
    if i64::try_from(offset).is_err() {
        return Err(Status::natural(BAD_MESSAGE).into());
    }
    if length == 0 && most > 0 {
        return Err(Status::natural(END_OF_FILE).into());
    }
    asked.wanted = most;
    Ok(Answer::Data(Data { content, offset, length, flaw }).into())
}

/// What is in an open file.
pub(super) fn content(session: &Session, number: Option<u32>) -> Result<Content, Failure> {
    match session.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::Content(content)) => Ok(content.clone()),
        Some(Thing::File(handle)) => {
            // `EBADF` of a file that is not open for reading.
            session.run.files.read(handle, 0, 0).map_err(bad_descriptor)?;
            Ok(session.run.files.content(handle)?)
        }
        Some(Thing::Directory(_)) | None => Err(Status::natural(FAILURE).into()),
    }
}

/// `SSH_FXP_WRITE`
pub(super) fn write(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (offset, bytes) = (asked.fields.long()?, asked.fields.string()?);
    let handle = handle(session, asked.handle)?;
    if session.settings.writes == Writes::Sequential && offset != session.run.files.size(&handle)? {
        return Err(Status { code: FAILURE, text: b"Invalid offset".to_vec() }.into());
    }
    asked.stored = bytes.len();
    session.run.files.write(&handle, offset, bytes).map_err(bad_descriptor)?;
    Ok(ok())
}

/// `SSH_FXP_FSTAT`
pub(super) fn fstat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let thing = session.open.get(asked.handle).map(|opened| &opened.thing);
    let attributes = match thing {
        Some(Thing::Content(content)) => {
            Attributes { size: Some(content.size()), ..Attributes::default() }
        }
        Some(Thing::File(handle)) => {
            let stat = session.run.files.stat_open(session.account(), handle)?;
            Attributes::of(&stat, asked.claims())
        }
        Some(Thing::Directory(_)) | None => return Err(Status::natural(FAILURE).into()),
    };
    Ok(Answer::Packet(attributes.write(Packet::answer(ATTRIBUTES, asked.id)).finish()).into())
}

/// `SSH_FXP_FSETSTAT`
pub(super) fn fsetstat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let attributes = Attributes::read(&mut asked.fields)?;
    let opened = session.open.get(asked.handle).ok_or_else(|| Status::natural(FAILURE))?;
    let files = &session.run.files;
    let handle = opened.thing.file().ok_or_else(|| Status::natural(FAILURE))?;
    if let Some(size) = attributes.size {
        files.truncate(handle, size).map_err(bad_descriptor)?;
    }
    super::name::set(session, Subject::Open(handle), &attributes)?;
    Ok(ok())
}

/// An open file of the tree.
pub(super) fn handle(session: &Session, number: Option<u32>) -> Result<Arc<Handle>, Failure> {
    match session.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::File(handle)) => Ok(Arc::clone(handle)),
        Some(Thing::Content(_)) => Err(Status::natural(UNSUPPORTED).into()),
        Some(Thing::Directory(_)) | None => Err(Status::natural(FAILURE).into()),
    }
}

/// A file open for the other direction is no descriptor for this one: `EBADF`, which is "No such file".
pub(super) fn bad_descriptor(error: Error) -> Failure {
    match error {
        Error::Denied => Status::natural(NO_SUCH_FILE).into(),
        other => other.into(),
    }
}
