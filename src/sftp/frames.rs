//! Packets out of a stream of bytes, however it is cut.

use bytes::{Buf, Bytes, BytesMut};

/// The longest packet, as OpenSSH has it; it ends the session of a client that sends a longer one.
pub(super) const LONGEST_PACKET: usize = 256 * 1024;

/// A packet longer than the longest, which ends the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong(pub(super) u32);

/// What has come of the next packet.
#[derive(Debug)]
pub(super) struct Frames {
    longest: usize,
    /// Pieces not looked at yet.
    ahead: Bytes,
    length: BytesMut,
    /// The packet's bytes so far. Each packet has memory of its own: what is stored of one keeps no other alive.
    packet: BytesMut,
}

impl Frames {
    /// Of packets that are no longer than this.
    pub(super) fn up_to(longest: usize) -> Self {
        let (ahead, length, packet) = Default::default();
        Self { longest, ahead, length, packet }
    }

    /// More bytes of the stream; the last ones must have been taken out as packets.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.ahead = bytes;
    }

    /// The next packet, without its length.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, TooLong> {
        let missing = (4 - self.length.len()).min(self.ahead.len());
        self.length.extend_from_slice(&self.ahead.split_to(missing));
        if self.length.len() < 4 {
            return Ok(None);
        }
        let length = self.length.clone().get_u32();
        let whole = usize::try_from(length).ok().filter(|length| *length <= self.longest);
        let whole = whole.ok_or(TooLong(length))?;
        let missing = (whole - self.packet.len()).min(self.ahead.len());
        if self.packet.capacity() - self.packet.len() < missing {
            // A length alone costs us nothing: memory is taken as the bytes come.
            let first = self.packet.is_empty();
            self.packet.reserve(if first { missing } else { whole - self.packet.len() });
        }
        self.packet.extend_from_slice(&self.ahead.split_to(missing));
        if self.packet.len() < whole {
            return Ok(None);
        }
        self.length.clear();
        Ok(Some(std::mem::take(&mut self.packet).freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(pieces: &[&'static [u8]]) -> Vec<Bytes> {
        let mut frames = Frames::up_to(LONGEST_PACKET);
        let mut found = Vec::new();
        for piece in pieces {
            frames.feed(Bytes::from_static(piece));
            while let Some(packet) = frames.next().unwrap() {
                found.push(packet);
            }
        }
        found
    }

    #[test]
    fn packets_come_in_any_pieces() {
        let (whole, empty) = (&b"\0\0\0\x02ab\0\0\0\0\0\0\0\x01c"[..], &b""[..]);
        assert_eq!(packets(&[whole]), [&b"ab"[..], b"", b"c"]);
        assert_eq!(
            packets(&[&whole[..3], &whole[3..5], empty, &whole[5..]]),
            [&b"ab"[..], b"", b"c"]
        );
    }

    #[test]
    fn a_packet_may_be_as_long_as_the_longest() {
        let mut frames = Frames::up_to(LONGEST_PACKET);
        frames.feed(Bytes::from_static(b"\0\x04\0\0"));
        assert_eq!(frames.next(), Ok(None));
        let mut frames = Frames::up_to(LONGEST_PACKET);
        frames.feed(Bytes::from_static(b"\0\x04\0\x01"));
        assert_eq!(frames.next(), Err(TooLong(0x0004_0001)));
    }
}
