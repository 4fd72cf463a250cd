//! `TYPE A`: lines end in CRLF on the wire and in LF in a file (RFC 959, section 3.1.1.1).

use super::settings::Crlf;

/// Out of a file: an LF becomes CRLF, also one whose CR went out with the last piece.
#[derive(Debug, Clone)]
pub(super) struct ToWire {
    crlf: Crlf,
    /// The last byte was a CR.
    after_cr: bool,
}

impl ToWire {
    pub(super) fn new(crlf: Crlf) -> Self {
        Self { crlf, after_cr: false }
    }

    /// The next piece.
    pub(super) fn convert(&mut self, file: &[u8]) -> Vec<u8> {
        let mut wire = Vec::with_capacity(file.len() + file.len() / 16);
        for line in file.split_inclusive(|byte| *byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else {
                wire.extend_from_slice(line);
                self.after_cr = line.ends_with(b"\r");
                continue;
            };
            wire.extend_from_slice(text);
            if self.adds_to(text) {
                wire.push(b'\r');
            }
            wire.push(b'\n');
            self.after_cr = false;
        }
        wire
    }

    /// How many bytes are added to the next piece.
    pub(super) fn count(&mut self, file: &[u8]) -> u64 {
        let mut added = 0;
        for line in file.split_inclusive(|byte| *byte == b'\n') {
            let text = line.strip_suffix(b"\n");
            added += u64::from(text.is_some_and(|text| self.adds_to(text)));
            self.after_cr = line.ends_with(b"\r");
        }
        added
    }

    /// Whether a line with this text and an LF gets a CR.
    fn adds_to(&self, text: &[u8]) -> bool {
        let has_cr = text.ends_with(b"\r") || (text.is_empty() && self.after_cr);
        self.crlf == Crlf::Doubled || !has_cr
    }
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

    /// As it goes out byte by byte, and in one piece.
    fn on_the_wire(file: &[u8], crlf: Crlf) -> Vec<u8> {
        let whole = ToWire::new(crlf).convert(file);
        let mut lines = ToWire::new(crlf);
        let torn: Vec<u8> = file.iter().flat_map(|byte| lines.convert(&[*byte])).collect();
        assert_eq!(whole, torn);
        let mut lines = ToWire::new(crlf);
        let added: u64 = file.iter().map(|byte| lines.count(&[*byte])).sum();
        let at_once = ToWire::new(crlf).count(file);
        let longer = (whole.len() - file.len()) as u64;
        assert_eq!([added, at_once], [longer, longer]);
        whole
    }

    #[test]
    fn a_line_feed_goes_out_as_crlf() {
        assert_eq!(on_the_wire(b"a\nb\r\n\nc\rd\n", Crlf::Kept), b"a\r\nb\r\n\r\nc\rd\r\n");
        assert_eq!(on_the_wire(b"a\nb\r\nc", Crlf::Doubled), b"a\r\nb\r\r\nc");
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
        for byte in ToWire::new(Crlf::Doubled).convert(file) {
            back.extend(from.convert(&[byte]));
        }
        back.extend_from_slice(from.finish());
        assert_eq!(back, file);
    }
}
