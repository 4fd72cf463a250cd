//! Who speaks on a channel of a connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Run;
use crate::engine::{ConnectionId, Event, Protocol};
use crate::files::Account;
use crate::journal::Cause;

/// Who speaks to us, over which connection.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who is logged in.
    pub account: Account,
    /// The client.
    pub peer: SocketAddr,
    /// The listener it came in by.
    pub protocol: Protocol,
    /// The connection's number.
    pub connection: ConnectionId,
    /// Who is to blame when the connection ends.
    pub blame: Blame,
}

/// Who is to blame for what breaks off with a connection, or with one of its channels: the client, unless a rule has
/// ended it.
#[derive(Debug, Clone, Default)]
pub struct Blame {
    is_a_rules: Arc<AtomicBool>,
    /// The connection's, of a channel.
    connection: Option<Arc<AtomicBool>>,
}

impl Blame {
    /// That of a channel: it ends with its connection, and a rule may end it alone.
    #[must_use]
    pub fn of_a_channel(&self) -> Self {
        Self { is_a_rules: Arc::default(), connection: Some(Arc::clone(&self.is_a_rules)) }
    }

    /// A rule ends it.
    pub fn take(&self) {
        self.is_a_rules.store(true, Ordering::Relaxed);
    }

    /// Who it is.
    #[must_use]
    pub fn cause(&self) -> Cause {
        let both = [Some(&self.is_a_rules), self.connection.as_ref()];
        let is_a_rules = both.into_iter().flatten().any(|taken| taken.load(Ordering::Relaxed));
        if is_a_rules { Cause::Rule } else { Cause::Client }
    }
}

impl Caller {
    /// Who has caused that the connection is over.
    #[must_use]
    pub fn who_ended_it(&self) -> Cause {
        self.blame.cause()
    }

    /// What every event of it says.
    #[must_use]
    pub fn event(&self, run: &Run) -> Event<'_> {
        let event = Event::of(self.protocol, self.connection, self.peer.ip(), run.elapsed());
        Event { user: Some(&**self.account.login()), ..event }
    }
}
