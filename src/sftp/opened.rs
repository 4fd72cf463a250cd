//! What a session has open: files and directories, each a transfer or a listing from its opening to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;

use super::data::{Data, Flaw};
use super::request::Asked;
use super::spoil::Spoil;
use crate::engine::{At, Damage, Repeat, Verdict};
use crate::fault::Pace;
use crate::files::{Content, Handle, Path};
use crate::journal::{Happening, Outcome};
use crate::run::Open;

/// Open at once in a session.
pub(super) const MOST_OPEN: usize = 1024;

/// Something open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) thing: Thing,
    pub(super) path: Path,
    /// The rule that acts on the whole of it.
    pub(super) verdict: Verdict,
    /// What `limit` counts as open.
    pub(super) _open: Open,
    pub(super) happening: Happening,
    pub(super) outcome: Outcome,
    pub(super) pace: Pace,
    /// Bytes moved so far.
    pub(super) moved: u64,
    /// The rule's point is behind it.
    pub(super) stopped: bool,
    /// Its rule has spoilt one of its answers.
    pub(super) spoilt: bool,
    /// The byte of the file that a rule has damaged.
    pub(super) flaw: Option<Flaw>,
    /// Until when a rule may repeat it without end.
    pub(super) until: Instant,
}

impl Opened {
    /// The size of a file as it can be read: repeated, or with a byte missing or doubled.
    pub(super) fn size_with_its_faults(&self, truth: u64) -> u64 {
        let size = self.flaw.map_or(truth, |flaw| flaw.size(truth));
        match self.verdict.action.repeat {
            Repeat::Endless if truth > 0 && self.may_be_repeated() => u64::MAX,
            Repeat::Times(times) => size.saturating_mul(times),
            Repeat::Endless => size,
        }
    }

    /// Damages what is read, if the rule's byte is in it.
    pub(super) fn damage(&mut self, data: &mut Data) {
        let Some(damage @ (Damage::Bit | Damage::Gap | Damage::Echo)) = self.verdict.action.damage
        else {
            return;
        };
        let from = self.verdict.part_way().unwrap_or(0);
        let ahead = from.checked_sub(self.moved).filter(|ahead| *ahead < data.length as u64);
        if let (None, Some(ahead)) = (self.flaw, ahead) {
            self.flaw = Some(Flaw { damage, place: data.offset.saturating_add(ahead) });
            data.flaw = self.flaw;
            if damage == Damage::Gap && data.is_the_rest() {
                data.length -= 1;
            }
        }
    }

    /// What its rule spoils of one of its answers, which has so many bytes.
    pub(super) fn spoil(&mut self, asked: &Asked, length: usize) -> Option<Spoil> {
        let action = &self.verdict.action;
        if asked.wire == "SSH_FXP_READDIR" {
            let before = self.moved.saturating_sub(length as u64);
            let place = self.verdict.part_way().unwrap_or(0).checked_sub(before);
            return match place.filter(|place| *place < length as u64) {
                Some(place) => Spoil::of(action, place, 0),
                None => Spoil::of_claims(action),
            };
        }
        let packets = matches!(action.damage, Some(Damage::Short | Damage::Long));
        let crossed = self.stopped && !std::mem::replace(&mut self.spoilt, true);
        (packets && crossed).then(|| Spoil::of(action, 0, asked.wanted)).flatten()
    }

    /// Whether its rule lets the next answer pass this one.
    pub(super) fn lets_one_pass(&mut self) -> bool {
        let order = self.verdict.action.damage == Some(Damage::Order);
        let here = self.stopped || self.verdict.at == At::Start;
        order && here && !std::mem::replace(&mut self.spoilt, true)
    }

    /// Whether the cap on what has no end is not reached yet.
    pub(super) fn may_be_repeated(&self) -> bool {
        Instant::now() < self.until
    }
}

/// What is open.
#[derive(Debug)]
pub(super) enum Thing {
    File(Arc<Handle>),
    /// What a rule sends in a file's place.
    Content(Content),
    Directory(Listing),
}

/// How far a listing has got.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// `.` and `..` were told, or are not to be.
    pub(super) dots_told: bool,
    /// The last name that was told.
    pub(super) last: Option<Arc<[u8]>>,
    /// How often it is still to begin again.
    pub(super) repeat: Repeat,
}

impl Thing {
    /// The open file, if it is one of the tree.
    pub(super) fn file(&self) -> Option<&Arc<Handle>> {
        match self {
            Self::File(handle) => Some(handle),
            Self::Content(_) | Self::Directory(_) => None,
        }
    }
}

/// All that is open, by number.
#[derive(Debug, Default)]
pub(super) struct OpenThings {
    things: BTreeMap<u32, Opened>,
    last: u32,
}

impl OpenThings {
    pub(super) fn is_full(&self) -> bool {
        self.things.len() >= MOST_OPEN
    }

    /// The number of what is now open.
    pub(super) fn add(&mut self, opened: Opened) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.things.insert(self.last, opened);
        self.last
    }

    pub(super) fn get(&self, number: Option<u32>) -> Option<&Opened> {
        self.things.get(&number?)
    }

    pub(super) fn get_mut(&mut self, number: Option<u32>) -> Option<&mut Opened> {
        self.things.get_mut(&number?)
    }

    pub(super) fn close(&mut self, number: Option<u32>) -> Option<Opened> {
        self.things.remove(&number?)
    }

    /// Open again, under the number that it had.
    pub(super) fn put_back(&mut self, number: Option<u32>, opened: Opened) {
        if let Some(number) = number {
            self.things.insert(number, opened);
        }
    }

    /// All that was never closed.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Opened> + use<> {
        std::mem::take(&mut self.things).into_values()
    }
}

/// A number as the client sees it: four bytes, as OpenSSH's are.
pub(super) fn handle_of(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}

/// The number of a handle, if it has the form of one of ours.
pub(super) fn number_of(handle: &Bytes) -> Option<u32> {
    handle.as_ref().try_into().ok().map(u32::from_be_bytes)
}
