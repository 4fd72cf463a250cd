//! What a session has open: files and directories, each a transfer or a listing from its opening to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use crate::engine::Verdict;
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
