//! A client's connection that it can leave in every way there is, whoever reads from it and writes to it.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// One end of a TCP connection. What speaks on it may be a library that never lets go of it.
#[derive(Debug, Clone)]
pub(crate) struct Line(Arc<Mutex<Option<TcpStream>>>);

impl Line {
    pub(crate) async fn connect(address: SocketAddr) -> io::Result<Self> {
        Ok(Self::of(TcpStream::connect(address).await?))
    }

    pub(crate) fn of(tcp: TcpStream) -> Self {
        let _ = tcp.set_nodelay(true);
        Self(Arc::new(Mutex::new(Some(tcp))))
    }

    /// FIN, and nobody is there any more. What was heard is read first: to close over it would be RST.
    pub(crate) fn close(&self) {
        if let Some(tcp) = self.tcp().take() {
            let mut buffer = [0; 4096];
            while matches!(tcp.try_read(&mut buffer), Ok(1..)) {}
        }
    }

    /// FIN of our half: whoever says it still listens.
    pub(crate) fn end_our_half(&self) {
        if let Some(tcp) = &*self.tcp() {
            let _ = SockRef::from(tcp).shutdown(Shutdown::Write);
        }
    }

    /// RST.
    pub(crate) fn reset(&self) {
        if let Some(tcp) = self.tcp().take() {
            let _ = SockRef::from(&tcp).set_linger(Some(Duration::ZERO));
        }
    }

    fn tcp(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self.tcp() {
            Some(tcp) => Pin::new(tcp).poll_read(context, buffer),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self.tcp() {
            Some(tcp) => Pin::new(tcp).poll_write(context, bytes),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// A library has said its last. How the connection ends is for the test to say.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
