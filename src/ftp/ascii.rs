//! `TYPE A`: lines end in CRLF on the wire and in LF in a file (RFC 959, section 3.1.1.1).

/// Out of a file: each LF becomes CRLF.
pub(super) fn to_wire(file: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(file.len() + file.len() / 16);
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        if let Some(text) = line.strip_suffix(b"\n") {
            wire.extend_from_slice(text);
            wire.extend_from_slice(b"\r\n");
        } else {
            wire.extend_from_slice(line);
        }
    }
    wire
}

/// Into a file: each CRLF becomes LF, also one that two reads tear apart.
#[derive(Debug, Default)]
pub(super) struct FromWire {
    /// A CR ended the last piece; what follows tells whether it was half of a line end.
    pending: bool,
}

impl FromWire {
    /// The next piece.
    pub(super) fn convert(&mut self, wire: &[u8]) -> Vec<u8> {
        let mut file = Vec::with_capacity(wire.len() + 1);
        for byte in wire {
            if self.pending && *byte != b'\n' {
                file.push(b'\r');
            }
            self.pending = *byte == b'\r';
            if !self.pending {
                file.push(*byte);
            }
        }
        file
    }

    /// What was held back, when nothing follows.
    pub(super) fn finish(&mut self) -> &'static [u8] {
        if std::mem::take(&mut self.pending) { b"\r" } else { b"" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_feed_goes_out_as_crlf() {
        assert_eq!(to_wire(b"a\nb\r\nc"), b"a\r\nb\r\r\nc");
    }

    #[test]
    fn a_line_end_torn_apart_is_still_one() {
        let mut from = FromWire::default();
        let mut file = from.convert(b"a\r");
        file.extend(from.convert(b"\nb\rc\r"));
        file.extend_from_slice(from.finish());
        assert_eq!(file, b"a\nb\rc\r");
    }

    #[test]
    fn what_went_out_comes_back_the_same() {
        let file = b"\n\r\n\r\r\n\n\rx\r";
        let mut from = FromWire::default();
        let mut back = Vec::new();
        for byte in to_wire(file) {
            back.extend(from.convert(&[byte]));
        }
        back.extend_from_slice(from.finish());
        assert_eq!(back, file);
    }
}
