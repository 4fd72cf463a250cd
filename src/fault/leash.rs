//! A connection that a library owns, and whose end we own still.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep};

use super::{After, Wire, end};
use crate::engine::Ending;

/// How often the socket is asked whether it has taken what was said.
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
    /// It is being ended, and the library notices nothing.
    Frozen,
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

    /// Ends the connection as a rule says; the library is told when all is over.
    pub async fn end(&self, ending: Ending, max_hold: Duration) {
        let state = std::mem::replace(&mut self.0.lock().state, State::Frozen);
        let after = match state {
            State::There(wire) => end(wire, ending).await,
            State::Frozen | State::Gone => After::Gone,
        };
        let mut connection = self.0.lock();
        connection.state = match after {
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

    /// Bytes that the socket has taken so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.0.lock().written
    }

    /// Lets the library hear nothing of what the client says once the socket has taken so many bytes in all: what is
    /// said to the client then is the last of the session, however quick the client is.
    pub fn deafen_from(&self, written: u64) {
        self.0.lock().deaf_from = Some(written);
    }

    /// Waits until the socket has taken so many bytes in all, but not for ever: the client may take no more.
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

    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

impl Leashed {
    /// Waits until the connection is gone, without a look at what the client says.
    pub fn poll_over(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut connection = self.0.lock();
        connection.reader = Some(context.waker().clone());
        if matches!(connection.state, State::Gone) { Poll::Ready(()) } else { Poll::Pending }
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
            State::There(_) | State::Frozen => Poll::Pending,
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
            State::Frozen => Poll::Pending,
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
    use std::future::poll_fn;

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
        leash.end(Ending::Reset, Duration::ZERO).await;
        assert_eq!(waiting.await.unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        let heard = client.read_u8().await.unwrap_err();
        assert_eq!(heard.kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn so_is_one_that_does_not_listen_any_more() {
        let (leash, leashed, _client) = leashed().await;
        let waiting = tokio::spawn(poll_fn(move |context| leashed.poll_over(context)));
        leash.end(Ending::Reset, Duration::ZERO).await;
        waiting.await.unwrap();
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
        leash.end(Ending::Cut, Duration::ZERO).await;
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
