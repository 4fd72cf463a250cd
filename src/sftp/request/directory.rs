//! Directories.

use std::sync::Arc;

use bytes::Bytes;

use super::file::UMASK;
use super::{Done, Turn};
use crate::engine::{Claim, Template};
use crate::files::{Change, Entry, Follow, Path, Subject};
use crate::run;
use crate::sftp::answer::Answer;
use crate::sftp::attributes::Attributes;
use crate::sftp::codec::Packet;
use crate::sftp::frames::LONGEST_PACKET;
use crate::sftp::kinds::NAME;
use crate::sftp::opened::{Listing, Thing};
use crate::sftp::settings::Dots;
use crate::sftp::state::{State, filling};
use crate::sftp::status::{END_OF_FILE, FAILURE, Status};

/// Entries of one answer, as OpenSSH has it.
const ENTRIES: usize = 100;

/// `SSH_FXP_OPENDIR`
pub(super) fn opendir(state: &State, turn: Turn<'_>, path: &Path) -> Result<Done, Status> {
    state.run.files.allow_list(state.account(), &path.as_claimed(turn.verdict.claims()))?;
    let mut repeat = turn.verdict.repeat();
    repeat.take_one();
    Ok(Done::Opened(Thing::Directory(Listing { repeat, ..Listing::default() })))
}

/// `SSH_FXP_READDIR`
pub(super) fn readdir(
    state: &mut State,
    turn: Turn<'_>,
    number: Option<u32>,
) -> Result<Done, Status> {
    let (files, account) = (&state.run.files, &state.caller.account);
    let (dots, packet) = (state.settings.dots, state.settings.packet);
    let opened = state.open.get_mut(number).ok_or_else(|| Status::natural(FAILURE))?;
    let most = match turn.verdict.chunk().or(opened.pace.chunk) {
        // One entry a packet, where a rule wants small pieces.
        Some(_) => 1,
        None if packet > LONGEST_PACKET => usize::MAX,
        None => ENTRIES,
    };
    let again = opened.may_be_repeated();
    let (path, transfer) = (&opened.path, &opened.pending);
    let Thing::Directory(listing) = &mut opened.thing else {
        return Err(Status::natural(FAILURE));
    };
    // A rule on this request comes before the listing's own.
    let claims = match turn.verdict.claims() {
        [] => transfer.verdict().claims(),
        claims => claims,
    };
    let path = &path.as_claimed(transfer.verdict().claims());
    let mut entries = Vec::new();
    loop {
        let told = std::mem::replace(&mut listing.dots_told, true);
        if !told && dots == Dots::Shown {
            let parent = path.parent();
            for (name, path) in [(".", path), ("..", &parent)] {
                // A directory that is gone by now has neither.
                let Ok(stat) = files.stat(account, path, Follow::Yes) else { break };
                entries.push(Entry { name: name.as_bytes().into(), stat, link_target: None });
            }
        }
        let batch = files.list_on(account, path, listing.last.as_ref(), most);
        let last = batch.last().map(|entry| Arc::clone(&entry.name));
        entries.extend(batch.into_iter().filter(|entry| Claim::show(claims, &entry.name)));
        if !entries.is_empty() {
            break;
        }
        if last.is_some() {
            listing.last = last;
            continue;
        }
        if !(told && again && listing.repeat.take_one()) {
            return Err(Status::natural(END_OF_FILE));
        }
        (listing.dots_told, listing.last) = (false, None);
    }
    let longname = |entry: &Entry, truth: Vec<u8>| {
        let Some(longname) = claimed_longname(claims) else { return truth };
        let at = path.join(&entry.name);
        filling(&state.caller, at.as_bytes(), Some(entry.stat.clone()), &truth).render(longname)
    };
    let (names, told) = names(turn.id, &entries, claims, longname, packet);
    if let Some(last) = entries.get(told - 1).filter(|last| !matches!(&*last.name, b"." | b"..")) {
        listing.last = Some(Arc::clone(&last.name));
    }
    listing.turn += 1;
    Ok(Answer::Packet(names).into())
}

/// The entries that fit into a packet, and how many those are: one at least.
fn names(
    id: u32,
    entries: &[Entry],
    claims: &[Claim],
    longname: impl Fn(&Entry, Vec<u8>) -> Vec<u8>,
    longest: usize,
) -> (Bytes, usize) {
    let now = run::now();
    let mut told = 0;
    let mut packet = Packet::answer(NAME, id).number(0);
    for entry in entries {
        let entry = entry.clone().as_claimed(claims);
        let longname = longname(&entry, entry.ls_longname(now));
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
pub(super) fn one_name(state: &State, turn: Turn<'_>, name: &[u8]) -> Done {
    let claims = turn.verdict.claims();
    let claimed = claims.iter().find_map(|claim| match claim {
        Claim::Name(name) => Some(&**name),
        _ => None,
    });
    let name = claimed.unwrap_or(name);
    let filling = filling(&state.caller, name, None, name);
    let longname = claimed_longname(claims).map(|longname| filling.render(longname));
    let packet = Packet::answer(NAME, turn.id).number(1);
    let packet = packet.string(name).string(longname.as_deref().unwrap_or(name));
    Answer::Packet(Attributes::default().write(packet).finish()).into()
}

fn claimed_longname(claims: &[Claim]) -> Option<&Template> {
    claims.iter().find_map(|claim| match claim {
        Claim::Longname(longname) => Some(longname),
        _ => None,
    })
}

/// `SSH_FXP_MKDIR`
pub(super) fn mkdir(
    state: &State,
    turn: Turn<'_>,
    path: &Path,
    attributes: &Attributes,
) -> Result<Done, Status> {
    let done = state.change(turn, Change::Mkdir(path.clone()))?;
    // Linux takes but the sticky bit of the special ones.
    if let Some(mode) = attributes.mode().map(|mode| mode & 0o1777) {
        // A directory that is only pretended has none.
        let (files, account) = (&state.run.files, state.account());
        let _ = files.set_permissions(account, Subject::Path(path), mode & !UMASK);
    }
    Ok(done)
}
