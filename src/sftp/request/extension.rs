//! Extensions (OpenSSH's PROTOCOL, section 4).

use tokio::runtime::{Handle as Runtime, RuntimeFlavor};

use super::directory::one_name;
use super::file::{bad_descriptor, content, handle};
use super::name::{move_to, real, set};
use super::{Asked, Done, Failure, ok};
use crate::files::{Content, Error, Files, Follow, Handle, Overwrite, Path, Scope, Subject};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::kinds::EXTENDED_REPLY;
use crate::sftp::opened::{MOST_OPEN, number_of};
use crate::sftp::session::Session;
use crate::sftp::status::{BAD_MESSAGE, FAILURE, NO_SUCH_FILE, Status};

/// The unit of `statvfs`, and what is copied at once.
const BLOCK: u64 = 4096;
const PIECE: usize = 256 * 1024;

/// `posix-rename@openssh.com`: what is there is replaced.
pub(super) fn posix_rename(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    move_to(session, asked, Overwrite::Yes)
}

/// `hardlink@openssh.com`
pub(super) fn hardlink(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (existing, new) = asked.names()?;
    session.run.files.hard_link(session.account(), &existing, &new)?;
    Ok(ok())
}

/// `fsync@openssh.com`: memory has nothing to be flushed to.
pub(super) fn fsync(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    handle(session, asked.handle)?;
    Ok(ok())
}

/// `lsetstat@openssh.com`: of the link itself, whose permissions nobody can set.
pub(super) fn lsetstat(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path = asked.named()?;
    let attributes = Attributes::read(&mut asked.fields)?;
    if attributes.size.is_some() {
        return Err(Status::natural(BAD_MESSAGE).into());
    }
    let stat = session.run.files.stat(session.account(), &path, Follow::No)?;
    if attributes.permissions.is_some() && stat.kind == crate::files::Kind::Link {
        return Err(Status::natural(FAILURE).into());
    }
    set(session, Subject::Link(&path), &attributes)?;
    Ok(ok())
}

/// `statvfs@openssh.com`
pub(super) fn statvfs(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    session.run.files.stat(session.account(), &asked.named()?, Follow::Yes)?;
    Ok(room(session, asked.id))
}

/// `fstatvfs@openssh.com`
pub(super) fn fstatvfs(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    match session.open.get(asked.handle) {
        Some(_) => Ok(room(session, asked.id)),
        None => Err(Status::natural(FAILURE).into()),
    }
}

/// The room there is: block and fragment size, blocks, free and available ones; files, free and available ones;
/// an id, no flags, and the longest name.
fn room(session: &Session, id: u32) -> Done {
    let files = &session.run.files;
    let blocks = files.capacity().div_ceil(BLOCK);
    let free = blocks.saturating_sub(files.stored(Scope::Everything).div_ceil(BLOCK));
    let (names, longest) = (1_000_000, crate::files::LONGEST_NAME as u64);
    let fields = [BLOCK, BLOCK, blocks, free, free, names, names, names, 1, 0, longest];
    let packet = Packet::answer(EXTENDED_REPLY, id);
    let packet = fields.into_iter().fold(packet, Packet::long);
    Done::Answer(Answer::Packet(packet.finish()))
}

/// `limits@openssh.com`
pub(super) fn limits(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let longest = session.settings.longest_read();
    let limits = [session.settings.packet, longest, longest, MOST_OPEN];
    let packet = Packet::answer(EXTENDED_REPLY, asked.id);
    let packet = limits.into_iter().fold(packet, |packet, limit| packet.long(limit as u64));
    Ok(Answer::Packet(packet.finish()).into())
}

/// `expand-path@openssh.com`: `~` is home, which is the root.
pub(super) fn expand_path(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let path = match asked.sent.strip_prefix(b"~") {
        Some(rest) if rest.is_empty() || rest.starts_with(b"/") => Path::root().resolve(rest),
        Some(_) => {
            return Err(Status { code: NO_SUCH_FILE, text: b"no such user".to_vec() }.into());
        }
        None => asked.path.clone().unwrap_or_else(Path::root),
    };
    Ok(one_name(asked, real(session, &path)?.as_bytes()))
}

/// `copy-data`: from one open file into another, a length of 0 to the end.
pub(super) fn copy_data(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (offset, length) = (asked.fields.long()?, asked.fields.long()?);
    let to = number_of(&asked.fields.string()?);
    let written = asked.fields.long()?;
    let source = content(session, asked.handle)?;
    let into = handle(session, to)?;
    if asked.handle == to {
        return Err(Status::natural(FAILURE).into());
    }
    let rest = source.size().saturating_sub(offset);
    let length = if length == 0 { rest } else { length.min(rest) };
    let files = &session.run.files;
    let copy = || copy(files, &source, offset, length, &into, written);
    // It may take its time: others have this thread's tasks meanwhile.
    match Runtime::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(copy),
        _ => copy(),
    }
    .map_err(bad_descriptor)?;
    Ok(ok())
}

fn copy(
    files: &Files,
    source: &Content,
    offset: u64,
    length: u64,
    into: &Handle,
    at: u64,
) -> Result<(), Error> {
    let mut copied = 0;
    while copied < length {
        let most = usize::try_from(length - copied).map_or(PIECE, |left| left.min(PIECE));
        let piece = source.read(offset + copied, most);
        let size = piece.len() as u64;
        files.write(into, at.saturating_add(copied), piece)?;
        copied += size;
    }
    Ok(())
}
