//! Bytes of a file on their way out, perhaps with a flaw.

use bytes::Bytes;

use crate::engine::Damage;
use crate::fault::damage::damaged;
use crate::files::Content;

/// Bytes of a file as it was when they were asked for. They are fetched when they can be said: a client may ask for a
/// whole file at once.
#[derive(Debug, Clone)]
pub(super) struct Data {
    pub(super) content: Content,
    pub(super) offset: u64,
    pub(super) length: usize,
    /// The bytes that were asked for.
    pub(super) wanted: usize,
    /// What is damaged of the file, if anything is.
    pub(super) flaw: Option<Flaw>,
}

/// One byte of a file that does not come as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) damage: Damage,
    pub(super) place: u64,
}

impl Flaw {
    /// How long a file of this size is with it.
    pub(super) fn size(self, truth: u64) -> u64 {
        match self.damage {
            Damage::Gap if self.place < truth => truth - 1,
            Damage::Echo if self.place < truth => truth.saturating_add(1),
            _ => truth,
        }
    }
}

impl Data {
    /// Whether it is all that was asked for, or that there is.
    pub(super) fn is_whole(&self) -> bool {
        self.length >= self.wanted || self.is_the_rest()
    }

    /// Whether it ends where the file does.
    pub(super) fn is_the_rest(&self) -> bool {
        self.offset.saturating_add(self.length as u64) >= self.content.size()
    }

    pub(super) fn bytes(&self) -> Bytes {
        let Some(Flaw { damage, place }) = self.flaw else {
            return repeated(&self.content, self.offset, self.length);
        };
        let end = self.offset.saturating_add(self.length as u64);
        // All that comes behind a missing or a doubled byte has another place.
        let from = match damage {
            Damage::Gap if self.offset > place => self.offset + 1,
            Damage::Echo if self.offset > place => self.offset - 1,
            _ => self.offset,
        };
        if self.offset > place || end <= place {
            return self.content.read(from, self.length);
        }
        let bytes = self.content.read(from, self.length + 1).to_vec();
        let place = usize::try_from(place - from).unwrap_or(usize::MAX);
        let mut bytes = damaged(bytes, place, damage);
        bytes.truncate(self.length);
        bytes.into()
    }
}

/// A file that begins again where it ends, if more is asked of it than there is.
fn repeated(content: &Content, offset: u64, length: usize) -> Bytes {
    let size = content.size();
    if size == 0 || offset.saturating_add(length as u64) <= size {
        return content.read(offset, length);
    }
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        let at = (offset + bytes.len() as u64) % size;
        bytes.extend_from_slice(&content.read(at, length - bytes.len()));
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(offset: u64, length: usize, damage: Option<Damage>) -> Bytes {
        let flaw = damage.map(|damage| Flaw { damage, place: 3 });
        let content = Content::from_bytes("0123456789");
        Data { content, offset, length, wanted: length, flaw }.bytes()
    }

    #[test]
    fn a_flaw_moves_all_that_is_behind_it() {
        for (damage, whole) in
            [(Damage::Bit, "0122456789"), (Damage::Gap, "012456789"), (Damage::Echo, "01233456789")]
        {
            for cut in 0..whole.len() {
                let first = bytes(0, cut, Some(damage));
                let rest = bytes(cut as u64, whole.len() - cut, Some(damage));
                assert_eq!([first, rest].concat(), whole.as_bytes(), "{damage:?} at {cut}");
            }
        }
    }

    #[test]
    fn a_file_that_is_repeated_begins_again() {
        assert_eq!(bytes(8, 4, None), "8901");
        assert_eq!(bytes(25, 12, None), "567890123456");
    }
}
