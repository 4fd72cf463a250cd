//! A transfer's bytes on their way, at a rule's pace and up to a rule's byte.

use std::io;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};

use super::ascii;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::session::Type;
use crate::engine::{At, Keep};
use crate::fault::{Pace, Pacer, Wire};
use crate::files::{self, Files, Handle};
use crate::journal::Cause;
use crate::run::Run;

/// Bytes moved at once. Smaller pieces are measurably slower, bigger ones gain nothing.
const PIECE: usize = 256 * 1024;
/// The first read of an upload: most files are small, and an unused buffer is not free.
const FIRST_READ: usize = 16 * 1024;

/// The memory that a big upload is read into, block after block.
const BLOCK: usize = 4 * PIECE;
/// The room worth another read into the same block.
const ENOUGH: usize = 64 * 1024;

/// What goes down to the client.
#[derive(Debug)]
pub(super) enum Source {
    /// A file from an offset on; the first bytes that it makes may have to be skipped.
    File { handle: Handle, offset: u64, kind: Type, skip: u64 },
    /// A listing, or what a rule sends instead.
    Bytes(Bytes),
}

/// What a client's bytes go up to.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) handle: Arc<Handle>,
    /// Where the next byte goes; at the end of the file without.
    pub(super) offset: Option<u64>,
    pub(super) lines: Option<ascii::FromWire>,
}

#[derive(Debug)]
enum Direction {
    Down { source: Source, left: Bytes },
    Up(Sink),
}

/// A transfer under way.
#[derive(Debug)]
pub(super) struct Load {
    direction: Direction,
    pace: Pace,
    pub(super) stop: Option<At>,
    pub(super) moved: u64,
    /// What is said once all of it has moved.
    pub(super) closing: Reply,
}

/// How it went on.
#[derive(Debug)]
pub(super) enum Moved {
    /// To its end.
    Whole,
    /// To the rule's byte.
    Reached,
    /// The connection broke.
    Broken(io::Error),
    /// The tree refused the bytes.
    Refused(files::Error),
    /// The client said `ABOR`, and has had its answer.
    Aborted(Next),
}

impl Load {
    pub(super) fn down(source: Source, closing: Reply, request: &Request, network: Pace) -> Self {
        Self::new(Direction::Down { source, left: Bytes::new() }, closing, request, network)
    }

    pub(super) fn up(sink: Sink, closing: Reply, request: &Request, network: Pace) -> Self {
        Self::new(Direction::Up(sink), closing, request, network)
    }

    fn new(direction: Direction, closing: Reply, request: &Request, network: Pace) -> Self {
        let verdict = &request.verdict;
        let part_way = verdict.part_way().is_some();
        // A rule that acts part way slows nothing before its point, unless that is all it does.
        let pace = Pace {
            rate: verdict.action.rate.or(network.rate),
            chunk: verdict.action.chunk.or(network.chunk),
        };
        Self { direction, pace, stop: part_way.then_some(verdict.at), moved: 0, closing }
    }

    /// What an upload writes to.
    pub(super) fn stored(&self) -> Option<Arc<Handle>> {
        match &self.direction {
            Direction::Up(sink) => Some(Arc::clone(&sink.handle)),
            Direction::Down { .. } => None,
        }
    }

    pub(super) async fn run(&mut self, wire: &mut Wire, files: &Files) -> Moved {
        let moved = match &self.direction {
            Direction::Down { .. } => self.send(wire, files).await,
            Direction::Up(_) => self.receive(wire, files).await,
        };
        moved.unwrap_or_else(|failure| failure)
    }

    async fn send(&mut self, wire: &mut Wire, files: &Files) -> Result<Moved, Moved> {
        let mut pacer = Pacer::begin(self.pace);
        let Direction::Down { source, left } = &mut self.direction else {
            return Ok(Moved::Whole);
        };
        loop {
            let room = match self.stop {
                Some(At::Bytes(stop)) if self.moved >= stop => return Ok(Moved::Reached),
                Some(At::Bytes(stop)) => at_most(stop - self.moved, PIECE),
                _ => PIECE,
            };
            if left.is_empty() {
                let Some(next) = source.next(files).map_err(Moved::Refused)? else {
                    return Ok(Moved::Whole);
                };
                *left = next;
            }
            if left.is_empty() {
                tokio::task::yield_now().await;
                continue;
            }
            let piece = left.split_to(pacer.piece(room).min(left.len()));
            wire.write_all(&piece).await.map_err(Moved::Broken)?;
            self.moved += piece.len() as u64;
            pacer.moved(piece.len()).await;
        }
    }

