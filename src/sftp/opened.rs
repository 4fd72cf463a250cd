//! What a session has open: files and directories, each a transfer or a listing from its opening to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;

use super::data::{Data, Flaw};
use super::debts::Debts;
use super::spoil::Spoil;
use crate::engine::{Damage, Keep, Order, Repeat, Task};
use crate::fault::Pace;
use crate::files::{Content, Handle, Path};
use crate::run::Pending;

/// Open at once in a session.
pub(super) const MOST_OPEN: usize = 1024;

/// Something open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) thing: Thing,
    pub(super) path: Path,
    pub(super) task: Task,
    /// The transfer or listing as a whole.
    pub(super) pending: Pending,
    pub(super) pace: Pace,
    /// Bytes moved so far.
    pub(super) moved: u64,
    /// How far its rule has got.
    pub(super) progress: Progress,
    /// What its rule keeps of it when it is closed.
    pub(super) keep: Option<Keep>,
    /// Its rule has spoilt one of its answers.
    pub(super) spoilt: bool,
    /// The byte of the file that a rule has damaged.
    pub(super) flaw: Option<Flaw>,
    pub(super) debts: Debts,
    /// Until when a rule may repeat it without end.
    pub(super) until: Instant,
    /// Where the last read or write has ended: as it was asked, and as it was done.
    pub(super) ends: Option<(u64, u64)>,
    /// Whether the last one went on where the one before it had ended.
    pub(super) order: Option<Order>,
}

/// How far the rule of a transfer has got that acts at one of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Not to its byte.
    Before,
    /// What comes before its byte has been said, and its answer is due.
    Due,
    /// It has given its answer, or made the others wait.
    Behind,
}

impl Opened {
    /// The size of a file as it can be read: repeated, or with a byte missing or doubled.
    pub(super) fn size_with_its_faults(&self, truth: u64) -> u64 {
        let size = self.flaw.map_or(truth, |flaw| flaw.size(truth));
        match self.pending.verdict().repeat() {
            Repeat::Endless if truth > 0 && self.may_be_repeated() => u64::MAX,
            Repeat::Times(times) => size.saturating_mul(times),
            Repeat::Endless => size,
        }
    }

    /// Damages what is read, if the rule's byte is in it.
    pub(super) fn damage(&mut self, data: &mut Data) {
        let verdict = self.pending.verdict();
        let Some(damage @ (Damage::Bit | Damage::Gap | Damage::Echo)) = verdict.damage() else {
            return;
        };
        let from = verdict.part_way().unwrap_or(0);
        let ahead = from.checked_sub(self.moved).filter(|ahead| *ahead < data.length as u64);
        if let (None, Some(ahead)) = (self.flaw, ahead) {
            self.flaw = Some(Flaw { damage, place: data.offset.saturating_add(ahead) });
            data.flaw = self.flaw;
            if damage == Damage::Gap && data.is_the_rest() {
                data.length -= 1;
            }
        }
    }

    /// What its rule spoils of one of its answers. Of a listing's, its last `entries` bytes are those of the answer.
    pub(super) fn spoil(&mut self, entries: Option<u64>, wanted: usize) -> Option<Spoil> {
        let verdict = self.pending.verdict();
        if let Some(length) = entries {
            let before = self.moved.saturating_sub(length);
            let place = verdict.part_way().unwrap_or(0).checked_sub(before);
            return match place.filter(|place| *place < length) {
                Some(place) => Spoil::of(verdict, place, 0),
                None => Spoil::of_claims(verdict),
            };
        }
        let spoils = matches!(verdict.damage(), Some(Damage::Short | Damage::Long))
            && self.progress != Progress::Before
            && !std::mem::replace(&mut self.spoilt, true);
        spoils.then(|| Spoil::of(verdict, 0, wanted)).flatten()
    }

    /// A read or write has come.
    pub(super) fn asked(&mut self, (offset, length): (u64, u64)) {
        // Who asks ahead goes on where he has asked to, and who was told less, from there.
        let goes_on = |(asked, done)| offset == asked || offset == done;
        let order = if self.ends.is_none_or(goes_on) { Order::Sequential } else { Order::Random };
        (self.order, self.ends) = (Some(order), Some((offset.saturating_add(length), offset)));
        self.pending.asked(offset, length, order);
    }

    /// So many bytes of it were read or written.
    pub(super) fn did(&mut self, offset: u64, length: u64) {
        if let Some((_, done)) = &mut self.ends {
            *done = offset.saturating_add(length);
        }
    }

    /// Whether its rule lets the next answer pass this one.
    pub(super) fn lets_one_pass(&mut self) -> bool {
        let verdict = self.pending.verdict();
        let here = self.progress != Progress::Before || verdict.acts_at_the_start();
        let order = verdict.damage() == Some(Damage::Order);
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
    /// How many answers it has had.
    pub(super) turn: u64,
}

impl Thing {
    /// Whether it was opened as a file, whatever it is.
    pub(super) fn is_a_file(&self) -> bool {
        !matches!(self, Self::Directory(_))
    }

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

    /// All that was never closed.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Opened> + use<> {
        std::mem::take(&mut self.things).into_values()
    }
}
