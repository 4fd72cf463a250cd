//! `elsewhere`: a connection that somebody else has got.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::BytesMut;
use tokio::net::{TcpListener, TcpStream};

use super::Wire;

/// Read and dropped at once, in bytes.
const READ: usize = 64 * 1024;

/// Connects to a stranger, who takes all that is sent and sends nothing. He is one of our own: nobody else is to
/// be reached through us.
///
/// # Errors
/// Those of the sockets.
pub async fn elsewhere() -> io::Result<Wire> {
    let door = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let ours = TcpStream::connect(door.local_addr()?).await?;
    let (theirs, _) = door.accept().await?;
    tokio::spawn(swallow(Wire::new(theirs)));
    Ok(Wire::new(ours))
}

async fn swallow(mut wire: Wire) {
    wire.shut_down().await;
    let mut buffer = BytesMut::new();
    while matches!(wire.read(&mut buffer, READ).await, Ok(size) if size > 0) {
        buffer.clear();
    }
}
