//! `rate` and `chunk`: bytes go no faster, and in no bigger pieces.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

use super::Wire;

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

/// Waits, but not at all for nothing: the timer's shortest wait is a millisecond, which every reply would pay.
pub async fn pause(length: Duration) {
    if !length.is_zero() {
        tokio::time::sleep(length).await;
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

    /// So many bytes have moved: waits until the rate allows them.
    pub async fn moved(&mut self, bytes: usize) {
        self.moved += bytes as u64;
        if let Some(rate) = self.pace.rate {
            tokio::time::sleep_until(self.began + time_for(self.moved, rate)).await;
        } else if self.pace.chunk.is_some() {
            // The piece should leave as a segment of its own.
            tokio::task::yield_now().await;
        }
    }
}

/// How long so many bytes take at a rate in bytes a second.
fn time_for(bytes: u64, rate: u64) -> Duration {
    let nanoseconds = u128::from(bytes) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// Writes all of it at a pace.
///
/// # Errors
/// Those of the socket.
pub async fn write(wire: &mut Wire, bytes: &[u8], pace: Pace) -> io::Result<()> {
    if pace.is_free() {
        return wire.write_all(bytes).await;
    }
    let mut pacer = Pacer::begin(pace);
    for piece in bytes.chunks(pacer.piece(bytes.len().max(1))) {
        wire.write_all(piece).await?;
        pacer.moved(piece.len()).await;
    }
    Ok(())
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
        let began = Instant::now();
        for _ in 0..100 {
            pacer.moved(50).await;
        }
        assert_eq!(began.elapsed().as_secs(), 5);
    }
}
