//! `blackhole`: a port that never answers the SYN, as behind a firewall that drops it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use super::refuse::RefusingPort;

/// Connections tried to fill the queue; one is enough on Linux, whose queue of length 0 holds one.
const MOST_FILLERS: usize = 8;
/// How long a connection on the same machine may take to be made.
const MADE_WITHIN: Duration = Duration::from_millis(2);

/// A port that listens, but whose queue of connections to be accepted the server itself has filled: Linux then
/// drops every further SYN without a word, and the client tries again and again. It needs no privilege.
#[derive(Debug)]
pub struct SilentPort {
    port: Socket,
    /// They occupy the queue as long as they live.
    _fillers: Vec<Socket>,
}

impl SilentPort {
    /// Silences a bound port.
    ///
    /// # Errors
    /// Those of the sockets.
    pub fn silence(port: RefusingPort) -> io::Result<Self> {
        let address = reachable(port.local_addr()?);
        let port = port.into_socket();
        port.listen(0)?;
        let mut fillers = Vec::new();
        for _ in 0..MOST_FILLERS {
            let filler =
                Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
            filler.set_nonblocking(true)?;
            // It goes on in the background; whether it was made is asked below.
            let _ = filler.connect(&address.into());
            std::thread::sleep(MADE_WITHIN);
            let queued = filler.peer_addr().is_ok();
            fillers.push(filler);
            if !queued {
                break;
            }
        }
        Ok(Self { port, _fillers: fillers })
    }

    /// Where it is bound.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.port.local_addr()?.as_socket().ok_or_else(|| io::Error::other("no internet address"))
    }
}

/// Where a port is reached on this machine, if it listens on every address.
#[must_use]
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_client_of_a_silent_port_hears_nothing() {
        let port = RefusingPort::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let port = SilentPort::silence(port).unwrap();
        let address = port.local_addr().unwrap();
        let error = TcpStream::connect_timeout(&address, Duration::from_millis(300)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_client_of_a_refusing_port_is_refused() {
        let port = RefusingPort::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let error = TcpStream::connect(port.local_addr().unwrap()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
}
