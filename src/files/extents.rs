use std::cmp::Ordering;
use std::mem;
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use imbl::Vector;

use crate::files::extent::{Extent, SMALL, Source, writable};

/// A small piece that is written in front of another is joined with it while that is at most so long:
/// the other must be copied for it. A small piece that is written into a big one gets so much around it.
const WINDOW: u64 = 4096;

/// The extents of a file. Big pieces are kept without a copy, small ones are joined: a trickle of single
/// bytes costs neither much memory a byte nor ever more time.
#[derive(Clone, Debug, Default)]
pub(super) struct Extents {
    /// In order of `start`, none empty, none overlapping.
    list: Vector<Extent>,
    stored: u64,
}

impl Extents {
    /// How many bytes count against the capacity.
    pub(super) fn stored(&self) -> u64 {
        self.stored
    }

    pub(super) fn get(&self, index: usize) -> Option<&Extent> {
        self.list.get(index)
    }

    /// Puts `bytes`, at least one, at `offset`.
    pub(super) fn write(&mut self, offset: u64, bytes: Bytes) {
        if bytes.len() < SMALL {
            self.write_small(offset, &bytes);
        } else {
            let at = self.carve(offset..offset + bytes.len() as u64);
            self.insert(at, offset, bytes);
        }
    }

    /// How many of `length` bytes at `offset` can be written until `room` more would be stored.
    pub(super) fn fitting(&self, offset: u64, length: u64, room: u64) -> u64 {
        let end = offset + length;
        let mut room = room;
        let mut position = offset;
        for index in self.first_ending_after(offset)..self.list.len() {
            let extent = &self.list[index];
            if extent.start >= end || extent.start.saturating_sub(position) > room {
                break;
            }
            if let Source::Stored(_) = extent.source {
                room -= extent.start.saturating_sub(position);
                position = extent.end();
            }
        }
        end.min(position.saturating_add(room)) - offset
    }

    fn write_small(&mut self, offset: u64, bytes: &[u8]) {
        let range = offset..offset + bytes.len() as u64;
        let index = self.first_ending_after(offset);
        let inside = self.list.get(index).is_some_and(|extent| {
            extent.stored() > 0 && extent.start <= range.start && range.end <= extent.end()
        });
        if inside {
            self.overwrite(index, &range, bytes);
        } else {
            let at = self.carve(range);
            self.insert_joined(at, offset, bytes);
        }
    }

    /// Writes into the stored extent at `index`, of which only a window is copied if it is big.
    fn overwrite(&mut self, index: usize, range: &Range<u64>, bytes: &[u8]) {
        let index = if self.list[index].length() > SMALL as u64 {
            self.split_window(index, range)
        } else {
            index
        };
        if let Some(extent) = self.list.get_mut(index) {
            let inner = extent.inner(range);
            if let Source::Stored(stored) = &mut extent.source {
                let mut buffer = writable(mem::take(stored));
                buffer[inner].copy_from_slice(bytes);
                *stored = buffer.freeze();
            }
        }
    }

    fn split_window(&mut self, index: usize, range: &Range<u64>) -> usize {
        let extent = self.list[index].clone();
        let start = extent.start.max(range.start / WINDOW * WINDOW);
        let end = extent.end().min(range.end.next_multiple_of(WINDOW));
        let window = extent.part(start..end);
        let at = self.carve(start..end);
        self.stored += window.stored();
        self.list.insert(at, window);
        at
    }

    /// Puts small `bytes` into the gap before the extent at `at`, as one with its small neighbours.
    fn insert_joined(&mut self, at: usize, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        let after = self.take_following(at, end);
        let added = bytes.len() + after.len();
        if let Some(before) = self.preceding(at, offset, SMALL.saturating_sub(added)) {
            let mut buffer = writable(mem::take(before));
            buffer.extend_from_slice(bytes);
            buffer.extend_from_slice(&after);
            *before = buffer.freeze();
            self.stored += added as u64;
        } else {
            let mut buffer = BytesMut::with_capacity(added);
            buffer.extend_from_slice(bytes);
            buffer.extend_from_slice(&after);
            self.insert(at, offset, buffer.freeze());
        }
    }

    /// Takes away the small stored bytes that begin at `end`.
    fn take_following(&mut self, at: usize, end: u64) -> Bytes {
        match self.list.get(at) {
            Some(next) if next.start == end && (1..=WINDOW).contains(&next.stored()) => {}
            _ => return Bytes::new(),
        }
        let next = self.list.remove(at);
        self.stored -= next.stored();
        next.share(&(next.start..next.end())).unwrap_or_default()
    }

