//! `rate` and `chunk`: bytes go no faster, and in no bigger pieces.

use std::time::Duration;

use tokio::time::Instant;

/// How fast and in what pieces bytes move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Bytes a second, at most.
    pub rate: Option<u64>,
    /// Bytes at once, at most.
    pub chunk: Option<u64>,
}

/// A rate is kept by short waits: pieces are no bigger than what it allows in this share of a second.
const SLICES_PER_SECOND: u64 = 20;

impl Pace {
    /// The most bytes to move at once, if `most` were fine otherwise.
    #[must_use]
    pub fn piece(self, most: usize) -> usize {
        let slice = self.rate.map_or(u64::MAX, |rate| rate / SLICES_PER_SECOND);
        let piece = slice.min(self.chunk.unwrap_or(u64::MAX)).max(1);
        usize::try_from(piece).map_or(most, |piece| piece.min(most))
    }

    /// Whether nothing is slowed.
    #[must_use]
    pub fn is_free(self) -> bool {
        self == Self::default()
    }
}

/// Keeps a [`Pace`] over a whole transfer.
#[derive(Debug)]
pub struct Pacer {
    pace: Pace,
    began: Instant,
    moved: u64,
}

impl Pacer {
    /// A transfer that begins now.
    #[must_use]
    pub fn begin(pace: Pace) -> Self {
        Self { pace, began: Instant::now(), moved: 0 }
    }

    /// The most bytes to move at once, if `most` were fine otherwise.
    #[must_use]
    pub fn piece(&self, most: usize) -> usize {
        self.pace.piece(most)
    }

    /// So many bytes have moved. Tells how long to wait before more may.
    #[must_use]
    pub fn moved(&mut self, bytes: usize) -> Duration {
        self.moved += bytes as u64;
        let Some(rate) = self.pace.rate else { return Duration::ZERO };
        time_for(self.moved, rate).saturating_sub(self.began.elapsed())
    }
}

/// How long so many bytes take at a rate in bytes a second.
fn time_for(bytes: u64, rate: u64) -> Duration {
    let nanoseconds = u128::from(bytes) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_bounds_each_piece() {
        let pace = Pace { rate: None, chunk: Some(3) };
        assert_eq!(pace.piece(100), 3);
        assert_eq!(pace.piece(2), 2);
    }

    #[test]
    fn a_slow_rate_still_moves_a_byte() {
        let pace = Pace { rate: Some(2), chunk: None };
        assert_eq!(pace.piece(100), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_kept_over_a_transfer() {
        let mut pacer = Pacer::begin(Pace { rate: Some(1000), chunk: None });
        assert_eq!(pacer.moved(50), Duration::from_millis(50));
        tokio::time::advance(Duration::from_millis(70)).await;
        assert_eq!(pacer.moved(50), Duration::from_millis(30));
        tokio::time::advance(Duration::from_millis(50)).await;
        assert_eq!(pacer.moved(10), Duration::ZERO);
    }
}
