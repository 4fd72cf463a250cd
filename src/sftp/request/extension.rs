//! Extensions (OpenSSH's PROTOCOL, section 4).

use tokio::runtime::{Handle as Runtime, RuntimeFlavor};

use super::file::{bad_descriptor, content, handle};
use super::name::{real, realpath, set};
use super::{Done, Name, Turn, ok};
use crate::engine::{Claim, Figure};
use crate::files::{Content, Error, Files, Follow, Handle, Path, Scope, Subject};
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::kinds::EXTENDED_REPLY;
use crate::sftp::opened::{MOST_OPEN, Thing};
use crate::sftp::state::State;
use crate::sftp::status::{BAD_MESSAGE, END_OF_FILE, FAILURE, NO_SUCH_FILE, Status};

/// The unit of `statvfs`, and what is copied at once.
const BLOCK: u64 = 4096;
const PIECE: usize = 256 * 1024;
/// What OpenSSH copies at once.
const OPENSSH_PIECE: u64 = 64 * 1024;

/// `hardlink@openssh.com`
pub(super) fn hardlink(state: &State, existing: &Path, new: &Path) -> Result<Done, Status> {
    state.run.files.hard_link(state.account(), existing, new)?;
    Ok(ok())
}

/// `fsync@openssh.com`: memory has nothing to be flushed to.
pub(super) fn fsync(state: &State, number: Option<u32>) -> Result<Done, Status> {
    match state.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::File(_) | Thing::Content(_)) => Ok(ok()),
        // `EBADF`
        Some(Thing::Directory(_)) | None => Err(Status::natural(NO_SUCH_FILE)),
    }
}

/// `lsetstat@openssh.com`: of the link itself, whose permissions nobody can set.
pub(super) fn lsetstat(
    state: &State,
    path: &Path,
    attributes: &Attributes,
) -> Result<Done, Status> {
    if attributes.size.is_some() {
        return Err(Status::natural(BAD_MESSAGE));
    }
    set(state, Subject::Link(path), attributes)?;
    Ok(ok())
}

/// `statvfs@openssh.com`
pub(super) fn statvfs(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    state.run.files.stat(state.account(), path, Follow::Yes)?;
    Ok(room(state, turn))
}

/// `fstatvfs@openssh.com`
pub(super) fn fstatvfs(state: &State, turn: Turn<'_>, number: Option<u32>) -> Result<Done, Status> {
    match state.open.get(number).map(|opened| &opened.thing) {
        Some(Thing::File(_) | Thing::Content(_)) => Ok(room(state, turn)),
        Some(Thing::Directory(_)) | None => Err(Status::natural(FAILURE)),
    }
}

/// The room there is: block and fragment size, blocks, free and available ones; files, free and available ones;
/// an id, no flags, and the longest name. It is told in whole blocks.
fn room(state: &State, turn: Turn<'_>) -> Done {
    let files = &state.run.files;
    let (capacity, stored) = (files.capacity(), files.stored(Scope::Everything));
    let capacity = figure(turn, Figure::Capacity, capacity.next_multiple_of(BLOCK));
    let free = capacity.saturating_sub(stored.next_multiple_of(BLOCK));
    let (blocks, free) = (capacity / BLOCK, figure(turn, Figure::Free, free) / BLOCK);
    let (names, longest) = (1_000_000, crate::files::LONGEST_NAME as u64);
    reply(turn, &[BLOCK, BLOCK, blocks, free, free, names, names, names, 1, 0, longest])
}

/// `limits@openssh.com`
pub(super) fn limits(state: &State, turn: Turn<'_>) -> Done {
    let longest = state.settings.longest_read();
    let limits = [
        (Figure::Packet, state.settings.packet),
        (Figure::Read, longest),
        (Figure::Write, longest),
        (Figure::Handles, MOST_OPEN),
    ];
    reply(turn, &limits.map(|(name, limit)| figure(turn, name, limit as u64)))
}

/// What a rule claims of it, or the truth.
fn figure(turn: Turn<'_>, name: Figure, truth: u64) -> u64 {
    let claimed = turn.verdict.claims().iter().find_map(|claim| match claim {
        Claim::Figure(figure, value) if *figure == name => Some(*value),
        _ => None,
    });
    claimed.unwrap_or(truth)
}

fn reply(turn: Turn<'_>, fields: &[u64]) -> Done {
    let packet = Packet::answer(EXTENDED_REPLY, turn.id);
    let packet = fields.iter().copied().fold(packet, Packet::long);
    Answer::Packet(packet.finish()).into()
}

/// `expand-path@openssh.com`: `~` is home.
pub(super) fn expand_path(
    state: &State,
    turn: Turn<'_>,
    name: Option<&Name>,
) -> Result<Done, Status> {
    match name.and_then(|name| name.sent.strip_prefix(b"~")) {
        Some(rest) if rest.is_empty() || rest.starts_with(b"/") => {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            real(state, turn, &state.account().resolve(rest))
        }
        Some(_) => Err(Status { code: NO_SUCH_FILE, text: b"no such user".to_vec() }),
        None => realpath(state, turn, name),
    }
}

/// `copy-data`: from one open file into another, a length of 0 to the end.
pub(super) fn copy(
    state: &State,
    (from, offset, length): (Option<u32>, u64, u64),
    (to, at): (Option<u32>, u64),
) -> Result<Done, Status> {
    let (files, account) = (&state.run.files, state.account());
    let into = handle(state, to)?;
    let is_same = match state.open.get(from).map(|opened| &opened.thing) {
        Some(Thing::File(source)) => {
            let id = |handle| files.stat_open(account, handle).map(|stat| stat.id);
            id(source)? == id(&into)?
        }
        Some(Thing::Content(_)) => false,
        // Nothing that could be read.
        Some(Thing::Directory(_)) | None => return Err(Status::natural(FAILURE)),
    };
    if is_same {
        return Err(Status::natural(FAILURE));
    }
    let is_beyond = |offset| i64::try_from(offset).is_err();
    if is_beyond(offset) || is_beyond(at) && !into.appends() {
        return Err(Error::BadOffset.into());
    }
    let source = content(state, from)?;
    let rest = source.size().saturating_sub(offset);
    let there = if length == 0 { rest } else { length.min(rest) };
    let copy = || copy_bytes(files, &source, offset, there, &into, at);
    // It may take its time: others have this thread's tasks meanwhile.
    match Runtime::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(copy),
        _ => copy(),
    }
    .map_err(bad_descriptor)?;
    // OpenSSH copies in pieces, and learns of the end from one that comes back empty.
    let pieces = rest.div_ceil(OPENSSH_PIECE).saturating_add(1);
    if length > OPENSSH_PIECE.saturating_mul(pieces) {
        return Err(Status::natural(END_OF_FILE));
    }
    Ok(ok())
}

fn copy_bytes(
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
