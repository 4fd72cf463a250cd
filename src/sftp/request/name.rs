//! What is done by path: facts, names, links.

use super::directory::one_name;
use super::{Done, Name, Turn, ok};
use crate::files::{Change, Error, Follow, Kind, Path, Subject};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::{Attributes, owner};
use crate::sftp::codec::Packet;
use crate::sftp::kinds::ATTRIBUTES;
use crate::sftp::state::State;
use crate::sftp::status::{FAILURE, Status};

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
    let (size, permissions, times) = (attributes.size, attributes.mode(), attributes.times());
    let path = path.clone();
    let change = Change::Set { path: path.clone(), size, permissions, times };
    let done = state.change(turn, change);
    allow_owners(state, Subject::Path(&path), attributes)?;
    done
}

/// Permissions, times and owners, in OpenSSH's order: each is tried, and the last failure is told.
pub(super) fn set(
    state: &State,
    subject: Subject<'_>,
    attributes: &Attributes,
) -> Result<(), Status> {
    let (files, account) = (&state.run.files, state.account());
    let permissions = attributes.mode().map(|mode| match subject {
        // `EOPNOTSUPP`: a link has no permissions of its own.
        Subject::Link(path) if files.stat(account, path, Follow::No)?.kind == Kind::Link => {
            Err(Status::natural(FAILURE))
        }
        _ => Ok(files.set_permissions(account, subject, mode)?),
    });
    let times = attributes.times().map(|times| Ok(files.set_times(account, subject, times)?));
    let owners = allow_owners(state, subject, attributes);
    last_failure([permissions, times, Some(owners)].into_iter().flatten())
}

/// What is told of several things that were tried.
pub(super) fn last_failure(tried: impl Iterator<Item = Result<(), Status>>) -> Result<(), Status> {
    tried.filter_map(Result::err).last().map_or(Ok(()), Err)
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
    real(state, turn, name.map_or(state.account().home(), |name| &name.path))
}

pub(super) fn real(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    let (files, account) = (&state.run.files, state.account());
    let real = match files.real_path(account, path) {
        // OpenSSH takes the slash off behind what is no directory.
        Err(Error::NotADirectory) => {
            files.real_path(account, &Path::root().resolve(path.as_bytes()))?
        }
        real => real?,
    };
    Ok(one_name(state, turn, real.as_bytes()))
}

/// `SSH_FXP_READLINK`
pub(super) fn readlink(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    let target = state.run.files.read_link(state.account(), path)?;
    Ok(one_name(state, turn, &target))
}

/// `SSH_FXP_SYMLINK`
pub(super) fn symlink(state: &State, link: &Path, to: Option<&Name>) -> Result<Done, Status> {
    let target = to.map(|name| &*name.sent).unwrap_or_default();
    state.run.files.symlink(state.account(), link, target)?;
    Ok(ok())
}
