//! `refuse`: a port that is ours but answers the SYN with RST, as if nobody listened.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// A bound port that refuses connections until it is opened. Bound without `listen(2)`, it stays ours.
#[derive(Debug)]
pub struct RefusingPort(Socket);

impl RefusingPort {
    /// Binds a port; 0 picks one.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
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
