//! A connection whose end we own. Only the last owner of a socket can send RST, so it is never cloned.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

use super::close;
use super::power::{Plug, Power};
use super::tls::Tls;
use crate::engine::Task;

/// How often it is looked whether a client has gone that has sent what nobody reads.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Dropped at once, in bytes.
const DROPPED_AT_ONCE: usize = 4096;

/// One TCP connection, in clear until hands are shaken (in [`super::tls`]).
#[derive(Debug)]
pub struct Wire {
    pub(super) tcp: TcpStream,
    /// Bytes of the client that were read and not used yet: records, or clear text that came behind TLS.
    pub(super) ahead: BytesMut,
    pub(super) tls: Option<Box<Tls>>,
    writable: bool,
    plug: Option<Box<Plug>>,
}

impl Wire {
    /// Takes a connected socket. Nagle's algorithm is off: a reply of several small writes must not wait for
    /// the client's delayed ACK. Urgent bytes stay in line: a client's `ABOR` is sent as one.
    #[must_use]
    pub fn new(tcp: TcpStream) -> Self {
        let _ = tcp.set_nodelay(true);
        let _ = SockRef::from(&tcp).set_out_of_band_inline(true);
        Self { tcp, ahead: BytesMut::new(), tls: None, writable: true, plug: None }
    }

    /// The same, reset as soon as it is dropped after the power has failed.
    #[must_use]
    pub fn plugged_into(self, power: &Power) -> Self {
        let mut wire = self;
        wire.plug = Some(Box::new(power.plug()));
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
        if self.tls.is_some() {
            return self.read_secret(buffer, most).await;
        }
        if !self.ahead.is_empty() {
            let ahead = self.ahead.split_to(self.ahead.len().min(most));
            buffer.extend_from_slice(&ahead);
            return Ok(ahead.len());
        }
        read(&self.tcp, buffer, most).await
    }

    /// Reads more ahead.
    ///
    /// # Errors
    /// Those of the socket, and that the client is gone.
    pub(super) async fn more_ahead(&mut self, most: usize) -> io::Result<()> {
        match read(&self.tcp, &mut self.ahead, most).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Waits until there is something to read, or the end, without holding a buffer meanwhile.
    ///
    /// # Errors
    /// Those of the socket.
    pub async fn readable(&mut self) -> io::Result<()> {
        let at_hand = match &mut self.tls {
            Some(tls) => tls.can_give() || tls.can_take(&self.ahead),
            None => !self.ahead.is_empty(),
        };
        if at_hand { Ok(()) } else { self.tcp.readable().await }
    }

    /// Waits until the client has ended its half, or reset the connection. What it has sent stays where it is.
    pub async fn departed(&self) {
        while !self.has_departed() {
            // A client that sends nothing is waited for; behind bytes that nobody reads, its end can only be looked for.
            match self.tcp.peek(&mut [0]).await {
                Ok(1..) => look_again().await,
                Ok(0) | Err(_) => return,
            }
        }
    }

    /// Whether the client has ended its half, or reset the connection, even behind bytes that nobody has read.
    #[must_use]
    pub fn has_departed(&self) -> bool {
        self.is_in(PollFlags::RDHUP | PollFlags::HUP | PollFlags::ERR)
    }

    /// Waits until the client has left a connection that moves data for such a task. Where its bytes come up, only RST is
    /// leaving; where nothing is to come from it, so is FIN, and with TLS `close_notify`.
    pub async fn left(&mut self, task: Task) {
        match task {
            Task::Up => self.was_reset().await,
            _ if self.is_secure() => self.drained().await,
            _ => self.departed().await,
        }
    }

    /// Waits until the client has reset the connection. That it says no more is no leaving, where it is to send something.
    async fn was_reset(&self) {
        while !self.is_in(PollFlags::ERR) {
            look_again().await;
        }
    }

    /// Whether the socket is in one of these states now.
    fn is_in(&self, states: PollFlags) -> bool {
        let mut socket = [PollFd::new(&self.tcp, PollFlags::RDHUP)];
        let polled = poll(&mut socket, Some(&Timespec::default()));
        polled.is_ok() && socket[0].revents().intersects(states)
    }

    /// Waits for the same, of a client that has nothing to say: what comes is dropped, and with TLS a `close_notify` is
    /// its end, too.
    async fn drained(&mut self) {
        let mut dropped = BytesMut::new();
        while self.readable().await.is_ok()
            && matches!(self.read(&mut dropped, DROPPED_AT_ONCE).await, Ok(1..))
        {
            dropped.clear();
        }
    }

    /// Writes all of it. After our half has ended it goes nowhere, as the client expects no more.
    ///
    /// # Errors
    /// Those of the socket: mostly that the client reset it.
    pub async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.tls {
            _ if !self.writable => Ok(()),
            Some(_) => self.write_secret(bytes).await,
            None => self.write_raw(bytes).await,
        }
    }

    /// Writes it on the bare socket, below any TLS.
    pub(super) async fn write_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tcp.write_all(bytes).await
    }

    /// The natural end of a connection whose bytes are all there: `close_notify` where there is TLS, then FIN.
    pub async fn finish(mut self) {
        if self.tls.as_ref().is_some_and(|tls| tls.renews_keys()) {
            // The client has answered with keys of its own: closing over them unread would be an RST.
            return close::close(self).await;
        }
        let _ = self.notify_close().await;
    }

    /// Ends our half: `close_notify` where there is TLS, and FIN.
    pub(super) async fn shut_down(&mut self) {
        if self.writable {
            let _ = self.notify_close().await;
        }
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

/// Lets some time pass before the next look at a connection.
#[allow(clippy::disallowed_methods, reason = "a look at the socket, and no wait for a rule")]
pub(super) async fn look_again() {
    tokio::time::sleep(LOOK_AGAIN).await;
}

/// Reads what is there. A read ends at an urgent byte; tokio's own `read` takes so short a read for an empty socket
/// and waits.
async fn read(tcp: &TcpStream, buffer: &mut BytesMut, most: usize) -> io::Result<usize> {
    if buffer.capacity() - buffer.len() < most {
        buffer.reserve(most);
    }
    loop {
        tcp.readable().await?;
        match tcp.try_read_buf(&mut (&mut *buffer).limit(most)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            read => return read,
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.plug.as_ref().is_some_and(|plug| plug.is_dead()) {
            self.send_no_more();
        }
    }
}
