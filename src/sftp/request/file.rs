//! Open files.

use std::sync::Arc;

use bytes::Bytes;

use super::flags::Flags;
use super::name::last_failure;
use super::{Done, Turn, ok};
use crate::files::{Content, Error, Handle, Path, Subject};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::data::Data;
use crate::sftp::kinds::ATTRIBUTES;
use crate::sftp::opened::Thing;
use crate::sftp::settings::Writes;
use crate::sftp::state::State;
use crate::sftp::status::{END_OF_FILE, FAILURE, NO_SUCH_FILE, Status, UNSUPPORTED};

/// What a new file or directory may not be, as on most systems.
pub(super) const UMASK: u16 = 0o022;

/// `SSH_FXP_OPEN`
pub(super) fn open(
    state: &State,
    path: &Path,
    flags: Flags,
    attributes: &Attributes,
) -> Result<Done, Status> {
    let (files, account) = (&state.run.files, state.account());
    let handle =
        files.open(account, path, flags.without(&state.settings.ignored_flags).opening())?;
    if let Some(mode) = attributes.mode().filter(|_| handle.is_new()) {
        files.set_permissions(account, &handle, mode & !UMASK)?;
    }
    Ok(Done::Opened(Thing::File(Arc::new(handle))))
}

/// `SSH_FXP_CLOSE`: whoever answers it closes it.
pub(super) fn close(state: &State, number: Option<u32>) -> Result<Done, Status> {
    match state.open.get(number) {
        Some(_) => Ok(ok()),
        // `EBADF`
        None => Err(Status::natural(NO_SUCH_FILE)),
    }
}

/// `SSH_FXP_READ`: as many bytes as were asked for, but at the end of the file.
pub(super) fn read(
    state: &State,
    number: Option<u32>,
    offset: u64,
    wanted: u32,
) -> Result<Done, Status> {
    let longest = state.settings.longest_read();
    let wanted = usize::try_from(wanted).unwrap_or(longest).min(longest);
    let opened = state.open.get(number);
    if !opened.is_some_and(|opened| opened.thing.is_a_file()) {
        return Err(Status::natural(FAILURE));
    }
    if i64::try_from(offset).is_err() {
        return Err(Error::BadOffset.into());
    }
    // Of nothing at all, OpenSSH does not look what is open.
    let content = if wanted == 0 { Content::default() } else { content(state, number)? };
    let flaw = opened.and_then(|opened| opened.flaw);
    let size = opened.map_or(0, |opened| opened.size_with_its_faults(content.size()));
    let left = size.saturating_sub(offset);
    let length = usize::try_from(left).map_or(wanted, |left| left.min(wanted));
    if length == 0 && wanted > 0 {
        return Err(Status::natural(END_OF_FILE));
    }
    Ok(Answer::Data(Data { content, offset, length, wanted, flaw }).into())
}

/// What is in an open file.
pub(super) fn content(state: &State, number: Option<u32>) -> Result<Content, Status> {
    match state.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::Content(content)) => Ok(content.clone()),
        Some(Thing::File(handle)) => {
            // `EBADF` of a file that is not open for reading.
            state.run.files.read(handle, 0, 0).map_err(bad_descriptor)?;
            Ok(state.run.files.content(handle)?)
        }
        Some(Thing::Directory(_)) | None => Err(Status::natural(FAILURE)),
    }
}

/// `SSH_FXP_WRITE`
pub(super) fn write(
    state: &State,
    number: Option<u32>,
    offset: u64,
    bytes: &Bytes,
) -> Result<Done, Status> {
    let (files, handle) = (&state.run.files, handle(state, number)?);
    if state.settings.writes == Writes::Sequential && offset != files.size(&handle)? {
        return Err(Status { code: FAILURE, text: b"Invalid offset".to_vec() });
    }
    files.write(&handle, offset, bytes.clone()).map_err(bad_descriptor)?;
    Ok(ok())
}

/// `SSH_FXP_FSTAT`
pub(super) fn fstat(state: &State, turn: Turn<'_>, number: Option<u32>) -> Result<Done, Status> {
    let attributes = match state.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::Content(content)) => {
            Attributes { size: Some(content.size()), ..Attributes::default() }
        }
        Some(Thing::File(handle)) => {
            let stat = state.run.files.stat_open(state.account(), handle)?;
            Attributes::of(&stat, turn.verdict.claims())
        }
        Some(Thing::Directory(_)) | None => return Err(Status::natural(FAILURE)),
    };
    Ok(Answer::Packet(attributes.write(Packet::answer(ATTRIBUTES, turn.id)).finish()).into())
}

/// `SSH_FXP_FSETSTAT`
pub(super) fn fsetstat(
    state: &State,
    number: Option<u32>,
    attributes: &Attributes,
) -> Result<Done, Status> {
    let opened = state.open.get(number);
    let handle = opened.and_then(|opened| opened.thing.file());
    let handle = handle.ok_or_else(|| Status::natural(FAILURE))?;
    let size = attributes.size.map(|size| match state.run.files.truncate(handle, size) {
        // `EINVAL`: it is open for reading.
        Err(Error::Denied) => Err(Error::BadOffset.into()),
        done => Ok(done?),
    });
    let others = super::name::set(state, Subject::Open(handle), attributes);
    last_failure([size, Some(others)].into_iter().flatten())?;
    Ok(ok())
}

/// An open file of the tree.
pub(super) fn handle(state: &State, number: Option<u32>) -> Result<Arc<Handle>, Status> {
    match state.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::File(handle)) => Ok(Arc::clone(handle)),
        Some(Thing::Content(_)) => Err(Status::natural(UNSUPPORTED)),
        Some(Thing::Directory(_)) | None => Err(Status::natural(FAILURE)),
    }
}

/// A file open for the other direction is no descriptor for this one: `EBADF`, which is "No such file".
pub(super) fn bad_descriptor(error: Error) -> Status {
    match error {
        Error::Denied => Status::natural(NO_SUCH_FILE),
        other => other.into(),
    }
}
