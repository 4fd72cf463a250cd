//! What is done by path: facts, names, links.

use super::directory::one_name;
use super::{Asked, Done, Failure, ok};
use crate::files::{Change, Error, Follow, Overwrite, Path, Subject, Write};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::{Attributes, owner};
use crate::sftp::codec::Packet;
use crate::sftp::kinds::ATTRIBUTES;
use crate::sftp::session::Session;
use crate::sftp::settings::Rename;

/// `SSH_FXP_STAT`
pub(super) fn stat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    look(session, asked, Follow::Yes)
}

/// `SSH_FXP_LSTAT`
pub(super) fn lstat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    look(session, asked, Follow::No)
}

fn look(session: &Session, asked: &Asked, follow: Follow) -> Result<Done, Failure> {
    let stat = session.run.files.stat(session.account(), &asked.named()?, follow)?;
    let packet = Attributes::of(&stat, asked.claims()).write(Packet::answer(ATTRIBUTES, asked.id));
    Ok(Answer::Packet(packet.finish()).into())
}

/// `SSH_FXP_SETSTAT`
pub(super) fn setstat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path = asked.named()?;
    let attributes = Attributes::read(&mut asked.fields)?;
    if let Some(size) = attributes.size {
        let files = &session.run.files;
        let handle = files.open_write(session.account(), &path, Write::Existing)?;
        files.truncate(&handle, size)?;
    }
    let modified = attributes.modified();
    asked.change(
        session,
        Change::Set { path: path.clone(), permissions: attributes.mode(), modified },
    )?;
    allow_owners(session, Subject::Path(&path), &attributes)?;
    Ok(ok())
}

/// Permissions, times and owners, in OpenSSH's order.
pub(super) fn set(
    session: &Session,
    subject: Subject<'_>,
    attributes: &Attributes,
) -> Result<(), Failure> {
    let (files, account) = (&session.run.files, session.account());
    if let Some(mode) = attributes.mode() {
        files.set_permissions(account, subject, mode)?;
    }
    if let Some(modified) = attributes.modified() {
        files.set_modified(account, subject, modified)?;
    }
    allow_owners(session, subject, attributes)
}

/// Only root gives a file away.
fn allow_owners(
    session: &Session,
    subject: Subject<'_>,
    attributes: &Attributes,
) -> Result<(), Failure> {
    let (files, account) = (&session.run.files, session.account());
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

/// `SSH_FXP_REMOVE`
pub(super) fn remove(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let change = Change::Remove(asked.named()?);
    asked.change(session, change)?;
    Ok(ok())
}

/// `SSH_FXP_RENAME`
pub(super) fn rename(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let overwrite = match session.settings.rename {
        Rename::Refuses => Overwrite::No,
        Rename::Overwrites => Overwrite::Yes,
    };
    move_to(session, asked, overwrite)
}

pub(super) fn move_to(
    session: &Session,
    asked: &mut Asked,
    overwrite: Overwrite,
) -> Result<Done, Failure> {
    let (from, to) = asked.names()?;
    asked.change(session, Change::Rename { from, to, overwrite })?;
    Ok(ok())
}

/// `SSH_FXP_REALPATH`: of an empty path it is the working directory's, and the last name may be missing.
pub(super) fn realpath(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path = asked.path.clone().unwrap_or_else(Path::root);
    Ok(one_name(asked, real(session, &path)?.as_bytes()))
}

pub(super) fn real(session: &Session, path: &Path) -> Result<Path, Failure> {
    let (files, account) = (&session.run.files, session.account());
    match (files.real_path(account, path), path.name()) {
        (Ok(real), _) => Ok(real),
        (Err(Error::NotFound), Some(name)) => {
            Ok(files.real_path(account, &path.parent())?.join(name))
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// `SSH_FXP_READLINK`
pub(super) fn readlink(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let target = session.run.files.read_link(session.account(), &asked.named()?)?;
    Ok(one_name(asked, &target))
}

/// `SSH_FXP_SYMLINK`
pub(super) fn symlink(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    session.run.files.symlink(session.account(), &asked.named()?, &asked.sent)?;
    Ok(ok())
}
