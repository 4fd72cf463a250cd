//! Passive ports: where a client is told to connect to for its data (RFC 959, section 3.3; RFC 1579).
//!
//! A session has a port of its own for each data connection: one that the system picks, or one of the scenario's
//! `passive-ports`. A server behind a port map has only those that are mapped: its sessions share them ([`shared`]).

mod shared;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::fault::Wire;
use crate::run::canonical;

use shared::Expected;
pub use shared::SharedPorts;
pub(super) use shared::Taken;

/// Connections that may wait on a passive port: the client's, and strangers' that are turned away.
const BACKLOG: i32 = 16;

/// A port that a client has been told, until it connects.
#[derive(Debug)]
pub(super) enum PassivePort {
    /// The session's own.
    Own(TcpListener),
    /// One of those that all sessions share.
    Shared(Expected),
}

impl PassivePort {
    /// Any port of this address that is free.
    pub(super) fn any(ip: IpAddr) -> io::Result<Self> {
        Self::own(SocketAddr::new(ip, 0))
    }

    /// The first of these ports that is free.
    pub(super) fn first_of(ports: RangeInclusive<u16>, ip: IpAddr) -> io::Result<Self> {
        let mut refusal = io::Error::from(io::ErrorKind::AddrInUse);
        for port in ports {
            match Self::own(SocketAddr::new(ip, port)) {
                Ok(port) => return Ok(port),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn own(address: SocketAddr) -> io::Result<Self> {
        let listener = listen(address)?;
        TcpListener::from_std(listener).map(Self::Own)
    }

    /// Where it listens.
    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Own(listener) => listener.local_addr(),
            Self::Shared(expected) => Ok(expected.address()),
        }
    }

    /// Waits for the client; strangers who race it are turned away.
    pub(super) async fn accept(self, clients: [IpAddr; 2], within: Duration) -> io::Result<Wire> {
        let accept = async {
            match self {
                Self::Own(listener) => loop {
                    let (tcp, peer) = listener.accept().await?;
                    if clients.contains(&canonical(peer).ip()) {
                        return Ok(tcp);
                    }
                },
                Self::Shared(expected) => expected.arrive().await,
            }
        };
        let accepted = timeout(within, accept).await;
        accepted.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map(Wire::new)
    }

    /// The client's connection if it is there already.
    pub(super) fn accept_waiting(&mut self, clients: [IpAddr; 2]) -> Option<Wire> {
        let listener = match self {
            Self::Own(listener) => listener,
            Self::Shared(expected) => return expected.arrived().map(Wire::new),
        };
        loop {
            let (tcp, peer) = accept_now(listener)?;
            if clients.contains(&canonical(peer).ip()) {
                return Some(Wire::new(tcp));
            }
        }
    }
}

/// A connection that waits to be accepted. The runtime may not have heard of it yet, so the socket itself is asked.
fn accept_now(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    let (tcp, peer) = SockRef::from(listener).accept().ok()?;
    tcp.set_nonblocking(true).ok()?;
    Some((TcpStream::from_std(tcp.into()).ok()?, peer.as_socket()?))
}

fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // A port of a narrow range may still be in TIME_WAIT from the last transfer.
    socket.set_reuse_address(address.port() != 0)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
