//! `damage`: bytes that do not arrive as they were sent, as from a bad disk or a bad middlebox.

use crate::engine::Damage;

/// These bytes with the one at `place` damaged; if it is not among them, they stay as they are.
#[must_use]
pub fn damaged(mut bytes: Vec<u8>, place: usize, damage: Damage) -> Vec<u8> {
    let Some(byte) = bytes.get_mut(place) else {
        return bytes;
    };
    match damage {
        Damage::Bit => *byte ^= 1,
        Damage::Gap => drop(bytes.remove(place)),
        Damage::Echo => {
            let byte = *byte;
            bytes.insert(place, byte);
        }
        // Not a byte is wrong, but the turn of an answer, where it ends, or what is around it: whoever sends it sees to it.
        Damage::Order | Damage::Short | Damage::Long | Damage::Mac => {}
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_is_flipped_lost_or_doubled() {
        let after = |damage| damaged(b"abc".to_vec(), 1, damage);
        assert_eq!(after(Damage::Bit), b"acc");
        assert_eq!(after(Damage::Gap), b"ac");
        assert_eq!(after(Damage::Echo), b"abbc");
        assert_eq!(after(Damage::Order), b"abc");
        assert_eq!(damaged(b"abc".to_vec(), 3, Damage::Gap), b"abc");
    }
}
