//! Bytes that are made when they are read, so that a file of 10 GiB costs no memory.
//!
//! A block of 4 KiB is a cut out of one pseudo-random base, at a place drawn from the file and the
//! block's number, and begins with the hash it was drawn by. A block that is shifted, dropped or
//! repeated therefore shows in every byte, and filling a buffer is hardly more than copying.

use std::sync::LazyLock;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::files::Path;

const BLOCK: usize = 4096;
/// A power of two, and small enough to stay in a core's cache.
const PLACES: usize = 512 * 1024;
/// Cuts begin at cache lines, which are copied fastest.
const LINE: usize = 64;

static BASE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut base = vec![0; PLACES + BLOCK];
    ChaCha8Rng::from_seed(*b"badftp: the same bytes each time").fill_bytes(&mut base);
    base
});

/// An endless pseudo-random content, the same for the same seed and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noise {
    key: u64,
}

impl Noise {
    pub(super) fn new(seed: u64, path: &Path) -> Self {
        let key = xxh3_64_with_seed(path.as_bytes(), seed);
        Self { key }
    }

    /// Adds the `length` bytes from `offset` on to `buffer`.
    pub(super) fn extend(self, buffer: &mut Vec<u8>, offset: u64, length: usize) {
        let base = BASE.as_slice();
        buffer.reserve(length);
        let mut number = offset / BLOCK as u64;
        let mut skip = usize::try_from(offset % BLOCK as u64).unwrap_or_default();
        let mut left = length;
        while left > 0 {
            let hash = xxh3_64_with_seed(&number.to_le_bytes(), self.key);
            let take = left.min(BLOCK - skip);
            let cut = place(hash) + skip;
            let start = buffer.len();
            buffer.extend_from_slice(&base[cut..cut + take]);
            stamp(&mut buffer[start..], hash, skip);
            left -= take;
            number += 1;
            skip = 0;
        }
    }
}

fn place(hash: u64) -> usize {
    // The remainder is below `PLACES`, which any `usize` holds.
    usize::try_from(hash % PLACES as u64).unwrap_or_default() / LINE * LINE
}

/// Writes the hash over the block's beginning, as far as it is in `block`, which lacks `skip` bytes.
fn stamp(block: &mut [u8], hash: u64, skip: usize) {
    let hash = hash.to_le_bytes();
    if let Some(rest) = hash.get(skip..) {
        let length = rest.len().min(block.len());
        block[..length].copy_from_slice(&rest[..length]);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn read(noise: Noise, offset: u64, length: usize) -> Vec<u8> {
        let mut buffer = Vec::new();
        noise.extend(&mut buffer, offset, length);
        buffer
    }

    fn noise(seed: u64, path: &str) -> Noise {
        Noise::new(seed, &Path::root().resolve(path.as_bytes()))
    }

    #[test]
    fn the_bytes_are_the_same_in_every_version() {
        let bytes = read(noise(0, "/big"), 0, 16);
        let hash = [109, 109, 111, 211, 30, 36, 147, 221];
        assert_eq!(bytes[..8], hash);
        assert_eq!(bytes[8..], [53, 207, 111, 183, 79, 96, 193, 203]);
    }

    #[test]
    fn any_slicing_reads_the_same() {
        let whole = read(noise(7, "/a"), 0, 20_000);
        for (offset, length) in [(0, 1), (3, 9), (4090, 20), (4096, 4096), (8191, 9000)] {
            let bytes = read(noise(7, "/a"), offset as u64, length);
            assert_eq!(bytes, whole[offset..offset + length]);
        }
        let far = (10 << 30) - 5;
        assert_eq!(read(noise(7, "/a"), far, 10)[5..], read(noise(7, "/a"), far + 5, 5));
    }

    #[test]
    fn seeds_paths_and_blocks_differ() {
        let bytes = read(noise(0, "/a"), 0, 8192);
        assert_ne!(bytes, read(noise(1, "/a"), 0, 8192));
        assert_ne!(bytes, read(noise(0, "/b"), 0, 8192));
        assert_ne!(bytes[..4096], bytes[4096..]);
        assert_ne!(bytes[8..4096], bytes[8 + 4096..]);
    }

    #[test]
    #[ignore = "a measurement: cargo test --release speed -- --ignored --nocapture"]
    fn speed() {
        let mut buffer = Vec::with_capacity(256 * 1024);
        noise(0, "/a").extend(&mut buffer, 0, 256 * 1024);
        let start = Instant::now();
        let rounds = 40_000_u32;
        for round in 0..rounds {
            buffer.clear();
            let offset = u64::from(round) * 256 * 1024;
            noise(0, "/a").extend(&mut buffer, offset, 256 * 1024);
            std::hint::black_box(&buffer);
        }
        let seconds = start.elapsed().as_secs_f64();
        let bytes = f64::from(rounds) * 256.0 * 1024.0;
        println!("{:.1} GB/s", bytes / seconds / 1e9);
    }
}
