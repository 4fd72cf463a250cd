//! What is to be said: made by the reader, and turned into bytes by the writer.

use bytes::Bytes;

use super::codec::{Packet, length_of};
use super::kinds::DATA;
use super::status::Status;
use crate::files::Content;

/// The answer to a request.
#[derive(Debug)]
pub(super) enum Answer {
    Status(Status),
    /// A whole packet.
    Packet(Bytes),
    /// Bytes of a file as it was when they were asked for. They are fetched when they can be said: a client may ask
    /// for a whole file at once.
    Data {
        content: Content,
        offset: u64,
        length: usize,
    },
}

impl Answer {
    /// Whether it says that something went wrong.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Status(status) if status.is_refusal())
    }

    /// As it goes out.
    pub(super) fn frame(self, id: u32, language: &str) -> Frame {
        match self {
            Self::Status(status) => Frame::Ready(status.packet(id, language)),
            Self::Packet(packet) => Frame::Ready(packet),
            Self::Data { content, offset, length } => Frame::Data { id, content, offset, length },
        }
    }
}

impl From<Status> for Answer {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// An answer on its way out.
#[derive(Debug)]
pub(super) enum Frame {
    Ready(Bytes),
    Data { id: u32, content: Content, offset: u64, length: usize },
}

impl Frame {
    /// The memory it takes while it waits.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Ready(bytes) => bytes.len(),
            Self::Data { .. } => 0,
        }
    }

    pub(super) fn put(self, out: &mut Vec<u8>) {
        match self {
            Self::Ready(bytes) => out.extend_from_slice(&bytes),
            Self::Data { id, content, offset, length } => {
                let bytes = content.read(offset, length);
                let head = Packet::answer(DATA, id).number(length_of(&bytes)).finish();
                let whole = length_of(&head[4..]) + length_of(&bytes);
                out.extend_from_slice(&whole.to_be_bytes());
                out.extend_from_slice(&head[4..]);
                out.extend_from_slice(&bytes);
            }
        }
    }

    pub(super) fn bytes(self) -> Bytes {
        match self {
            Self::Ready(bytes) => bytes,
            data @ Self::Data { .. } => {
                let mut out = Vec::new();
                data.put(&mut out);
                out.into()
            }
        }
    }
}
