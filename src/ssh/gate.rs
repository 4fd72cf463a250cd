//! What stands between russh and the socket: in the key exchange, when all is in clear, it knows the messages that go
//! out, and can spoil or withhold them. After that it only counts.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc::UnboundedSender;

use super::connection::Connection;
use super::message::{KEXINIT, NEWKEYS, SIGNED_REPLIES};
use crate::engine::{At, HostKey, Operation, Verdict};
use crate::fault::Leashed;
use crate::run::Open;

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
    /// What a rule does to our `SSH_MSG_KEXINIT`.
    kexinit: Option<Verdict>,
    /// Who is told that a rule acts here.
    acts: UnboundedSender<Acted>,
    /// Bytes since keys were exchanged.
    since: u64,
    /// Where keys are exchanged again.
    rekey: Option<u64>,
}

/// A key exchange as it was when russh began to speak.
#[derive(Debug)]
pub(super) struct Begun {
    /// What the client has said.
    pub(super) heard: BytesMut,
    pub(super) key: HostKey,
    /// What a rule does to our `SSH_MSG_KEXINIT`.
    pub(super) kexinit: Option<Verdict>,
}

/// A rule acts on a message of a key exchange.
#[derive(Debug)]
pub(super) struct Acted {
    pub(super) verdict: Verdict,
    pub(super) moment: Moment,
    pub(super) _open: Option<Open>,
}

/// The messages on which it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The first `SSH_MSG_KEXINIT`.
    First,
    /// A later one.
    Again,
    NewKeys,
}

impl Moment {
    pub(super) fn wire(self) -> &'static str {
        match self {
            Self::First | Self::Again => "SSH_MSG_KEXINIT",
            Self::NewKeys => "SSH_MSG_NEWKEYS",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Messages in clear.
    Clear,
    /// Everything passes.
    Open,
    /// A rule ends it: nothing passes, and what russh says is lost.
    Shut,
    /// What the client says is not heard any more.
    Deaf,
}

impl Gate {
    pub(super) fn new(
        leashed: Leashed,
        connection: &Arc<Connection>,
        begun: Begun,
        acts: UnboundedSender<Acted>,
    ) -> Self {
        let Begun { heard: first, key: host_key, kexinit } = begun;
        Self {
            leashed,
            connection: Arc::clone(connection),
            first,
            identified: false,
            stage: Stage::Clear,
            heard: BytesMut::new(),
            out: BytesMut::new(),
            host_key,
            kexinit,
            acts,
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
            if self.host_key == HostKey::BadSignature && SIGNED_REPLIES.contains(&kind) {
                // The signature is the last field.
                packet[length - padding - 1] ^= 1;
            }
            let acted = match kind {
                KEXINIT => self.kexinit.take().map(|verdict| Acted {
                    verdict,
                    moment: Moment::First,
                    _open: None,
                }),
                NEWKEYS => self.decide(Moment::NewKeys),
                _ => None,
            };
            if acted.as_ref().is_none_or(|acted| acted.verdict.at == At::End) {
                self.out.extend_from_slice(&packet);
            }
            if let Some(acted) = acted {
                self.stage = Stage::Shut;
                let _ = self.acts.send(acted);
            } else if kind == NEWKEYS {
                self.stage = Stage::Open;
            }
        }
        match self.stage {
            Stage::Open | Stage::Deaf => self.out.unsplit(self.heard.split()),
            Stage::Shut => self.heard.clear(),
            Stage::Clear => {}
        }
    }

    fn decide(&self, moment: Moment) -> Option<Acted> {
        let event = self.connection.event(None).wire(moment.wire());
        let event = match moment {
            Moment::First | Moment::Again => event.operation(Operation::Handshake),
            Moment::NewKeys => event,
        };
        let (verdict, open) = self.connection.run.decide(&event);
        verdict.rule.is_some().then_some(Acted { verdict, moment, _open: Some(open) })
    }

    /// Keys are exchanged again about now: russh says `SSH_MSG_KEXINIT`, and waits for the client's.
    fn exchange_again(&mut self) {
        self.since = 0;
        if let Some(acted) = self.decide(Moment::Again) {
            self.stage = Stage::Deaf;
            let _ = self.acts.send(acted);
        }
    }

    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            match Pin::new(&mut self.leashed).poll_write(context, &self.out) {
                Poll::Ready(Ok(size)) => self.out.advance(size),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stage == Stage::Deaf {
            let over = self.leashed.poll_over(context);
            return over.map(|()| Err(io::ErrorKind::ConnectionAborted.into()));
        }
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
