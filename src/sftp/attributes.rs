//! The attributes of a file (draft-ietf-secsh-filexfer-02, section 5).

use jiff::Timestamp;

use super::codec::{Fields, Malformed, Packet};
use crate::engine::{Claim, Fact};
use crate::files::{Kind, Stat, Times, letters};

const SIZE: u32 = 0x1;
const OWNERS: u32 = 0x2;
const PERMISSIONS: u32 = 0x4;
const TIMES: u32 = 0x8;
const EXTENDED: u32 = 0x8000_0000;

/// Type bits of `st_mode`, which version 3 sends along.
const FILE: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
const TYPE: u32 = 0o170_000;

/// Everybody's number but `root`'s: the tree knows names only.
const USER: u32 = 1000;

/// What can be set of a file, by the words of the language.
pub const WORDS: [&str; 5] = ["size", "owner", "permissions", "accessed", "modified"];

/// What a packet says of a file; what is not said is to stay as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) size: Option<u64>,
    pub(super) owners: Option<(u32, u32)>,
    pub(super) permissions: Option<u32>,
    /// When it was last read, and modified.
    pub(super) times: Option<(u32, u32)>,
}

impl Attributes {
    /// What is told of a file, with what a rule claims in the place of the truth.
    pub(super) fn of(stat: &Stat, claims: &[Claim]) -> Self {
        if claims.is_empty() {
            return Self::as_it_is(stat);
        }
        let mut told = Self::as_it_is(&stat.clone().as_claimed(claims));
        for claim in claims {
            match claim {
                Claim::LeftOut(Fact::Size) => told.size = None,
                Claim::LeftOut(Fact::Owner) => told.owners = None,
                Claim::LeftOut(Fact::Permissions) => told.permissions = None,
                Claim::LeftOut(Fact::Modified) => told.times = None,
                Claim::LeftOut(Fact::Type) => {
                    told.permissions = told.permissions.map(|mode| mode & !TYPE);
                }
                _ => {}
            }
        }
        told
    }

    fn as_it_is(stat: &Stat) -> Self {
        let kind = match stat.kind {
            Kind::File => FILE,
            Kind::Directory => DIRECTORY,
            Kind::Link => LINK,
        };
        let owner = owner(stat);
        Self {
            size: Some(stat.size),
            owners: Some((owner, owner)),
            permissions: Some(kind | u32::from(stat.permissions)),
            times: Some((seconds(stat.accessed), seconds(stat.modified))),
        }
    }

    /// The permission bits alone.
    pub(super) fn mode(&self) -> Option<u16> {
        self.permissions.and_then(|mode| u16::try_from(mode & 0o7777).ok())
    }

    /// When it was read and modified.
    pub(super) fn times(&self) -> Option<Times> {
        let (accessed, modified) = self.times?;
        let time = |seconds| Timestamp::from_second(i64::from(seconds)).ok();
        Some(Times { accessed: time(accessed)?, modified: time(modified)? })
    }

    /// Each that is said, with its value, as the language writes it.
    pub(super) fn words(&self) -> Vec<String> {
        let time = |seconds: u32| Timestamp::from_second(i64::from(seconds)).ok();
        let (accessed, modified) = self.times.unzip();
        let said = [
            self.size.map(|size| format!("{size}B")),
            self.owners.map(|(user, _)| user.to_string()),
            self.mode().map(letters),
            accessed.and_then(time).map(|time| time.to_string()),
            modified.and_then(time).map(|time| time.to_string()),
        ];
        let words = WORDS.into_iter().zip(said);
        words.filter_map(|(word, value)| Some(format!("{word} {}", value?))).collect()
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, Malformed> {
        let flags = fields.number()?;
        let mut attributes = Self::default();
        if flags & SIZE != 0 {
            attributes.size = Some(fields.long()?);
        }
        if flags & OWNERS != 0 {
            attributes.owners = Some((fields.number()?, fields.number()?));
        }
        if flags & PERMISSIONS != 0 {
            attributes.permissions = Some(fields.number()?);
        }
        if flags & TIMES != 0 {
            attributes.times = Some((fields.number()?, fields.number()?));
        }
        if flags & EXTENDED != 0 {
            for _ in 0..fields.number()? {
                let _kind = fields.string()?;
                let _data = fields.string()?;
            }
        }
        Ok(attributes)
    }

    pub(super) fn write(&self, packet: Packet) -> Packet {
        let said = [
            (SIZE, self.size.is_some()),
            (OWNERS, self.owners.is_some()),
            (PERMISSIONS, self.permissions.is_some()),
            (TIMES, self.times.is_some()),
        ];
        let flags = said.into_iter().filter(|(_, there)| *there).map(|(flag, _)| flag).sum();
        let mut packet = packet.number(flags);
        if let Some(size) = self.size {
            packet = packet.long(size);
        }
        if let Some((user, group)) = self.owners {
            packet = packet.number(user).number(group);
        }
        if let Some(permissions) = self.permissions {
            packet = packet.number(permissions);
        }
        if let Some((read, modified)) = self.times {
            packet = packet.number(read).number(modified);
        }
        packet
    }
}

/// The owner's number.
pub(super) fn owner(stat: &Stat) -> u32 {
    if &*stat.owner == "root" { 0 } else { USER }
}

/// Seconds since 1970, as far as 32 bits reach. Times before that are as OpenSSH tells them: with a sign, in a field
/// that has none.
fn seconds(time: Timestamp) -> u32 {
    let seconds = time.as_second();
    let signed = |_| i32::try_from(seconds).map(i32::cast_unsigned);
    u32::try_from(seconds).or_else(signed).unwrap_or(if seconds < 0 { 0 } else { u32::MAX })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn only_what_is_said_is_written() {
        let attributes = Attributes { permissions: Some(0o100_644), ..Attributes::default() };
        let packet = attributes.write(Packet::new(105)).finish();
        assert_eq!(&packet[5..], b"\0\0\0\x04\0\0\x81\xa4");
        let mut fields = Fields(packet.slice(5..));
        assert_eq!(Attributes::read(&mut fields), Ok(attributes));
        assert_eq!(attributes.mode(), Some(0o644));
    }

    #[test]
    fn attributes_of_somebody_else_are_passed_over() {
        let fields = b"\x80\0\0\x01\0\0\0\0\0\0\0\x09\0\0\0\x01\0\0\0\x01x\0\0\0\x01yrest";
        let mut fields = Fields(Bytes::from_static(fields));
        assert_eq!(Attributes::read(&mut fields).map(|attributes| attributes.size), Ok(Some(9)));
        assert_eq!(fields.0, "rest");
    }
}
