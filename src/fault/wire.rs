//! A connection whose end we own. Only the last owner of a socket can send RST, so it is never cloned.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{BufMut, BytesMut};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

use super::power::{Plug, Power};

/// One TCP connection, in clear. (TLS will be a second kind.)
#[derive(Debug)]
pub struct Wire {
    tcp: TcpStream,
    writable: bool,
    plug: Option<Plug>,
}

impl Wire {
    /// Takes a connected socket. Nagle's algorithm is off: a reply of several small writes must not wait for
    /// the client's delayed ACK. Urgent bytes stay in line: a client's `ABOR` is sent as one.
    #[must_use]
    pub fn new(tcp: TcpStream) -> Self {
        let _ = tcp.set_nodelay(true);
        let _ = SockRef::from(&tcp).set_out_of_band_inline(true);
        Self { tcp, writable: true, plug: None }
    }

    /// The same, reset as soon as it is dropped after the power has failed.
    #[must_use]
    pub fn plugged_into(self, power: &Power) -> Self {
        let mut wire = self;
        wire.plug = Some(power.plug());
        wire
    }

    /// Our address as the client sees it.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Reads what is there into `buffer`, `most` bytes at most; 0 at the end.
    ///
    /// # Errors
    /// Those of the socket: mostly that the client reset it.
    pub async fn read(&mut self, buffer: &mut BytesMut, most: usize) -> io::Result<usize> {
        if buffer.capacity() - buffer.len() < most {
            buffer.reserve(most);
        }
        // A read ends at an urgent byte. tokio's own `read` takes so short a read for an empty socket and waits.
        loop {
            self.tcp.readable().await?;
            match self.tcp.try_read_buf(&mut (&mut *buffer).limit(most)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }

    /// Waits until there is something to read, or the end, without holding a buffer meanwhile.
    ///
    /// # Errors
    /// Those of the socket.
    pub async fn readable(&self) -> io::Result<()> {
        self.tcp.readable().await
    }

    /// Writes all of it. After our half has ended it goes nowhere, as the client expects no more.
    ///
    /// # Errors
    /// Those of the socket: mostly that the client reset it.
    pub async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.writable { self.tcp.write_all(bytes).await } else { Ok(()) }
    }

    /// Ends our half: FIN.
    pub(super) async fn shut_down(&mut self) {
        self.writable = false;
        let _ = self.tcp.shutdown().await;
    }

    /// Reads what is there, for a library that polls.
    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, buffer)
    }

    /// Writes what the socket takes, for a library that polls; nowhere after our half has ended.
    pub(super) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.writable {
            Pin::new(&mut self.tcp).poll_write(context, bytes)
        } else {
            Poll::Ready(Ok(bytes.len()))
        }
    }

    /// Its end will be RST, and what was not sent yet is dropped.
    pub(super) fn send_no_more(&self) {
        let _ = self.tcp.set_zero_linger();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.plug.as_ref().is_some_and(Plug::is_dead) {
            self.send_no_more();
        }
    }
}