    /// The stored bytes that end at `offset`, before the extent at `at`, if they are at most `limit`.
    fn preceding(&mut self, at: usize, offset: u64, limit: usize) -> Option<&mut Bytes> {
        let before = self.list.get_mut(at.checked_sub(1)?)?;
        if before.end() != offset {
            return None;
        }
        before.stored_at_most(limit)
    }

    fn insert(&mut self, at: usize, start: u64, bytes: Bytes) {
        self.stored += bytes.len() as u64;
        let source = Source::Stored(bytes);
        self.list.insert(at, Extent { start, source });
    }

    /// Makes `range` a hole and says at which index an extent in it belongs.
    pub(super) fn carve(&mut self, range: Range<u64>) -> usize {
        let first = self.first_ending_after(range.start);
        let next = self.list.get(first);
        if next.is_none_or(|extent| extent.start >= range.end) {
            return first;
        }
        let right = self.list.split_off(self.first_starting_at(range.end));
        let cut = self.list.split_off(first);
        self.stored -= cut.iter().map(Extent::stored).sum::<u64>();
        if let Some(extent) = cut.front().filter(|extent| extent.start < range.start) {
            self.push(extent.part(extent.start..range.start));
        }
        let at = self.list.len();
        if let Some(extent) = cut.back().filter(|extent| extent.end() > range.end) {
            self.push(extent.part(range.end..extent.end()));
        }
        self.list.append(right);
        at
    }

    pub(super) fn push(&mut self, extent: Extent) {
        self.stored += extent.stored();
        self.list.push_back(extent);
    }

    /// Puts those of another content behind these, which end before `offset`.
    pub(super) fn extend(&mut self, offset: u64, others: &Self) {
        for extent in &others.list {
            self.push(extent.clone().moved(offset));
        }
    }

    pub(super) fn first_ending_after(&self, offset: u64) -> usize {
        match self.list.back() {
            Some(last) if last.end() > offset => self.first(|extent| extent.end() > offset),
            _ => self.list.len(),
        }
    }

    fn first_starting_at(&self, offset: u64) -> usize {
        self.first(|extent| extent.start >= offset)
    }

    /// The first extent of which `is_behind` holds, as it does of all that follow.
    fn first(&self, is_behind: impl Fn(&Extent) -> bool) -> usize {
        self.list
            .binary_search_by(
                |extent| {
                    if is_behind(extent) { Ordering::Greater } else { Ordering::Less }
                },
            )
            .unwrap_or_else(|index| index)
    }
}

#[cfg(test)]
impl Extents {
    pub(super) fn assert_sound(&self, size: u64) {
        let mut end = 0;
        for extent in &self.list {
            assert!(extent.start >= end && extent.length() > 0);
            end = extent.end();
        }
        assert!(end <= size);
        let stored: u64 = self.list.iter().map(Extent::stored).sum();
        assert_eq!(stored, self.stored);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn trickle(offsets: impl Iterator<Item = u64>, extents: &mut Extents) {
        for offset in offsets {
            let byte = u8::try_from(offset % 251).unwrap_or_default();
            extents.write(offset, Bytes::copy_from_slice(&[byte]));
        }
    }

    fn assert_small_and_right(extents: &Extents, size: usize) {
        let mut bytes = Vec::new();
        for extent in &extents.list {
            extent.extend(&mut bytes, &(extent.start..extent.end()));
        }
        assert_eq!(bytes.len(), size);
        let is_right = |(index, byte): (usize, &u8)| usize::from(*byte) == index % 251;
        assert!(bytes.iter().enumerate().all(is_right));
        assert_eq!(extents.stored(), size as u64);
        let count = extents.list.len();
        assert!(count * 500 < size, "{count} extents for {size} bytes");
    }

    #[test]
    fn a_million_bytes_one_by_one_are_quick_and_small() {
        let mut extents = Extents::default();
        let start = Instant::now();
        trickle(0..1_000_000, &mut extents);
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_small_and_right(&extents, 1_000_000);
    }

    #[test]
    fn bytes_in_a_bad_order_are_small_too() {
        let mut backwards = Extents::default();
        trickle((0..100_000).rev(), &mut backwards);
        assert_small_and_right(&backwards, 100_000);

        let mut odd_last = Extents::default();
        let order = (0..20_000).step_by(2).chain((1..20_000).step_by(2));
        trickle(order, &mut odd_last);
        assert_small_and_right(&odd_last, 20_000);

        let mut over_a_big_piece = Extents::default();
        over_a_big_piece.write(0, vec![0; 100_000].into());
        let order = (0..100_000).map(|index| index * 7919 % 100_000);
        trickle(order, &mut over_a_big_piece);
        assert_small_and_right(&over_a_big_piece, 100_000);
    }
}