    async fn receive(&mut self, wire: &mut Wire, files: &Files) -> Result<Moved, Moved> {
        let mut pacer = Pacer::begin(self.pace);
        let Direction::Up(sink) = &mut self.direction else {
            return Ok(Moved::Whole);
        };
        let mut buffer = BytesMut::new();
        let mut most = FIRST_READ;
        loop {
            let room = match self.stop {
                Some(At::Bytes(stop)) if self.moved >= stop => return Ok(Moved::Reached),
                Some(At::Bytes(stop)) => at_most(stop - self.moved, most),
                _ => most,
            };
            let room = pacer.piece(room).min(make_room(&mut buffer, most));
            let size = wire.read(&mut buffer, room).await.map_err(Moved::Broken)?;
            if size == 0 {
                sink.finish(files).map_err(Moved::Refused)?;
                return Ok(Moved::Whole);
            }
            most = if size == FIRST_READ { PIECE } else { most };
            let mut piece = buffer.split().freeze();
            let beyond = match self.stop {
                Some(At::Beyond(stop)) => {
                    stop.checked_sub(self.moved).filter(|room| size as u64 > *room)
                }
                _ => None,
            };
            if let Some(room) = beyond {
                piece.truncate(at_most(room, size));
            }
            self.moved += piece.len() as u64;
            sink.store(piece, files).map_err(Moved::Refused)?;
            if beyond.is_some() {
                return Ok(Moved::Reached);
            }
            pacer.moved(size).await;
        }
    }

    /// The rest of a transfer whose session has ended. Nobody is left to be told of an error.
    pub(super) async fn run_alone(mut self, run: Arc<Run>, mut wire: Wire, keep: Option<Keep>) {
        self.stop = None;
        self.run(&mut wire, &run.files).await;
        if let Some(handle) = self.stored() {
            let _ = settle(&run.files, keep, &handle);
        }
    }
}

/// Makes room in a buffer that stored pieces are cut from, and tells how much there is. A block is used up before
/// the next is taken, or half of a file's memory would be the unused ends of blocks.
fn make_room(buffer: &mut BytesMut, most: usize) -> usize {
    if buffer.capacity() < most.min(ENOUGH) {
        buffer.reserve(if most == PIECE { BLOCK } else { most });
    }
    buffer.capacity().min(most)
}

fn at_most(bytes: u64, most: usize) -> usize {
    usize::try_from(bytes).map_or(most, |bytes| bytes.min(most))
}

impl Source {
    /// A file from an offset on, which counts the bytes of the transfer (RFC 3659, section 5.1).
    pub(super) fn file(handle: Handle, kind: Type, offset: u64) -> Self {
        let (offset, skip) = match kind {
            Type::Image => (offset, 0),
            Type::Ascii => (0, offset),
        };
        Self::File { handle, offset, kind, skip }
    }

    /// The next piece, which may be empty; nothing at the end.
    fn next(&mut self, files: &Files) -> Result<Option<Bytes>, files::Error> {
        match self {
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Ok((!bytes.is_empty()).then_some(bytes))
            }
            Self::File { handle, offset, kind, skip } => {
                let piece = files.read_piece(handle, *offset, PIECE)?;
                if piece.is_empty() {
                    return Ok(None);
                }
                *offset += piece.len() as u64;
                let mut piece = match kind {
                    Type::Image => piece,
                    Type::Ascii => ascii::to_wire(&piece).into(),
                };
                let skipped = at_most(*skip, piece.len());
                *skip -= skipped as u64;
                piece.advance(skipped);
                Ok(Some(piece))
            }
        }
    }
}

/// What an upload leaves behind.
pub(super) fn settle(
    files: &Files,
    keep: Option<Keep>,
    handle: &Handle,
) -> Result<(), files::Error> {
    match keep {
        None | Some(Keep::All) => Ok(()),
        Some(Keep::None) => files.undo(handle),
        Some(Keep::Lost) => files.lose(handle),
        Some(Keep::Size(size)) => files.keep_size(handle, size),
    }
}

impl Sink {
    fn store(&mut self, piece: Bytes, files: &Files) -> Result<(), files::Error> {
        let piece = match &mut self.lines {
            Some(lines) => lines.convert(&piece).into(),
            None => piece,
        };
        self.put(piece, files)
    }

    fn put(&mut self, piece: Bytes, files: &Files) -> Result<(), files::Error> {
        let size = piece.len() as u64;
        match &mut self.offset {
            Some(offset) => {
                files.write(&self.handle, *offset, piece)?;
                *offset += size;
                Ok(())
            }
            None => files.append(&self.handle, piece),
        }
    }

    fn finish(&mut self, files: &Files) -> Result<(), files::Error> {
        let rest = self.lines.as_mut().map_or(&b""[..], ascii::FromWire::finish);
        if rest.is_empty() { Ok(()) } else { self.put(Bytes::from_static(rest), files) }
    }
}

impl Moved {
    /// What is left to be said of a transfer that ended before its end.
    pub(super) fn done(self, request: &mut Request) -> Done {
        match self {
            Self::Refused(error) => {
                request.outcome.fail(Cause::Client, error.to_string());
                let code = match error {
                    files::Error::NoSpace => 452,
                    _ => 451,
                };
                Reply::new(code, error.to_string()).into()
            }
            Self::Broken(error) => {
                request.outcome.fail(Cause::Client, format!("data connection: {error}"));
                Reply::new(426, "Failure reading or writing network stream.").into()
            }
            Self::Aborted(next) => {
                request.outcome.fail(Cause::Client, "the client said ABOR");
                Done { over: next == Next::Over, ..Done::default() }
            }
            Self::Whole | Self::Reached => {
                Reply::new(426, "Connection closed; transfer aborted.").into()
            }
        }
    }
}
