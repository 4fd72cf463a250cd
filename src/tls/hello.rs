//! What a client says first: the part of its `ClientHello` that tells what it wants to resume (RFC 8446,
//! section 4.1.2; RFC 5077; RFC 5246, section 7.4.1.2).

use std::iter::once;

/// Extensions.
const SESSION_TICKET: u16 = 35;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const RENEGOTIATION_INFO: u16 = 0xff01;
/// The cipher suite that stands for an empty `renegotiation_info` (RFC 5746, section 3.3).
const RENEGOTIATION_SUITE: u16 = 0x00ff;

#[derive(Debug)]
pub(super) struct ClientHello<'a> {
    session_id: &'a [u8],
    suites: Vec<u16>,
    extensions: Vec<(u16, &'a [u8])>,
}

impl<'a> ClientHello<'a> {
    /// Reads a whole handshake message.
    pub(super) fn read(message: &'a [u8]) -> Option<Self> {
        // Type and length, version, random.
        let mut rest = Bytes(message.get(4 + 2 + 32..)?);
        let session_id = rest.short()?;
        let suites = numbers(rest.long()?);
        rest.short()?;
        let mut list = Bytes(rest.long().unwrap_or_default());
        let extensions = std::iter::from_fn(|| Some((list.number()?, list.long()?))).collect();
        Some(Self { session_id, suites, extensions })
    }

    /// The ids and tickets of sessions that it wants to resume.
    pub(super) fn resumes(&self) -> impl Iterator<Item = &'a [u8]> {
        let ticket = self.extension(SESSION_TICKET).unwrap_or_default();
        let offered = self.extension(PRE_SHARED_KEY).and_then(|offer| Bytes(offer).long());
        let mut identities = Bytes(offered.unwrap_or_default());
        let identities = std::iter::from_fn(move || {
            let identity = identities.long()?;
            identities.take(4)?;
            Some(identity)
        });
        once(self.session_id).chain(once(ticket)).chain(identities).filter(|id| !id.is_empty())
    }

    /// Whether it speaks this version or an older one (RFC 8446, section 4.2.1). A client that names none speaks all
    /// up to the one before its random number, which is 1.2 or older.
    pub(super) fn speaks(&self, version: u16) -> bool {
        let named = self.extension(SUPPORTED_VERSIONS).and_then(|named| Bytes(named).short());
        named.is_none_or(|named| numbers(named).iter().any(|named| *named <= version))
    }

    /// Whether it knows a cipher suite.
    pub(super) fn knows(&self, suite: u16) -> bool {
        self.suites.contains(&suite)
    }

    /// Whether it wants to be told that renegotiation is safe.
    pub(super) fn asks_for_renegotiation_info(&self) -> bool {
        self.knows(RENEGOTIATION_SUITE) || self.extension(RENEGOTIATION_INFO).is_some()
    }

    fn extension(&self, wanted: u16) -> Option<&'a [u8]> {
        let found = self.extensions.iter().find(|(kind, _)| *kind == wanted);
        found.map(|(_, content)| *content)
    }
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

/// Bytes with lengths before them.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }

    fn short(&mut self) -> Option<&'a [u8]> {
        let length = self.take(1)?[0];
        self.take(length.into())
    }

    fn long(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length.into())
    }
}
