use std::ops::Range;

use bytes::Bytes;

use crate::files::Path;
use crate::files::extent::{Extent, SMALL, Source, in_memory};
use crate::files::extents::Extents;
use crate::files::noise::Noise;

/// The bytes of a file: `Clone` is O(1), whatever the size.
///
/// Writes take any offset. Big pieces are kept without a copy, small ones are joined; a trickle of single
/// bytes costs neither much memory a byte nor ever more time.
#[derive(Clone, Debug, Default)]
pub struct Content {
    size: u64,
    extents: Extents,
}

impl Content {
    /// These bytes, which do not count against the capacity.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::given(bytes.len() as u64, Source::Given(bytes))
    }

    /// `size` pseudo-random bytes that are made when they are read: the same for the same seed and path.
    #[must_use]
    pub fn seeded(seed: u64, path: &Path, size: u64) -> Self {
        let noise = Noise::new(seed, path);
        let length = size;
        Self::given(size, Source::Noise { noise, length, begins: 0 })
    }

    /// The length in bytes, holes included.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many bytes are held for what clients wrote.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.extents.stored()
    }

    /// The bytes from `offset` on: `most`, or as many as there are. They are not copied if they were
    /// stored together.
    #[must_use]
    pub fn read(&self, offset: u64, most: usize) -> Bytes {
        let range = self.clipped(offset, most);
        if range.is_empty() {
            return Bytes::new();
        }
        let extent = self.extents.get(self.extents.first_ending_after(offset));
        let together = extent.filter(|extent| extent.start <= offset && range.end <= extent.end());
        match together.and_then(|extent| extent.share(&range)) {
            Some(bytes) => bytes,
            None => self.gather(&range).into(),
        }
    }

    /// As `read`, but fewer bytes (though never none before the end) if that spares a copy: for a stream,
    /// to which it is all one where its pieces end.
    #[must_use]
    pub fn read_piece(&self, offset: u64, most: usize) -> Bytes {
        let extent = self.extents.get(self.extents.first_ending_after(offset));
        let rest = match extent {
            Some(extent) if extent.start <= offset => extent.end() - offset,
            _ => 0,
        };
        if rest < SMALL as u64 {
            return self.read(offset, most);
        }
        self.read(offset, usize::try_from(rest).map_or(most, |rest| rest.min(most)))
    }

    /// Puts `bytes` at `offset`; a gap before them is a hole. As in POSIX, no bytes change nothing.
    ///
    /// The caller sees to it that the end fits into a `u64`.
    pub fn write(&mut self, offset: u64, bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        let end = offset + bytes.len() as u64;
        self.extents.write(offset, bytes);
        self.size = self.size.max(end);
    }

    /// Puts `bytes` at the end.
    pub fn append(&mut self, bytes: Bytes) {
        self.write(self.size, bytes);
    }

    /// Puts all of another content at the end, in time for its pieces, whatever its size.
    pub fn extend(&mut self, other: &Self) {
        self.extents.extend(self.size, &other.extents);
        self.size += other.size;
    }

    /// Cuts to `size`, or fills up to it with zeros, which cost nothing.
    pub fn truncate(&mut self, size: u64) {
        if size < self.size {
            self.extents.carve(size..self.size);
        }
        self.size = size;
    }

    /// How many of `length` bytes at `offset` can be written until `room` more would be stored.
    pub(super) fn fitting(&self, offset: u64, length: u64, room: u64) -> u64 {
        if length <= room {
            return length;
        }
        self.extents.fitting(offset, length, room)
    }

    fn given(size: u64, source: Source) -> Self {
        let mut extents = Extents::default();
        if size > 0 {
            extents.push(Extent { start: 0, source });
        }
        Self { size, extents }
    }

    fn clipped(&self, offset: u64, most: usize) -> Range<u64> {
        offset..self.size.min(offset.saturating_add(most as u64))
    }

    fn gather(&self, range: &Range<u64>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(in_memory(range.end - range.start));
        let mut index = self.extents.first_ending_after(range.start);
        let mut position = range.start;
        while let Some(extent) = self.extents.get(index)
            && extent.start < range.end
        {
            let part = extent.start.max(range.start)..extent.end().min(range.end);
            bytes.resize(bytes.len() + in_memory(part.start - position), 0);
            extent.extend(&mut bytes, &part);
            position = part.end;
            index += 1;
        }
        bytes.resize(in_memory(range.end - range.start), 0);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Change {
        Write(u64, Vec<u8>),
        Append(Vec<u8>),
        Truncate(u64),
        Remember,
    }

    /// Sizes on both sides of `SMALL` and `WINDOW`, in a file of some 200 KiB.
    fn change() -> impl Strategy<Value = Change> {
        let bytes = || {
            let length =
                prop_oneof![5 => 0..50_usize, 2 => 4000..5000_usize, 1 => 30_000..40_000_usize];
            (length, any::<u8>()).prop_map(|(length, seed)| pattern(length, seed))
        };
        let offset = || prop_oneof![0..200_u64, 0..200_000_u64];
        prop_oneof![
            8 => (offset(), bytes()).prop_map(|(offset, bytes)| Change::Write(offset, bytes)),
            4 => bytes().prop_map(Change::Append),
            1 => offset().prop_map(Change::Truncate),
            1 => Just(Change::Remember),
        ]
    }

    fn pattern(length: usize, seed: u8) -> Vec<u8> {
        (0..length)
            .map(|index| seed.wrapping_add(u8::try_from(index % 251).unwrap_or_default()))
            .collect()
    }

    fn write(model: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            model.resize(model.len().max(offset + bytes.len()), 0);
            model[offset..offset + bytes.len()].copy_from_slice(bytes);
        }
    }

    fn apply(content: &mut Content, model: &mut Vec<u8>, change: &Change) {
        match change {
            Change::Write(offset, bytes) => {
                content.write(*offset, bytes.clone().into());
                write(model, in_memory(*offset), bytes);
            }
            Change::Append(bytes) => {
                content.append(bytes.clone().into());
                model.extend_from_slice(bytes);
            }
            Change::Truncate(size) => {
                content.truncate(*size);
                model.resize(in_memory(*size), 0);
            }
            Change::Remember => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn a_content_is_what_a_plain_vector_would_be(
            begin in prop_oneof![Just(0_u64), Just(100_000_u64)],
            noisy in any::<bool>(),
            changes in vec(change(), 1..60),
            reads in vec((0..250_000_u64, 0..80_000_usize), 8),
        ) {
            let mut content = if noisy {
                Content::seeded(3, &Path::root(), begin)
            } else {
                Content::from_bytes(pattern(in_memory(begin), 9))
            };
            let mut model = content.read(0, usize::MAX).to_vec();
            let mut remembered = Vec::new();
            for change in &changes {
                apply(&mut content, &mut model, change);
                content.extents.assert_sound(content.size);
                if let Change::Remember = change {
                    remembered.push((content.clone(), model.clone()));
                }
            }
            remembered.push((content, model));
            for (content, model) in remembered {
                prop_assert_eq!(content.size(), model.len() as u64);
                prop_assert!(content.read(0, usize::MAX) == model);
                for (offset, most) in &reads {
                    let start = model.len().min(in_memory(*offset));
                    let end = model.len().min(start + most);
                    prop_assert!(content.read(*offset, *most) == model[start..end]);
                }
            }
        }

        #[test]
        fn what_fits_is_what_can_be_stored(
            changes in vec(change(), 0..12),
            offset in 0..200_000_u64,
            length in 1..60_000_u64,
            room in 0..60_000_u64,
        ) {
            let mut content = Content::from_bytes(pattern(5000, 1));
            for change in &changes {
                apply(&mut content, &mut Vec::new(), change);
            }
            let grown = |length: u64| {
                let mut content = content.clone();
                let before = content.stored();
                content.write(offset, vec![1; in_memory(length)].into());
                content.stored() - before
            };
            let fitting = content.fitting(offset, length, room);
            prop_assert!(fitting <= length && grown(fitting) <= room);
            prop_assert!(fitting == length || grown(fitting + 1) > room);
        }
    }

    #[test]
    fn a_big_piece_is_kept_without_a_copy_and_a_small_one_is_copied() {
        let buffer = Bytes::from(vec![7; 256 * 1024]);
        let mut content = Content::default();
        content.append(buffer.clone());
        assert_eq!(content.read(10, 100).as_ptr(), buffer[10..].as_ptr());

        let mut content = Content::default();
        content.append(buffer.slice(..100));
        assert_ne!(content.read(0, 100).as_ptr(), buffer.as_ptr());
    }

    #[test]
    fn ten_gibibytes_of_noise_are_never_stored() {
        let content = Content::seeded(0, &Path::root(), 10 << 30);
        assert_eq!((content.size(), content.stored()), (10 << 30, 0));
        let end = content.read((10 << 30) - 100, 1000);
        assert_eq!(end.len(), 100);
        assert_eq!(content.read((10 << 30) - 50, 50), end[50..]);
    }

    #[test]
    fn a_content_behind_another_is_the_same() {
        let mut other = Content::seeded(3, &Path::root(), 10_000);
        other.write(20_000, Bytes::from_static(b"end"));
        other.truncate(20_010);
        let mut content = Content::from_bytes("head");
        content.extend(&other);
        content.append(Bytes::from_static(b"tail"));
        let whole = [b"head", &other.read(0, 20_010)[..], b"tail"].concat();
        assert_eq!(content.read(0, 30_000), whole);
        assert_eq!(content.read(9_000, 5), whole[9_000..9_005]);
    }

    #[test]
    fn a_hole_costs_nothing_and_reads_as_zeros() {
        let mut content = Content::default();
        content.write(1 << 40, Bytes::from_static(b"x"));
        assert_eq!((content.size(), content.stored()), ((1 << 40) + 1, 1));
        assert_eq!(content.read((1 << 40) - 2, 9), b"\0\0x"[..]);
        content.truncate(4);
        assert_eq!(content.read(0, 9), [0; 4][..]);
    }

    #[test]
    fn a_stream_gets_pieces_as_they_are_stored() {
        let mut content = Content::default();
        content.append(vec![1; 100_000].into());
        content.append(vec![2; 100].into());
        content.append(vec![3; 100_000].into());
        assert_eq!(content.read_piece(0, 256 * 1024).len(), 100_000);
        assert_eq!(content.read_piece(100_000, 256 * 1024).len(), 100_100);
        assert_eq!(content.read_piece(200_100, 10).len(), 0);
    }
}
