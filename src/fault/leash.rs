//! A connection that a library owns, and whose end we own still.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep};

use super::wire::look_again;
use super::{After, Wire, end};
use crate::engine::Ending;

/// How often it is looked whether the socket has taken what was said.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Our end of it. Dropping it lets the connection go.
#[derive(Debug)]
pub struct Leash(Arc<Mutex<Connection>>);

/// The library's end of it: the connection, until we end it.
#[derive(Debug)]
pub struct Leashed(Arc<Mutex<Connection>>);

#[derive(Debug)]
struct Connection {
    state: State,
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Bytes that the socket has taken.
    written: u64,
    /// When so many are out, the library hears nothing more.
    deaf_from: Option<u64>,
    /// When the client last said something.
    heard: Instant,
}

#[derive(Debug)]
enum State {
    There(Wire),
    /// The library can neither read nor write, and notices nothing: the connection stalls, or is being ended elsewhere.
    Frozen(Option<Wire>),
    Gone,
}

impl Leash {
    /// Puts a connection on a leash.
    #[must_use]
    pub fn on(wire: Wire) -> (Self, Leashed) {
        let connection = Arc::new(Mutex::new(Connection {
            state: State::There(wire),
            reader: None,
            writer: None,
            written: 0,
            deaf_from: None,
            heard: Instant::now(),
        }));
        (Self(Arc::clone(&connection)), Leashed(connection))
    }

    /// Ends the connection as a rule says, at once; the library is told when all is over. A stall only begins.
    pub async fn end(&self, ending: Ending) {
        let state = std::mem::replace(&mut self.0.lock().state, State::Frozen(None));
        let after = match state {
            State::There(wire) | State::Frozen(Some(wire)) => end(wire, ending).await,
            State::Frozen(None) | State::Gone => After::Gone,
        };
        let mut connection = self.0.lock();
        connection.state = match after {
            After::Stays(wire) if ending == Ending::Stall => State::Frozen(Some(wire)),
            After::Stays(wire) => State::There(wire),
            After::Gone => State::Gone,
        };
        connection.wake();
    }

    /// Drops the connection at once, whoever still holds an end.
    pub fn let_go(&self) {
        let mut connection = self.0.lock();
        connection.state = State::Gone;
        connection.wake();
    }

