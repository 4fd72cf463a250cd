//! One more ticket of TLS 1.3 on a connection whose handshake is over (RFC 8446, section 4.6.1).
//!
//! Clients use a ticket once, so that each data connection has to be followed by another one. Where data comes up nobody
//! would read it there: the client writes and closes, and what it has not read makes its system send RST, which throws away
//! what we have not read yet (vsftpd loses uploads of a megabyte so). The control connection is always read.
//!
//! rustls gives tickets at the end of a handshake alone. So that one is kept, and said once more in a record of our own, for
//! which rustls gives up a sequence number. That our key and number are right is seen by the last record that rustls has
//! sent: if ours would not be the same, as after a change of keys, nothing is said any more.

use std::sync::Arc;

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, HKDF_SHA384, KeyType, Prk};
use parking_lot::Mutex;
use rustls::server::ServerConnection;
use rustls::{CipherSuite, KeyLog};

/// Type, version and length of a record; the length covers the content, its type and the tag.
const HEADER: usize = 5;
const TAG: usize = 16;
/// Content types.
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
/// The message `new_session_ticket`, and the length of what stands before each message.
const NEW_SESSION_TICKET: u8 = 4;
const BEFORE_A_MESSAGE: usize = 4;
/// So many records may have been sent since the last look.
const SINCE_THE_LAST: u64 = 4096;

/// Hears the secret of what the server sends, as the log of keys does.
#[derive(Debug)]
pub(super) struct Heard {
    secret: Mutex<Vec<u8>>,
    log: Arc<dyn KeyLog>,
}

impl Heard {
    pub(super) fn beside(log: &Arc<dyn KeyLog>) -> Arc<Self> {
        Arc::new(Self { secret: Mutex::default(), log: Arc::clone(log) })
    }
}

impl KeyLog for Heard {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        if label == "SERVER_TRAFFIC_SECRET_0" {
            *self.secret.lock() = secret.to_vec();
        }
        self.log.log(label, client_random, secret);
    }

    fn will_log(&self, _: &str) -> bool {
        true
    }
}

/// What another ticket needs.
#[derive(Debug)]
pub(super) struct Renewal {
    key: LessSafeKey,
    iv: [u8; 12],
    /// The ticket of the handshake, as a handshake message.
    ticket: Vec<u8>,
    /// The lowest number that the last record sent can have.
    next: u64,
    /// What was written last, and how it went out.
    plain: Vec<u8>,
    pub(super) sent: Vec<u8>,
}

impl Renewal {
    /// Nothing before TLS 1.3, and where the handshake has given no ticket: `flight` is what went out at its end.
    pub(super) fn of(session: &ServerConnection, heard: &Heard, flight: &[u8]) -> Option<Self> {
        let (aead, hash): (&Algorithm, _) = match session.negotiated_cipher_suite()?.suite() {
            CipherSuite::TLS13_AES_128_GCM_SHA256 => (&AES_128_GCM, HKDF_SHA256),
            CipherSuite::TLS13_AES_256_GCM_SHA384 => (&AES_256_GCM, HKDF_SHA384),
            CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => (&CHACHA20_POLY1305, HKDF_SHA256),
            _ => return None,
        };
        let secret = Prk::new_less_safe(hash, &heard.secret.lock());
        let (mut key, mut iv) = (vec![0; aead.key_len()], [0; 12]);
        expand(&secret, "key", &mut key)?;
        expand(&secret, "iv", &mut iv)?;
        let key = LessSafeKey::new(UnboundKey::new(aead, &key).ok()?);
        let (plain, sent) = (Vec::new(), Vec::new());
        let mut renewal = Self { key, iv, ticket: Vec::new(), next: 0, plain, sent };
        renewal.ticket = renewal.ticket_in(flight)?;
        Some(renewal)
    }

    /// The last ticket in a record, which is the first that was encrypted by this key.
    fn ticket_in(&self, flight: &[u8]) -> Option<Vec<u8>> {
        let (header, rest) = flight.split_at_checked(HEADER)?;
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let mut sealed = rest.get(..length)?.to_vec();
        let opened = self.key.open_in_place(self.nonce(0), Aad::from(header), &mut sealed).ok()?;
        let mut messages = opened.strip_suffix(&[HANDSHAKE])?;
        loop {
            let (&[kind, high, middle, low], _) = messages.split_first_chunk()?;
            let length = u32::from_be_bytes([0, high, middle, low]) as usize + BEFORE_A_MESSAGE;
            let (message, rest) = messages.split_at_checked(length)?;
            if rest.is_empty() {
                return (kind == NEW_SESSION_TICKET).then(|| message.to_vec());
            }
            messages = rest;
        }
    }

    /// This is written next, and goes out as what is added to `sent`.
    pub(super) fn writes(&mut self, plain: &[u8]) {
        self.plain = plain.to_vec();
        self.sent.clear();
    }

    /// The number of the last record, if it is the only one of what was written last, and ours would be the same.
    pub(super) fn last_number(&self) -> Option<u64> {
        let candidates = self.next..self.next + SINCE_THE_LAST;
        let is_it = |number: &u64| {
            self.seal(*number, APPLICATION_DATA, &self.plain).is_some_and(|it| it == self.sent)
        };
        candidates.into_iter().find(is_it).filter(|_| !self.plain.is_empty())
    }

    /// The ticket as the record of this number.
    pub(super) fn record(&mut self, number: u64) -> Option<Vec<u8>> {
        self.next = number + 1;
        self.seal(number, HANDSHAKE, &self.ticket)
    }

    fn seal(&self, number: u64, kind: u8, plain: &[u8]) -> Option<Vec<u8>> {
        let length = u16::try_from(plain.len() + 1 + TAG).ok()?.to_be_bytes();
        let header = [APPLICATION_DATA, 3, 3, length[0], length[1]];
        let mut sealed = [plain, &[kind]].concat();
        let nonce = self.nonce(number);
        self.key.seal_in_place_append_tag(nonce, Aad::from(&header), &mut sealed).ok()?;
        Some([&header[..], &sealed].concat())
    }

    /// RFC 8446, section 5.3.
    fn nonce(&self, number: u64) -> Nonce {
        let mut nonce = self.iv;
        for (byte, of_number) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= of_number;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// HKDF-Expand-Label (RFC 8446, section 7.1), without a context.
fn expand(secret: &Prk, label: &str, key: &mut [u8]) -> Option<()> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let length = u16::try_from(key.len()).ok()?.to_be_bytes();
    let label = ["tls13 ", label].concat();
    let info = [&length[..], &[u8::try_from(label.len()).ok()?], label.as_bytes(), &[0]];
    let okm: hkdf::Okm<'_, Length> = secret.expand(&info, Length(key.len())).ok()?;
    okm.fill(key).ok()
}
