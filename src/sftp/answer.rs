//! What is to be said: made by the reader, and turned into bytes by the writer.

use bytes::Bytes;

use super::codec::{Packet, length_of};
use super::data::Data;
use super::kinds::DATA;
use super::spoil::Spoil;
use super::status::Status;

/// The answer to a request.
#[derive(Debug)]
pub(super) enum Answer {
    Status(Status),
    /// A whole packet.
    Packet(Bytes),
    Data(Data),
}

impl Answer {
    /// Whether it says that something went wrong.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Status(status) if status.is_refusal())
    }

    /// A status as the journal has it.
    pub(super) fn line(&self) -> Vec<u8> {
        match self {
            Self::Status(status) => status.line(),
            Self::Packet(_) | Self::Data(_) => Vec::new(),
        }
    }

    /// The bytes that a read has asked for.
    pub(super) fn wanted(&self) -> usize {
        match self {
            Self::Data(data) => data.wanted,
            Self::Status(_) | Self::Packet(_) => 0,
        }
    }

    /// As it goes out.
    pub(super) fn frame(self, id: u32, language: &str) -> Frame {
        match self {
            Self::Status(status) => Frame::Ready(status.packet(id, language)),
            Self::Packet(packet) => Frame::Ready(packet),
            Self::Data(data) => Frame::Data { id, data },
        }
    }
}

impl From<Status> for Answer {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// An answer on its way out.
#[derive(Debug, Clone)]
pub(super) enum Frame {
    Ready(Bytes),
    Data {
        id: u32,
        data: Data,
    },
    /// Not as it should be.
    Spoilt(Box<Frame>, Spoil),
}

impl Frame {
    /// The same with what a rule spoils of it.
    pub(super) fn spoilt(self, spoil: Option<Spoil>) -> Self {
        match spoil {
            Some(spoil) => Self::Spoilt(Box::new(self), spoil),
            None => self,
        }
    }

    /// The memory it takes while it waits.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Ready(bytes) => bytes.len(),
            Self::Data { .. } => 0,
            Self::Spoilt(truth, _) => truth.weight(),
        }
    }

    /// The bytes it has, when it goes out.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Ready(bytes) => bytes.len(),
            Self::Data { data, .. } => 13 + data.length,
            Self::Spoilt(truth, _) => truth.length(),
        }
    }

    pub(super) fn put(self, out: &mut Vec<u8>) {
        match self {
            Self::Ready(bytes) => out.extend_from_slice(&bytes),
            Self::Data { id, data } => {
                let bytes = data.bytes();
                let head = Packet::answer(DATA, id).number(length_of(&bytes)).finish();
                let whole = length_of(&head[4..]) + length_of(&bytes);
                out.extend_from_slice(&whole.to_be_bytes());
                out.extend_from_slice(&head[4..]);
                out.extend_from_slice(&bytes);
            }
            Self::Spoilt(truth, spoil) => {
                out.extend_from_slice(&spoil.applied(truth.bytes().into()));
            }
        }
    }

    pub(super) fn bytes(self) -> Bytes {
        match self {
            Self::Ready(bytes) => bytes,
            other => {
                let mut out = Vec::new();
                other.put(&mut out);
                out.into()
            }
        }
    }
}