    /// Whether nothing can be said any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !matches!(self.0.lock().state, State::There(_))
    }

    /// Whether we have ended the connection.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self.0.lock().state, State::Gone)
    }

    /// Waits until the client has left, whoever reads from the connection, or until the connection is gone.
    pub async fn departed(&self) {
        while !self.0.lock().has_departed() {
            look_again().await;
        }
    }

    /// Bytes that the socket has taken so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.0.lock().written
    }

    /// Lets the library hear nothing of what the client says once the socket has taken so many bytes in all, however quick
    /// the client is. It is told when the connection is gone.
    pub fn deafen_from(&self, written: u64) {
        self.0.lock().deaf_from = Some(written);
    }

    /// Waits until the socket has taken so many bytes in all, but not for ever: the client may take no more.
    #[allow(clippy::disallowed_methods, reason = "a look at the socket, and no wait for a rule")]
    pub async fn wait_for(&self, written: u64, patience: Duration) {
        let deadline = Instant::now() + patience;
        while self.written() < written && !self.is_over() && Instant::now() < deadline {
            sleep(LOOK_AGAIN).await;
        }
    }

    /// When the client last said something.
    #[must_use]
    pub fn heard(&self) -> Instant {
        self.0.lock().heard
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Connection {
    fn is_deaf(&self) -> bool {
        self.deaf_from.is_some_and(|written| written <= self.written)
    }

    fn has_departed(&self) -> bool {
        match &self.state {
            State::There(wire) | State::Frozen(Some(wire)) => wire.has_departed(),
            State::Frozen(None) => false,
            State::Gone => true,
        }
    }

    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

impl AsyncRead for Leashed {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut connection = self.0.lock();
        connection.reader = Some(context.waker().clone());
        let deaf = connection.is_deaf();
        let polled = match &mut connection.state {
            State::There(wire) if !deaf => wire.poll_read(context, buffer),
            State::There(_) | State::Frozen(_) => Poll::Pending,
            State::Gone => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
        };
        if polled.is_ready() {
            connection.heard = Instant::now();
        }
        polled
    }
}

impl AsyncWrite for Leashed {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut connection = self.0.lock();
        connection.writer = Some(context.waker().clone());
        let polled = match &mut connection.state {
            State::There(wire) => wire.poll_write(context, bytes),
            State::Frozen(_) => Poll::Pending,
            State::Gone => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
        };
        if let Poll::Ready(Ok(size)) = polled {
            connection.written += size as u64;
        }
        polled
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The library has said its last: the rest is its owner's.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::timeout;

    use super::*;

    async fn leashed() -> (Leash, Leashed, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (leash, leashed) = Leash::on(Wire::new(listener.accept().await.unwrap().0));
        (leash, leashed, client)
    }

    #[tokio::test]
    async fn a_library_that_waits_is_told_that_the_connection_was_reset() {
        let (leash, mut leashed, mut client) = leashed().await;
        let waiting = tokio::spawn(async move { leashed.read_u8().await });
        leash.end(Ending::Reset).await;
        assert_eq!(waiting.await.unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        let heard = client.read_u8().await.unwrap_err();
        assert_eq!(heard.kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn so_is_one_that_hears_nothing() {
        let (leash, mut leashed, _client) = leashed().await;
        leash.deafen_from(0);
        let waiting = tokio::spawn(async move { leashed.read_u8().await });
        leash.end(Ending::Reset).await;
        assert_eq!(waiting.await.unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
    }

    #[tokio::test]
    async fn a_client_is_seen_to_leave_behind_unread_bytes_and_in_a_stall() {
        for stalls in [false, true] {
            let (leash, mut leashed, mut client) = leashed().await;
            if stalls {
                leash.end(Ending::Stall).await;
                let said = timeout(Duration::from_millis(50), leashed.write_all(b"x")).await;
                assert!(said.is_err() && leash.is_over() && !leash.is_gone());
            }
            client.write_all(b"unread").await.unwrap();
            assert!(timeout(Duration::from_millis(50), leash.departed()).await.is_err());
            drop(client);
            timeout(Duration::from_secs(5), leash.departed()).await.unwrap();
            assert!(!leash.is_gone());
            leash.end(Ending::Cut).await;
            assert!(leash.is_gone() && leashed.read_u8().await.is_err());
        }
    }

    #[tokio::test]
    async fn what_the_socket_took_is_counted() {
        let (leash, mut leashed, mut client) = leashed().await;
        leashed.write_all(b"12345").await.unwrap();
        leash.wait_for(5, Duration::from_secs(5)).await;
        assert_eq!((leash.written(), client.read_u8().await.unwrap()), (5, b'1'));
    }

    #[tokio::test]
    async fn nothing_is_heard_after_the_last_word() {
        let (leash, mut leashed, mut client) = leashed().await;
        leash.deafen_from(1);
        client.write_all(b"1").await.unwrap();
        assert_eq!(leashed.read_u8().await.unwrap(), b'1');
        leashed.write_all(b"x").await.unwrap();
        client.write_all(b"2").await.unwrap();
        let heard = timeout(Duration::from_millis(50), leashed.read_u8()).await;
        assert!(heard.is_err(), "{heard:?}");
        leash.end(Ending::Cut).await;
        assert_eq!(leashed.read_u8().await.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
    }

    #[tokio::test]
    async fn nobody_at_the_leash_ends_the_connection() {
        let (leash, mut leashed, mut client) = leashed().await;
        drop(leash);
        assert!(leashed.write_all(b"x").await.is_err());
        assert!(matches!(client.read(&mut [0]).await, Ok(0)));
    }
}
