//! Bytes that do not repeat, at no cost of memory: a transfer that skips, doubles or mixes blocks shows.

use std::io::{self, Read};

pub(crate) struct Noise {
    state: u64,
    left: u64,
}

impl Noise {
    pub(crate) fn of(seed: u64, size: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, left: size }
    }

    pub(crate) fn bytes(seed: u64, size: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        Self::of(seed, size).read_to_end(&mut bytes).expect("noise never fails");
        bytes
    }
}

impl Read for Noise {
    /// Xorshift: eight bytes a step, of which a read that is not a multiple of eight drops some.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        for chunk in buffer[..size].chunks_mut(8) {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            chunk.copy_from_slice(&self.state.to_le_bytes()[..chunk.len()]);
        }
        self.left -= size as u64;
        Ok(size)
    }
}

/// Reads both to their ends in step, and insists that they are the same and of that size.
#[track_caller]
pub(crate) fn assert_same_stream(mut got: impl Read, mut expected: impl Read, size: u64) {
    let (mut got_bytes, mut expected_bytes) = (vec![0; 1 << 18], vec![0; 1 << 18]);
    let mut at = 0;
    loop {
        let (n, m) = (fill(&mut got, &mut got_bytes), fill(&mut expected, &mut expected_bytes));
        if got_bytes[..n] != expected_bytes[..m] {
            let same =
                got_bytes[..n].iter().zip(&expected_bytes[..m]).take_while(|(a, b)| a == b).count();
            panic!("the streams part at byte {}", at + same as u64);
        }
        at += n as u64;
        if n == 0 {
            break;
        }
    }
    assert_eq!(at, size, "the streams agree, but are not of the right size");
}

/// A whole buffer unless the stream ends, so that two streams stay in step.
fn fill(stream: &mut impl Read, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]).expect("a pipe can be read") {
            0 => break,
            n => filled += n,
        }
    }
    filled
}
