//! The channel, with its bytes in both directions.

use std::collections::VecDeque;
use std::pin::pin;

use bytes::{Buf, Bytes, BytesMut};

use super::session::Over;
use crate::fault::channel::{Heard, Incoming, Outgoing};

/// Pieces heard ahead while something is said; a client that says more is not heard until it listens.
const MOST_AHEAD: usize = 256;
/// The longest line.
const LONGEST_LINE: usize = 16 * 1024;

/// A channel in use.
#[derive(Debug)]
pub(super) struct Talk<I, O> {
    incoming: I,
    pub(super) outgoing: O,
    ahead: VecDeque<Bytes>,
    /// The client says no more.
    ended: bool,
    /// It is gone.
    gone: bool,
}

impl<I: Incoming, O: Outgoing> Talk<I, O> {
    pub(super) fn new(incoming: I, outgoing: O) -> Self {
        Self { incoming, outgoing, ahead: VecDeque::new(), ended: false, gone: false }
    }

    /// Says this, and hears meanwhile whether anybody is left to listen.
    pub(super) async fn say(&mut self, bytes: Bytes) -> Result<(), Over> {
        let mut saying = pin!(self.outgoing.say(bytes));
        loop {
            if self.gone {
                return Err(Over::Left);
            }
            tokio::select! {
                biased;
                said = &mut saying => return said.map_err(|_| Over::Left),
                heard = self.incoming.hear(), if self.ahead.len() < MOST_AHEAD => match heard {
                    Heard::Data(bytes) => self.ahead.push_back(bytes),
                    Heard::Eof => self.ended = true,
                    Heard::Gone => self.gone = true,
                }
            }
        }
    }

    /// At most so many bytes, as they come; none when the client says no more.
    pub(super) async fn some(&mut self, most: usize) -> Result<Option<Bytes>, Over> {
        while self.ahead.front().is_none_or(Bytes::is_empty) {
            self.ahead.pop_front();
            if self.ahead.is_empty() {
                if self.gone {
                    return Err(Over::Left);
                }
                if self.ended {
                    return Ok(None);
                }
                self.hear().await;
            }
        }
        let first = self.ahead.front_mut();
        Ok(first.map(|first| first.split_to(first.len().min(most))))
    }

    async fn hear(&mut self) {
        match self.incoming.hear().await {
            Heard::Data(bytes) => self.ahead.push_back(bytes),
            Heard::Eof => self.ended = true,
            Heard::Gone => self.gone = true,
        }
    }

    /// Waits until the client has left: it is gone, or it says no more and still has so many bytes to say. A client that
    /// has said all may be waiting for the answer: libssh2 is one.
    pub(super) async fn left(&mut self, owes: u64) {
        let mut ahead: u64 = self.ahead.iter().map(|piece| piece.len() as u64).sum();
        while !(self.gone || self.ended && ahead < owes) {
            tokio::select! {
                () = self.outgoing.departed() => return,
                heard = self.incoming.hear(), if self.ahead.len() < MOST_AHEAD => match heard {
                    Heard::Data(bytes) => {
                        ahead += bytes.len() as u64;
                        self.ahead.push_back(bytes);
                    }
                    Heard::Eof => self.ended = true,
                    Heard::Gone => self.gone = true,
                }
            }
        }
    }

    /// So many bytes in one piece of memory, or fewer if the client says no more.
    pub(super) async fn gathered(&mut self, size: usize) -> Result<Bytes, Over> {
        let mut bytes = BytesMut::new();
        while bytes.len() < size
            && let Some(some) = self.some(size - bytes.len()).await?
        {
            // A size alone costs us nothing: memory is taken as the bytes come.
            if bytes.capacity() - bytes.len() < some.len() && !bytes.is_empty() {
                bytes.reserve(size - bytes.len());
            }
            bytes.extend_from_slice(&some);
        }
        Ok(bytes.freeze())
    }

    pub(super) async fn byte(&mut self) -> Result<Option<u8>, Over> {
        Ok(self.some(1).await?.map(|mut byte| byte.get_u8()))
    }

    /// A line without its end.
    pub(super) async fn line(&mut self) -> Result<Option<Vec<u8>>, Over> {
        let mut line = Vec::new();
        while line.len() < LONGEST_LINE {
            match self.byte().await? {
                None => return Ok(None),
                Some(b'\n') => break,
                Some(byte) => line.push(byte),
            }
        }
        Ok(Some(line))
    }
}
