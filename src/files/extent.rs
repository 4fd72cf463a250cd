use std::ops::Range;

use bytes::{Bytes, BytesMut};

use crate::files::noise::Noise;

/// Stored pieces shorter than this are copied and joined with their neighbours; others are kept as they
/// came. So a small piece never keeps a big buffer alive, and a big one is never copied.
pub(super) const SMALL: usize = 32 * 1024;

/// A run of bytes in a file; what no extent covers is a hole and reads as zeros.
#[derive(Clone, Debug)]
pub(super) struct Extent {
    /// Its offset in the file.
    pub(super) start: u64,
    pub(super) source: Source,
}

/// Where an extent's bytes are.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Written by a client: these count against the capacity.
    Stored(Bytes),
    /// Part of the scenario.
    Given(Bytes),
    /// Made when read; the noise begins at this offset of the file.
    Noise { noise: Noise, length: u64, begins: u64 },
}

impl Extent {
    pub(super) fn length(&self) -> u64 {
        match &self.source {
            Source::Stored(bytes) | Source::Given(bytes) => bytes.len() as u64,
            Source::Noise { length, .. } => *length,
        }
    }

    pub(super) fn end(&self) -> u64 {
        self.start + self.length()
    }

    /// How many bytes count against the capacity.
    pub(super) fn stored(&self) -> u64 {
        match &self.source {
            Source::Stored(bytes) => bytes.len() as u64,
            Source::Given(_) | Source::Noise { .. } => 0,
        }
    }

    /// The stored bytes, if they are at most so many.
    pub(super) fn stored_at_most(&mut self, limit: usize) -> Option<&mut Bytes> {
        match &mut self.source {
            Source::Stored(bytes) if bytes.len() <= limit => Some(bytes),
            _ => None,
        }
    }

    /// The same, so much further behind.
    pub(super) fn moved(mut self, by: u64) -> Self {
        self.start += by;
        if let Source::Noise { begins, .. } = &mut self.source {
            *begins += by;
        }
        self
    }

    /// The part within `range`, which lies in this extent, to be kept on its own.
    pub(super) fn part(&self, range: Range<u64>) -> Self {
        let source = match &self.source {
            Source::Stored(bytes) => Source::Stored(compact(bytes.slice(self.inner(&range)))),
            Source::Given(bytes) => Source::Given(bytes.slice(self.inner(&range))),
            Source::Noise { noise, begins, .. } => {
                let length = range.end - range.start;
                Source::Noise { noise: *noise, length, begins: *begins }
            }
        };
        let start = range.start;
        Self { start, source }
    }

    /// The bytes within `range`, which lies in this extent, without a copy; none if they are noise.
    pub(super) fn share(&self, range: &Range<u64>) -> Option<Bytes> {
        match &self.source {
            Source::Stored(bytes) | Source::Given(bytes) => Some(bytes.slice(self.inner(range))),
            Source::Noise { .. } => None,
        }
    }

    /// Adds the bytes within `range`, which lies in this extent, to `buffer`.
    pub(super) fn extend(&self, buffer: &mut Vec<u8>, range: &Range<u64>) {
        match &self.source {
            Source::Stored(bytes) | Source::Given(bytes) => {
                buffer.extend_from_slice(&bytes[self.inner(range)]);
            }
            Source::Noise { noise, begins, .. } => {
                noise.extend(buffer, range.start - begins, in_memory(range.end - range.start));
            }
        }
    }

    /// `range` of the file, as one of this extent's bytes.
    pub(super) fn inner(&self, range: &Range<u64>) -> Range<usize> {
        in_memory(range.start - self.start)..in_memory(range.end - self.start)
    }
}

/// The bytes to write into: in place if nobody else has them, else a copy.
pub(super) fn writable(bytes: Bytes) -> BytesMut {
    bytes.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]))
}

/// A length of something that is, or is about to be, in memory.
pub(super) fn in_memory(length: u64) -> usize {
    usize::try_from(length).expect("what is in memory has a length that fits")
}

fn compact(bytes: Bytes) -> Bytes {
    if bytes.len() < SMALL { Bytes::copy_from_slice(&bytes) } else { bytes }
}
