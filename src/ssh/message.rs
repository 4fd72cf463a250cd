//! The messages of SSH that a scenario may name, as bytes where they go out in clear (RFC 4253, sections 6, 7 and 11).

/// The messages that are events: what the client says, or what we would say next (RFC 4253 and 4254).
pub const EVENTS: [&str; 6] = [
    "SSH_MSG_KEXINIT",
    "SSH_MSG_NEWKEYS",
    "SSH_MSG_USERAUTH_REQUEST",
    "SSH_MSG_CHANNEL_OPEN",
    "SSH_MSG_CHANNEL_REQUEST",
    "SSH_MSG_CHANNEL_EOF",
];

/// Whether each such event is written down, also where no rule acts on it.
#[must_use]
pub fn has_own_record(event: &str) -> bool {
    matches!(event, "SSH_MSG_USERAUTH_REQUEST" | "SSH_MSG_CHANNEL_OPEN")
}

pub(super) const KEXINIT: u8 = 20;
pub(super) const NEWKEYS: u8 = 21;
/// The server's half of a key exchange, with its signature: `SSH_MSG_KEX_ECDH_REPLY`, which is the number of
/// `SSH_MSG_KEXDH_REPLY`, too, and that of a group exchange.
pub(super) const SIGNED_REPLIES: [u8; 2] = [31, 33];

/// A packet without a cipher: its length, that of its padding, the payload, the padding.
pub(super) fn packet(payload: &[u8]) -> Vec<u8> {
    let mut padding = 8 - (5 + payload.len()) % 8;
    if padding < 4 {
        padding += 8;
    }
    let length = u32::try_from(1 + payload.len() + padding).unwrap_or(u32::MAX);
    let mut packet = length.to_be_bytes().to_vec();
    packet.push(u8::try_from(padding).unwrap_or_default());
    packet.extend_from_slice(payload);
    packet.resize(packet.len() + padding, 0);
    packet
}

fn string(payload: &mut Vec<u8>, text: &[u8]) {
    payload.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    payload.extend_from_slice(text);
}

/// `SSH_MSG_DISCONNECT`, with any reason and any text.
pub(super) fn disconnect(reason: u32, text: &[u8]) -> Vec<u8> {
    let mut payload = vec![1];
    payload.extend(reason.to_be_bytes());
    string(&mut payload, text);
    string(&mut payload, b"");
    packet(&payload)
}

/// The lists of an `SSH_MSG_KEXINIT`.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) kex: String,
    pub(super) host_keys: String,
    pub(super) ciphers: String,
    pub(super) macs: String,
}

impl Offer {
    /// `SSH_MSG_KEXINIT` with these lists, the same in both directions.
    pub(super) fn packet(&self) -> Vec<u8> {
        let Self { kex, host_keys, ciphers, macs } = self;
        let mut payload = vec![KEXINIT];
        // The cookie: nothing is ever agreed on by which it could be guessed.
        payload.extend([7; 16]);
        for list in [kex, host_keys, ciphers, ciphers, macs, macs] {
            string(&mut payload, list.as_bytes());
        }
        for list in ["none", "none", "", ""] {
            string(&mut payload, list.as_bytes());
        }
        payload.extend([0; 5]);
        packet(&payload)
    }
}

/// A message that a rule sends in clear: its name, and the rest of the text as its fields.
pub(super) fn in_clear(text: &[u8]) -> Option<Vec<u8>> {
    let (name, rest) = split(text);
    let mut payload = Vec::new();
    match name {
        "SSH_MSG_DISCONNECT" => {
            let (reason, text) = split(rest);
            return Some(disconnect(reason.parse().ok()?, text));
        }
        "SSH_MSG_IGNORE" => {
            payload.push(2);
            string(&mut payload, rest);
        }
        "SSH_MSG_UNIMPLEMENTED" => payload.extend([3, 0, 0, 0, 0]),
        "SSH_MSG_DEBUG" => {
            payload.extend([4, 1]);
            string(&mut payload, rest);
            string(&mut payload, b"");
        }
        _ => {
            payload.push(name.strip_prefix("SSH_MSG_")?.parse().ok()?);
            payload.extend_from_slice(rest);
        }
    }
    Some(packet(&payload))
}

/// The first word, and what is behind it.
pub(super) fn split(text: &[u8]) -> (&str, &[u8]) {
    let end = text.iter().position(|byte| *byte == b' ');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (std::str::from_utf8(word).unwrap_or_default(), rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_padded_to_whole_blocks() {
        for length in 0..40 {
            let packet = packet(&vec![1; length]);
            assert!(packet.len().is_multiple_of(8) && packet[4] >= 4, "{packet:?}");
        }
    }

    #[test]
    fn a_disconnect_has_its_reason_and_its_text() {
        let packet = in_clear(b"SSH_MSG_DISCONNECT 12 Too many").unwrap();
        assert_eq!(&packet[5..22], b"\x01\0\0\0\x0c\0\0\0\x08Too many");
        assert_eq!(in_clear(b"SSH_MSG_192 xy").unwrap()[5..8], [192, b'x', b'y']);
        assert_eq!(in_clear(b"SSH_MSG_KEXINIT"), None);
    }
}
