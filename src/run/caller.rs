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

/// Who is to blame for what breaks off with a connection: the client, unless a rule has ended it.
#[derive(Debug, Clone, Default)]
pub struct Blame(Arc<AtomicBool>);

impl Blame {
    /// A rule ends it.
    pub fn take(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Who it is.
    #[must_use]
    pub fn cause(&self) -> Cause {
        if self.0.load(Ordering::Relaxed) { Cause::Rule } else { Cause::Client }
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
