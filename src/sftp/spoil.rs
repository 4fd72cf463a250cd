//! What a rule claims in a whole packet, and what it breaks of it.

use super::codec::length_of;
use super::kinds::{DATA, NAME, VERSION};
use crate::engine::{Claim, Damage, Verdict};
use crate::fault::damage::damaged;

/// What is said beyond what was asked.
const MORE: [u8; 4] = *b"more";

/// Where in a packet its fields are.
const KIND: usize = 4;
const ID: usize = 5;
const FIRST_FIELD: usize = 9;
const SECOND_FIELD: usize = 13;

/// What is not true, or not right, in a packet.
#[derive(Debug, Clone)]
pub(super) struct Spoil {
    /// Those about packets.
    claims: Vec<Claim>,
    damage: Option<Damage>,
    /// The byte that is damaged.
    place: usize,
    /// The bytes that a read has asked for.
    wanted: usize,
}

impl Spoil {
    /// What a rule spoils in its answer, if anything.
    pub(super) fn of(verdict: &Verdict, place: u64, wanted: usize) -> Option<Self> {
        let damage = verdict.damage().filter(|damage| *damage != Damage::Order);
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        Self::by(verdict.claims(), damage, place, wanted)
    }

    /// The same without its damage, where that is done to something else.
    pub(super) fn of_claims(verdict: &Verdict) -> Option<Self> {
        Self::by(verdict.claims(), None, 0, 0)
    }

    fn by(claims: &[Claim], damage: Option<Damage>, place: usize, wanted: usize) -> Option<Self> {
        let of_packets = |claim: &&Claim| {
            matches!(claim, Claim::Id(_) | Claim::Number(_) | Claim::Length(_) | Claim::Count(_))
        };
        let claims: Vec<Claim> = claims.iter().filter(of_packets).cloned().collect();
        let spoils = damage.is_some() || !claims.is_empty();
        spoils.then_some(Self { claims, damage, place, wanted })
    }

    /// The packet as it goes out: first the claims, then the damage.
    pub(super) fn applied(&self, mut packet: Vec<u8>) -> Vec<u8> {
        let kind = packet.get(KIND).copied();
        for claim in &self.claims {
            match claim {
                Claim::Id(id) => put(&mut packet, ID, &id.to_be_bytes()),
                Claim::Number(number) => put(&mut packet, KIND, &[*number]),
                Claim::Length(length) => put(&mut packet, 0, &length.to_be_bytes()),
                Claim::Count(count) if kind == Some(NAME) => {
                    put(&mut packet, FIRST_FIELD, &count.to_be_bytes());
                }
                _ => {}
            }
        }
        match self.damage {
            Some(Damage::Short) => shortened(packet, kind),
            Some(Damage::Long) => lengthened(packet, kind, self.wanted),
            Some(damage) => damaged(packet, self.place, damage),
            None => packet,
        }
    }
}

fn put(packet: &mut [u8], place: usize, bytes: &[u8]) {
    if let Some(field) = packet.get_mut(place..place + bytes.len()) {
        field.copy_from_slice(bytes);
    }
}

/// Without the last fields: of an answer its first stays, of the versions not even that.
fn shortened(mut packet: Vec<u8>, kind: Option<u8>) -> Vec<u8> {
    packet.truncate(if kind == Some(VERSION) { ID } else { SECOND_FIELD });
    with_its_length(packet)
}

/// With more behind it than was asked for: of a file, more of its bytes.
fn lengthened(mut packet: Vec<u8>, kind: Option<u8>, wanted: usize) -> Vec<u8> {
    if kind == Some(DATA) {
        let whole = (SECOND_FIELD + wanted).max(packet.len());
        packet.resize(whole, 0);
        let length = length_of(&packet[SECOND_FIELD..]).saturating_add(length_of(&MORE));
        put(&mut packet, FIRST_FIELD, &length.to_be_bytes());
    }
    packet.extend_from_slice(&MORE);
    with_its_length(packet)
}

fn with_its_length(mut packet: Vec<u8>) -> Vec<u8> {
    let length = length_of(packet.get(KIND..).unwrap_or_default());
    put(&mut packet, 0, &length.to_be_bytes());
    packet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sftp::codec::Packet;
    use crate::sftp::kinds::STATUS;

    fn applied(claims: &[Claim], damage: Option<Damage>, packet: Packet) -> Vec<u8> {
        let packet = packet.finish().to_vec();
        Spoil::by(claims, damage, 0, 3).map(|spoil| spoil.applied(packet)).unwrap()
    }

    fn damaged(damage: Damage, packet: Packet) -> Vec<u8> {
        applied(&[], Some(damage), packet)
    }

    #[test]
    fn the_head_of_a_packet_is_claimed() {
        let claims = [Claim::Id(9), Claim::Number(103), Claim::Length(1), Claim::Count(2)];
        let status = applied(&claims, None, Packet::answer(STATUS, 7).number(4));
        assert_eq!(status, b"\0\0\0\x01\x67\0\0\0\x09\0\0\0\x04");
        let names = applied(&claims, None, Packet::answer(NAME, 7).number(1));
        assert_eq!(names, b"\0\0\0\x01\x67\0\0\0\x09\0\0\0\x02");
    }

    #[test]
    fn a_packet_ends_too_early_or_too_late() {
        let status = || Packet::answer(STATUS, 7).number(4).string(b"no").string(b"");
        let short = damaged(Damage::Short, status());
        assert_eq!(short, b"\0\0\0\x09\x65\0\0\0\x07\0\0\0\x04");
        let long = damaged(Damage::Long, status());
        assert_eq!(long[..4], [0, 0, 0, 23]);
        assert!(long.ends_with(b"no\0\0\0\0more"));
        let version = damaged(Damage::Short, Packet::new(VERSION).number(3));
        assert_eq!(version, b"\0\0\0\x01\x02");
        let data = damaged(Damage::Long, Packet::answer(DATA, 7).string(b"ab"));
        assert_eq!(data, b"\0\0\0\x10\x67\0\0\0\x07\0\0\0\x07ab\0more");
    }
}
