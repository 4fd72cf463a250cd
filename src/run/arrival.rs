//! A connection as the listener hands it to its protocol.

use std::net::{IpAddr, SocketAddr};

use crate::engine::{ConnectionId, Protocol};
use crate::fault::Wire;

/// A connection that was accepted.
#[derive(Debug)]
pub struct Arrival {
    /// The connection itself.
    pub wire: Wire,
    /// The client.
    pub peer: SocketAddr,
    /// Who has made the connection: the client, or a proxy that has named it.
    pub via: IpAddr,
    /// Our address as the client sees it.
    pub local: SocketAddr,
    /// The listener it came in by.
    pub protocol: Protocol,
    /// Its number.
    pub connection: ConnectionId,
}
