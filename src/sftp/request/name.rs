//! What is done by path: facts, names, links.

use super::directory::one_name;
use super::{Done, Name, Turn, ok};
use crate::files::{Change, Error, Follow, Path, Subject, Write};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::{Attributes, owner};
use crate::sftp::codec::Packet;
use crate::sftp::kinds::ATTRIBUTES;
use crate::sftp::state::State;
use crate::sftp::status::Status;

/// `SSH_FXP_STAT` and `SSH_FXP_LSTAT`
pub(super) fn stat(
    state: &State,
    turn: Turn<'_>,
    path: &Path,
    follow: Follow,
) -> Result<Done, Status> {
    let stat = state.run.files.stat(state.account(), path, follow)?;
    let told = Attributes::of(&stat, turn.verdict.claims());
    Ok(Answer::Packet(told.write(Packet::answer(ATTRIBUTES, turn.id)).finish()).into())
}

/// `SSH_FXP_SETSTAT`
pub(super) fn setstat(
    state: &State,
    turn: Turn<'_>,
    path: &Path,
    attributes: &Attributes,
) -> Result<Done, Status> {
    if let Some(size) = attributes.size {
        let files = &state.run.files;
        let handle = files.open_write(state.account(), path, Write::Existing)?;
        files.truncate(&handle, size)?;
    }
    let (permissions, modified) = (attributes.mode(), attributes.modified());
    let done = state.change(turn, Change::Set { path: path.clone(), permissions, modified })?;
    allow_owners(state, Subject::Path(path), attributes)?;
    Ok(done)
}

/// Permissions, times and owners, in OpenSSH's order.
pub(super) fn set(
    state: &State,
    subject: Subject<'_>,
    attributes: &Attributes,
) -> Result<(), Status> {
    let (files, account) = (&state.run.files, state.account());
    if let Some(mode) = attributes.mode() {
        files.set_permissions(account, subject, mode)?;
    }
    if let Some(modified) = attributes.modified() {
        files.set_modified(account, subject, modified)?;
    }
    allow_owners(state, subject, attributes)
}

/// Only root gives a file away.
fn allow_owners(
    state: &State,
    subject: Subject<'_>,
    attributes: &Attributes,
) -> Result<(), Status> {
    let (files, account) = (&state.run.files, state.account());
    if let Some(owners) = attributes.owners {
        let stat = match subject {
            Subject::Path(path) => files.stat(account, path, Follow::Yes)?,
            Subject::Link(path) => files.stat(account, path, Follow::No)?,
            Subject::Open(handle) => files.stat_open(account, handle)?,
        };
        let is = owner(&stat);
        if owners != (is, is) {
            return Err(Error::Denied.into());
        }
    }
    Ok(())
}

/// `SSH_FXP_REALPATH`: of an empty path it is the working directory's, and the last name may be missing.
pub(super) fn realpath(state: &State, turn: Turn<'_>, name: Option<&Name>) -> Result<Done, Status> {
    real(state, turn, name.map_or(&Path::root(), |name| &name.path))
}

pub(super) fn real(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    let (files, account) = (&state.run.files, state.account());
    let real = match (files.real_path(account, path), path.name()) {
        (Err(Error::NotFound), Some(name)) => files.real_path(account, &path.parent())?.join(name),
        (real, _) => real?,
    };
    Ok(one_name(turn, real.as_bytes()))
}

/// `SSH_FXP_READLINK`
pub(super) fn readlink(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    let target = state.run.files.read_link(state.account(), path)?;
    Ok(one_name(turn, &target))
}

/// `SSH_FXP_SYMLINK`
pub(super) fn symlink(state: &State, link: &Path, to: Option<&Name>) -> Result<Done, Status> {
    let target = to.map(|name| &*name.sent).unwrap_or_default();
    state.run.files.symlink(state.account(), link, target)?;
    Ok(ok())
}
