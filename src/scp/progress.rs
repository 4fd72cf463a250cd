//! How far a file's bytes have come.

use bytes::Bytes;

use super::case::Case;
use crate::engine::{At, Damage};
use crate::fault::damage::damaged;

/// How far a file's bytes have come, and where its rule acts on them.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) moved: u64,
    pub(super) size: u64,
    stop: Option<At>,
    damage: Option<Damage>,
}

impl Progress {
    pub(super) fn of(case: &Case, size: u64) -> Self {
        let verdict = case.pending.verdict();
        Self { moved: 0, size, stop: verdict.plan(case.task).stop, damage: verdict.damage() }
    }

    /// The bytes that are still to come.
    pub(super) fn rest(&self) -> u64 {
        self.size - self.moved
    }

    /// Whether the rule's point is reached, once.
    pub(super) fn reaches_the_point(&mut self) -> bool {
        let reached = match self.stop {
            Some(At::Bytes(stop)) => self.moved >= stop,
            Some(At::Beyond(stop)) => self.moved >= stop && self.size > stop,
            _ => false,
        };
        if reached {
            self.stop = None;
        }
        reached
    }

    /// How many bytes may move next.
    pub(super) fn room(&self, most: usize) -> usize {
        let end = match self.stop {
            Some(At::Bytes(stop) | At::Beyond(stop)) => stop.min(self.size),
            _ => self.size,
        };
        usize::try_from(end - self.moved).map_or(most, |left| left.min(most))
    }

    /// The next bytes, with the first behind the rule's point damaged.
    pub(super) fn passed(&mut self, piece: Bytes) -> Bytes {
        self.moved += piece.len() as u64;
        match self.damage.take_if(|_| self.stop.is_none() && !piece.is_empty()) {
            Some(damage) => damaged(piece.to_vec(), 0, damage).into(),
            None => piece,
        }
    }
}
