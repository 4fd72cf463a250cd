//! What stands between russh and the socket: in the key exchange, when all is in clear, it knows the messages that go
//! out, and can spoil or withhold them. After that it only counts.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::Connection;
use super::message::{KEXINIT, NEWKEYS, SIGNED_REPLIES};
use super::moment::Until;
use crate::engine::{Event, HostKey, Operation, Task};
use crate::fault::Leashed;
use crate::run::Pending;

/// A stream that russh speaks on.
#[derive(Debug)]
pub(super) struct Gate {
    leashed: Leashed,
    connection: Arc<Connection>,
    /// What the client said before russh could hear it.
    first: BytesMut,
    /// The identification, which we have said ourselves, was said by russh, too.
    identified: bool,
    stage: Stage,
    /// What russh has said and nobody has looked at.
    heard: BytesMut,
    /// What goes out as soon as the socket takes it.
    out: BytesMut,
    host_key: HostKey,
    /// Bytes since keys were exchanged.
    since: u64,
    /// Where keys are exchanged again.
    rekey: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Messages in clear.
    Clear,
    /// Everything passes.
    Open,
    /// A rule ends it: nothing passes, and what russh says is lost.
    Shut,
}

impl Gate {
    /// With what the client has said already.
    pub(super) fn new(
        leashed: Leashed,
        connection: &Arc<Connection>,
        first: BytesMut,
        host_key: HostKey,
    ) -> Self {
        Self {
            leashed,
            connection: Arc::clone(connection),
            first,
            identified: false,
            stage: Stage::Clear,
            heard: BytesMut::new(),
            out: BytesMut::new(),
            host_key,
            since: 0,
            rekey: connection.shape.settings.rekey,
        }
    }

    /// Moves whole messages from what was heard to what goes out.
    fn look(&mut self) {
        if !self.identified {
            let Some(end) = self.heard.iter().position(|byte| *byte == b'\n') else { return };
            self.heard.advance(end + 1);
            self.identified = true;
        }
        while self.stage == Stage::Clear {
            let Some(head) = self.heard.first_chunk::<6>() else { return };
            let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
            let length = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(4);
            let (padding, kind) = (usize::from(head[4]), head[5]);
            if self.heard.len() < length {
                return;
            }
            let mut packet = self.heard.split_to(length);
            if SIGNED_REPLIES.contains(&kind) {
                self.connection.shows_its_key();
                if self.host_key == HostKey::BadSignature {
                    // The signature is the last field.
                    packet[length - padding - 1] ^= 1;
                }
            }
            let acts = match kind {
                KEXINIT => self.connection.take(&Until::Begun),
                NEWKEYS => self.decide(&self.connection.event(None).wire("SSH_MSG_NEWKEYS")),
                _ => None,
            };
            if acts.as_ref().is_none_or(|event| event.verdict().plan(Task::Answer).perform) {
                self.out.extend_from_slice(&packet);
            }
            if let Some(event) = acts {
                self.stage = Stage::Shut;
                self.connection.acts_on(event);
            } else if kind == NEWKEYS {
                self.stage = Stage::Open;
            }
        }
        match self.stage {
            Stage::Open => self.out.unsplit(self.heard.split()),
            Stage::Shut => self.heard.clear(),
            Stage::Clear => {}
        }
    }

    fn decide(&self, event: &Event<'_>) -> Option<Pending> {
        self.connection.run.decide_if_ruled(event, self.connection.peer)
    }

    /// Keys are exchanged again about now: russh says `SSH_MSG_KEXINIT`, and waits for the client's, which it does not hear
    /// where a rule acts.
    fn exchange_again(&mut self) {
        self.since = 0;
        let event = self.connection.event(None).operation(Operation::Handshake);
        if let Some(event) = self.decide(&event.wire("SSH_MSG_KEXINIT")) {
            self.rekey = None;
            self.connection.leash.deafen_from(0);
            self.connection.acts_on(event);
        }
    }

    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.out.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while !self.out.is_empty() {
            match Pin::new(&mut self.leashed).poll_write(context, &self.out) {
                Poll::Ready(Ok(size)) => self.out.advance(size),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        self.connection.said();
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let size = self.first.len().min(buffer.remaining());
            buffer.put_slice(&self.first.split_to(size));
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.leashed).poll_read(context, buffer)
    }
}

impl AsyncWrite for Gate {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.poll_out(context)?.is_pending() {
            return Poll::Pending;
        }
        if self.stage == Stage::Open {
            let written = Pin::new(&mut self.leashed).poll_write(context, bytes);
            if let Poll::Ready(Ok(size)) = written {
                self.connection.said();
                self.since += size as u64;
                if self.rekey.is_some_and(|rekey| self.since >= rekey) {
                    self.exchange_again();
                }
            }
            return written;
        }
        self.heard.extend_from_slice(bytes);
        self.look();
        // What does not go out now goes before the next.
        let _ = self.poll_out(context)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_out(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.poll_out(context)?.is_pending() {
            return Poll::Pending;
        }
        Pin::new(&mut self.leashed).poll_shutdown(context)
    }
}
