//! Directories.

use std::sync::Arc;

use bytes::Bytes;

use super::file::UMASK;
use super::{Asked, Done, Failure, ok};
use crate::engine::{Claim, Repeat};
use crate::files::{Change, Entry, Follow, Path, Subject};
use crate::run;
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::frames::LONGEST_PACKET;
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
    let mut repeat = asked.action.as_ref().map_or_else(Repeat::default, |action| action.repeat);
    repeat.take_one();
    Ok(Done::Opened(Thing::Directory(Listing { repeat, ..Listing::default() })))
}

/// `SSH_FXP_READDIR`
pub(super) fn readdir(session: &mut Session, asked: &mut Asked) -> Result<Done, Failure> {
    let (run, account) = (Arc::clone(&session.run), session.account().clone());
    let (dots, packet) = (session.settings.dots, session.settings.packet);
    let Some(opened) = session.open.get_mut(asked.handle) else {
        return Err(Status::natural(FAILURE).into());
    };
    let path = opened.path.clone();
    let own = asked.action.as_ref().and_then(|action| action.chunk);
    let most = match own.or(opened.pace.chunk) {
        // One entry a packet, where a rule wants small pieces.
        Some(_) => 1,
        None if packet > LONGEST_PACKET => usize::MAX,
        None => ENTRIES,
    };
    let again = opened.may_be_repeated();
    let Thing::Directory(listing) = &mut opened.thing else {
        return Err(Status::natural(FAILURE).into());
    };
    let mut entries = Vec::new();
    let told = std::mem::replace(&mut listing.dots_told, true);
    if !told && dots == Dots::Shown {
        let parent = path.parent();
        for (name, path) in [(".", &path), ("..", &parent)] {
            let stat = run.files.stat(&account, path, Follow::Yes)?;
            entries.push(Entry { name: name.as_bytes().into(), stat, link_target: None });
        }
    }
    entries.extend(run.files.list_on(&account, &path, listing.last.as_ref(), most));
    if entries.is_empty() {
        if told && again && listing.repeat.take_one() {
            (listing.dots_told, listing.last) = (false, None);
            return readdir(session, asked);
        }
        return Err(Status::natural(END_OF_FILE).into());
    }
    let claims = if asked.claims().is_empty() {
        opened.verdict.action.claims.as_slice()
    } else {
        asked.claims()
    };
    let (names, told) = names(asked.id, &entries, claims, packet);
    let Thing::Directory(listing) = &mut opened.thing else {
        return Err(Status::natural(FAILURE).into());
    };
    if let Some(last) = entries.get(told - 1).filter(|last| !matches!(&*last.name, b"." | b"..")) {
        listing.last = Some(Arc::clone(&last.name));
    }
    Ok(Answer::Packet(names).into())
}

/// The entries that fit into a packet, and how many those are: one at least.
fn names(id: u32, entries: &[Entry], claims: &[Claim], longest: usize) -> (Bytes, usize) {
    let now = run::now();
    let mut told = 0;
    let mut packet = Packet::answer(NAME, id).number(0);
    for entry in entries {
        let entry = entry.clone().as_claimed(claims);
        let longname = match claims.iter().find(|claim| matches!(claim, Claim::Longname(_))) {
            Some(Claim::Longname(longname)) => longname.to_vec(),
            _ => entry.ls_longname(now),
        };
        if told > 0 && packet.length() + entry.name.len() + longname.len() + 48 > longest {
            break;
        }
        packet = packet.string(&entry.name).string(&longname);
        // The entry has its lies already; what is left out is left out of these only.
        let left_out: Vec<Claim> =
            claims.iter().filter(|claim| matches!(claim, Claim::LeftOut(_))).cloned().collect();
        packet = Attributes::of(&entry.stat, &left_out).write(packet);
        told += 1;
    }
    let mut packet = packet.finish().to_vec();
    packet[9..13].copy_from_slice(&u32::try_from(told).unwrap_or(u32::MAX).to_be_bytes());
    (packet.into(), told)
}

/// One name without attributes: the answer to `SSH_FXP_REALPATH` and `SSH_FXP_READLINK`.
pub(super) fn one_name(asked: &Asked, name: &[u8]) -> Done {
    let claimed = asked.claims().iter().find_map(|claim| match claim {
        Claim::Name(name) => Some(&**name),
        _ => None,
    });
    let name = claimed.unwrap_or(name);
    let longname = asked.claims().iter().find_map(|claim| match claim {
        Claim::Longname(longname) => Some(&**longname),
        _ => None,
    });
    let packet = Packet::answer(NAME, asked.id).number(1);
    let packet = packet.string(name).string(longname.unwrap_or(name));
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
