//! `refuse`: a port that is ours but answers the SYN with RST, as if nobody listened.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// Whom a port on every IPv6 address lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    /// IPv4 clients, too, where the system has it so.
    Any,
    /// Those of its own family.
    Own,
}

/// A bound port that refuses connections until it is opened. Bound without `listen(2)`, it stays ours.
#[derive(Debug)]
pub struct RefusingPort(Socket);

impl RefusingPort {
    /// Binds a port; 0 picks one.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::bind_as(address, Stack::Any)
    }

    /// Binds a port for the clients of one family, or of any that the system lets in.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub fn bind_as(address: SocketAddr, stack: Stack) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        if stack == Stack::Own && address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        Ok(Self(socket))
    }

    /// Where it is bound.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()?.as_socket().ok_or_else(|| io::Error::other("no internet address"))
    }

    /// The socket itself.
    pub(super) fn into_socket(self) -> Socket {
        self.0
    }

    /// Listens from now on.
    ///
    /// # Errors
    /// Somebody else listens there.
    pub fn open(self) -> io::Result<TcpListener> {
        self.0.listen(BACKLOG)?;
        TcpListener::from_std(self.0.into())
    }
}
