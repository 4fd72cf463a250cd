//! The sessions that a client may resume. Each control connection has its own, so that "resumed" means: resumed from
//! this control connection, whether by an id or a ticket of TLS 1.2 or by a ticket of TLS 1.3.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{ProducesTickets, StoresServerSessions};

/// What servers usually say (RFC 8446, section 4.6.1, allows a week).
const USUAL_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);
/// A ticket is an id: it means nothing to others. Its length, in bytes.
const TICKET: usize = 32;
/// Sessions kept for one control connection.
const MOST: usize = 4096;

#[derive(Debug)]
pub(super) struct Sessions {
    lifetime: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    known: HashMap<Vec<u8>, (Instant, Vec<u8>)>,
    /// How often one can still be resumed.
    left: Option<usize>,
}

impl Sessions {
    pub(super) fn new(tickets: Option<usize>, lifetime: Option<Duration>) -> Self {
        let state = State { known: HashMap::new(), left: tickets };
        Self { lifetime: lifetime.unwrap_or(USUAL_LIFETIME), state: Mutex::new(state) }
    }

    /// Whether a session can be resumed by this id or ticket.
    pub(super) fn knows(&self, id: &[u8]) -> bool {
        let state = self.state.lock();
        state.left != Some(0) && state.find(id, self.lifetime).is_some()
    }

    /// A session is resumed. Servers let a ticket be used again, and so do clients.
    fn resume(&self, id: &[u8]) -> Option<Vec<u8>> {
        let mut state = self.state.lock();
        let session = state.find(id, self.lifetime)?.clone();
        if let Some(left) = &mut state.left {
            *left = left.checked_sub(1)?;
        }
        Some(session)
    }

    fn store(&self, id: Vec<u8>, session: Vec<u8>) -> bool {
        let known = &mut self.state.lock().known;
        let room = known.len() < MOST;
        if room {
            known.insert(id, (Instant::now(), session));
        }
        room
    }
}

impl State {
    fn find(&self, id: &[u8], lifetime: Duration) -> Option<&Vec<u8>> {
        let (made, session) = self.known.get(id)?;
        (made.elapsed() < lifetime).then_some(session)
    }
}

impl StoresServerSessions for Sessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        self.store(key, value)
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.resume(key)
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.resume(key)
    }

    fn can_cache(&self) -> bool {
        self.state.lock().left != Some(0)
    }
}

impl ProducesTickets for Sessions {
    fn enabled(&self) -> bool {
        true
    }

    fn lifetime(&self) -> u32 {
        u32::try_from(self.lifetime.as_secs()).unwrap_or(u32::MAX)
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut id = vec![0; TICKET];
        default_provider().secure_random.fill(&mut id).ok()?;
        self.store(id.clone(), plain.to_vec()).then_some(id)
    }

    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        self.resume(cipher)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_can_be_resumed_so_often() {
        let sessions = Sessions::new(Some(2), None);
        let ticket = sessions.encrypt(b"session").unwrap();
        assert_eq!(sessions.decrypt(b"stranger"), None);
        for _ in 0..2 {
            assert!(sessions.knows(&ticket));
            assert_eq!(sessions.decrypt(&ticket), Some(b"session".to_vec()));
        }
        assert!(!sessions.knows(&ticket));
        assert_eq!(sessions.decrypt(&ticket), None);
    }

    #[test]
    fn a_session_without_a_lifetime_cannot() {
        let sessions = Sessions::new(None, Some(Duration::ZERO));
        let ticket = sessions.encrypt(b"session").unwrap();
        assert!(!sessions.knows(&ticket));
        assert_eq!(sessions.decrypt(&ticket), None);
    }
}
