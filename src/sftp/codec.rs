//! The fields of a packet: big-endian numbers, and strings of raw bytes behind their length
//! (draft-ietf-secsh-filexfer-02, sections 3 and 4; RFC 4251, section 5).

use bytes::{Buf, BufMut, Bytes};

/// A packet that ends before its fields do, or says what no field can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// What is left to be read of a packet.
#[derive(Debug, Clone)]
pub(super) struct Fields(pub(super) Bytes);

impl Fields {
    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        self.0.try_get_u8().map_err(|_| Malformed)
    }

    pub(super) fn number(&mut self) -> Result<u32, Malformed> {
        self.0.try_get_u32().map_err(|_| Malformed)
    }

    pub(super) fn long(&mut self) -> Result<u64, Malformed> {
        self.0.try_get_u64().map_err(|_| Malformed)
    }

    /// A string, which shares the packet's memory.
    pub(super) fn string(&mut self) -> Result<Bytes, Malformed> {
        let length = usize::try_from(self.number()?).map_err(|_| Malformed)?;
        if length > self.0.len() {
            return Err(Malformed);
        }
        Ok(self.0.split_to(length))
    }

    /// The number of what is open; none if the handle has not the form of one of ours.
    pub(super) fn handle(&mut self) -> Result<Option<u32>, Malformed> {
        Ok(self.string()?.as_ref().try_into().ok().map(u32::from_be_bytes))
    }
}

/// A number as the client sees it: four bytes, as OpenSSH's handles are.
pub(super) fn handle_of(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}

/// A packet in the making: its length is put in when it is finished.
#[derive(Debug)]
pub(super) struct Packet(Vec<u8>);

impl Packet {
    /// A packet of a kind that answers a request.
    pub(super) fn answer(kind: u8, id: u32) -> Self {
        Self::new(kind).number(id)
    }

    pub(super) fn new(kind: u8) -> Self {
        Self(vec![0, 0, 0, 0, kind])
    }

    pub(super) fn number(mut self, number: u32) -> Self {
        self.0.put_u32(number);
        self
    }

    pub(super) fn long(mut self, number: u64) -> Self {
        self.0.put_u64(number);
        self
    }

    pub(super) fn string(mut self, bytes: &[u8]) -> Self {
        self.0.put_u32(length_of(bytes));
        self.0.put_slice(bytes);
        self
    }

    /// The bytes it has so far.
    pub(super) fn length(&self) -> usize {
        self.0.len()
    }

    pub(super) fn finish(mut self) -> Bytes {
        let length = length_of(&self.0[4..]);
        self.0[..4].copy_from_slice(&length.to_be_bytes());
        self.0.into()
    }
}

/// No packet of ours comes near the end of 32 bits.
pub(super) fn length_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_its_length_its_kind_and_its_fields() {
        let packet = Packet::answer(101, 7).number(4).string(b"no").string(b"").finish();
        assert_eq!(&packet[..], b"\0\0\0\x13\x65\0\0\0\x07\0\0\0\x04\0\0\0\x02no\0\0\0\0");
    }

    #[test]
    fn a_string_that_is_longer_than_its_packet_is_malformed() {
        let mut fields = Fields(Bytes::from_static(b"\0\0\0\x02\xe9z\0\0\0\x03ab"));
        assert_eq!(fields.string(), Ok(Bytes::from_static(b"\xe9z")));
        assert_eq!(fields.string(), Err(Malformed));
        assert_eq!(Fields(Bytes::from_static(b"\xff\xff\xff\xff")).string(), Err(Malformed));
        assert_eq!(Fields(Bytes::from_static(b"\0\0\0")).number(), Err(Malformed));
    }
}
