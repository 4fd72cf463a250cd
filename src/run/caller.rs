//! Who speaks on a channel of a connection.

use std::net::SocketAddr;

use super::Run;
use crate::engine::{ConnectionId, Event, Protocol};
use crate::files::Account;

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
}

impl Caller {
    /// What every event of it says.
    #[must_use]
    pub fn event(&self, run: &Run) -> Event<'_> {
        let event = Event::of(self.protocol, self.connection, self.peer.ip(), run.elapsed());
        Event { user: Some(&**self.account.login()), ..event }
    }
}
