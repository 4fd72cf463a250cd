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
/// Sessions kept for one control connection: more than it can be told to give at once.
const MOST: usize = 1024;

#[derive(Debug)]
pub(super) struct Sessions {
    lifetime: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    known: HashMap<Vec<u8>, Known>,
    /// How often one can still be resumed.
    left: Option<usize>,
}

/// A session that can be resumed.
#[derive(Debug)]
struct Known {
    made: Instant,
    /// When it was made or resumed last.
    used: Instant,
    session: Vec<u8>,
}

impl Sessions {
    pub(super) fn new(tickets: Option<usize>, lifetime: Option<Duration>) -> Self {
        let state = State { known: HashMap::new(), left: tickets };
        Self { lifetime: lifetime.unwrap_or(USUAL_LIFETIME), state: Mutex::new(state) }
    }

    /// Whether a session can be resumed by this id or ticket.
    pub(super) fn knows(&self, id: &[u8]) -> bool {
        let mut state = self.state.lock();
        state.left != Some(0) && state.find(id, self.lifetime).is_some()
    }

    /// A session is resumed. Servers let a ticket be used again, and so do some clients.
    fn resume(&self, id: &[u8]) -> Option<Vec<u8>> {
        let mut state = self.state.lock();
        let known = state.find(id, self.lifetime)?;
        known.used = Instant::now();
        let session = known.session.clone();
        if let Some(left) = &mut state.left {
            *left = left.checked_sub(1)?;
        }
        Some(session)
    }

    /// Keeps a session. Each data connection makes one, so that the one that was not used for longest gives way.
    fn store(&self, id: Vec<u8>, session: Vec<u8>) -> bool {
        let mut state = self.state.lock();
        if state.left == Some(0) {
            return false;
        }
        if state.known.len() >= MOST {
            let stalest = state.known.iter().min_by_key(|(_, known)| known.used);
            if let Some(id) = stalest.map(|(id, _)| id.clone()) {
                state.known.remove(&id);
            }
        }
        let now = Instant::now();
        state.known.insert(id, Known { made: now, used: now, session });
        true
    }
}

impl State {
    fn find(&mut self, id: &[u8], lifetime: Duration) -> Option<&mut Known> {
        self.known.get_mut(id).filter(|known| known.made.elapsed() < lifetime)
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
    fn a_session_in_use_outlives_all_the_others() {
        let sessions = Sessions::new(None, None);
        let [used, unused] = [(); 2].map(|()| sessions.encrypt(b"session").unwrap());
        for _ in 0..MOST {
            assert!(sessions.decrypt(&used).is_some());
            sessions.encrypt(b"another").unwrap();
        }
        assert_eq!([&used, &unused].map(|ticket| sessions.knows(ticket)), [true, false]);
    }

    #[test]
    fn a_session_without_a_lifetime_cannot() {
        let sessions = Sessions::new(None, Some(Duration::ZERO));
        let ticket = sessions.encrypt(b"session").unwrap();
        assert!(!sessions.knows(&ticket));
        assert_eq!(sessions.decrypt(&ticket), None);
    }
}
