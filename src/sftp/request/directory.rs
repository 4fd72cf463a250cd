//! Directories.

use std::sync::Arc;

use super::file::UMASK;
use super::{Asked, Done, Failure, ok};
use crate::files::{Change, Entry, Follow, Path, Subject};
use crate::run;
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::{Packet, length_of};
use crate::sftp::kinds::NAME;
use crate::sftp::opened::{Listing, Thing};
use crate::sftp::session::Session;
use crate::sftp::settings::Dots;
use crate::sftp::status::{END_OF_FILE, FAILURE, Status};

/// Entries of one answer, as OpenSSH has it.
const ENTRIES: usize = 100;

/// `SSH_FXP_OPENDIR`
pub(super) fn opendir(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    session.run.files.allow_list(session.account(), &asked.named()?)?;
    Ok(Done::Opened(Thing::Directory(Listing::default())))
}

/// `SSH_FXP_READDIR`
pub(super) fn readdir(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (run, account) = (Arc::clone(&session.run), session.account().clone());
    let dots = session.settings.dots;
    let Some(opened) = session.open.get_mut(asked.handle) else {
        return Err(Status::natural(FAILURE).into());
    };
    let path = opened.path.clone();
    // One entry a packet, where a rule wants small pieces.
    let most = if opened.pace.chunk.is_some() { 1 } else { ENTRIES };
    let Thing::Directory(listing) = &mut opened.thing else {
        return Err(Status::natural(FAILURE).into());
    };
    let mut entries = Vec::new();
    if !std::mem::replace(&mut listing.dots_told, true) && dots == Dots::Shown {
        let parent = path.parent();
        for (name, path) in [(".", &path), ("..", &parent)] {
            let stat = run.files.stat(&account, path, Follow::Yes)?;
            entries.push(Entry { name: name.as_bytes().into(), stat, link_target: None });
        }
    }
    entries.extend(run.files.list_on(&account, &path, listing.last.as_ref(), most));
    let Some(last) = entries.last() else {
        return Err(Status::natural(END_OF_FILE).into());
    };
    if !matches!(&*last.name, b"." | b"..") {
        listing.last = Some(Arc::clone(&last.name));
    }
    Ok(Answer::Packet(names(asked.id, &entries)).into())
}

fn names(id: u32, entries: &[Entry]) -> bytes::Bytes {
    let now = run::now();
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let packet = Packet::answer(NAME, id).number(count);
    let add = |packet: Packet, entry: &Entry| {
        let packet = packet.string(&entry.name).string(&entry.ls_longname(now));
        Attributes::of(&entry.stat).write(packet)
    };
    entries.iter().fold(packet, add).finish()
}

/// One name without attributes: the answer to `SSH_FXP_REALPATH` and `SSH_FXP_READLINK`.
pub(super) fn one_name(id: u32, name: &[u8]) -> Done {
    let packet = Packet::answer(NAME, id).number(1).string(name).string(name);
    debug_assert!(length_of(name) < u32::MAX);
    Done::Answer(Answer::Packet(Attributes::default().write(packet).finish()))
}

/// `SSH_FXP_MKDIR`
pub(super) fn mkdir(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path: Path = asked.named()?;
    let attributes = Attributes::read(&mut asked.fields)?;
    asked.change(session, Change::Mkdir(path.clone()))?;
    let (files, account) = (&session.run.files, session.account());
    if let Some(mode) = attributes.mode() {
        // A directory that is only pretended has none.
        let _ = files.set_permissions(account, Subject::Path(&path), mode & !UMASK);
    }
    Ok(ok())
}

/// `SSH_FXP_RMDIR`
pub(super) fn rmdir(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let change = Change::Rmdir(asked.named()?);
    asked.change(session, change)?;
    Ok(ok())
}
