//! A transfer's bytes on their way, at a rule's pace and up to a rule's byte.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::sync::watch;
use tokio::time::timeout;

use super::ascii;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use crate::engine::{At, Damage, Keep, Parting, Repeat, Task};
use crate::fault::damage::damaged;
use crate::fault::{Pace, Pacer, Wire};
use crate::files::{self, Files, Handle};
use crate::journal::Cause;
use crate::run::{EventHandle, Left, Portion, Run, Wait};
use crate::tls::CloseNotify;

/// Bytes moved at once. Smaller pieces are measurably slower, bigger ones gain nothing.
const PIECE: usize = 256 * 1024;
/// The first read of an upload: most files are small, and an unused buffer is not free.
const FIRST_READ: usize = 16 * 1024;

/// The memory that a big upload is read into, block after block.
const BLOCK: usize = 4 * PIECE;
/// The room worth another read into the same block.
const ENOUGH: usize = 64 * 1024;

/// What goes down to the client.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A file from an offset on; the first bytes that it makes may have to be skipped.
    File { handle: Arc<Handle>, offset: u64, lines: Option<ascii::ToWire>, skip: u64 },
    /// A listing, or what a rule sends.
    Bytes(Bytes),
    /// One after the other.
    Chain(VecDeque<Source>),
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
    Down { source: Source, left: Bytes, again: Again },
    Up(Sink),
}

impl Direction {
    fn down(source: Source, mut repeat: Repeat) -> Self {
        repeat.take_one();
        let again = Again { source: source.clone(), repeat, sent: 0 };
        Self::Down { source, left: Bytes::new(), again }
    }
}

/// The content to repeat.
#[derive(Debug)]
struct Again {
    source: Source,
    repeat: Repeat,
    /// What of it has been sent: an empty content would otherwise repeat without end.
    sent: u64,
}

/// A transfer under way.
#[derive(Debug)]
pub(super) struct Load {
    direction: Direction,
    pace: Pace,
    pub(super) stop: Option<At>,
    /// What becomes of the next byte once `stop` is behind us.
    damage: Option<Damage>,
    pub(super) moved: u64,
    /// What is said once all of it has moved.
    pub(super) closing: Reply,
    /// The event that it belongs to.
    event: EventHandle,
    /// Nobody waits for the pace any more: the client has left the session.
    hurry: watch::Sender<bool>,
    /// Whether the client's TLS has to end by `close_notify`.
    pub(super) close_notify: CloseNotify,
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
    /// What has no end of its own came to the cap on stalls.
    Capped,
    /// The client said `ABOR`, and has had its answer.
    Aborted(Next),
    /// A rule ended it because the session was silent.
    Silenced(Next),
    /// As it may have been, after the session itself had ended.
    WithoutSession(Box<Self>),
}

impl Load {
    pub(super) fn down(source: Source, closing: Reply, request: &Request, network: Pace) -> Self {
        let verdict = request.verdict();
        // Of a rule that sends its own bytes later, those are repeated.
        let is_whole = verdict.content(request.task).is_none()
            || verdict.whole_content(request.task).is_some();
        let repeat = if is_whole { verdict.repeat() } else { Repeat::default() };
        Self::new(Direction::down(source, repeat), closing, request, network)
    }

    pub(super) fn up(sink: Sink, closing: Reply, request: &Request, network: Pace) -> Self {
        Self::new(Direction::Up(sink), closing, request, network)
    }

    fn new(direction: Direction, closing: Reply, request: &Request, network: Pace) -> Self {
        let verdict = request.verdict();
        let part_way = verdict.part_way().is_some();
        // A rule that acts part way slows nothing before its point, unless that is all it does.
        let pace = Pace {
            rate: verdict.rate().or(network.rate),
            chunk: verdict.chunk().or(network.chunk),
        };
        let stop = verdict.plan(request.task).stop.filter(|_| part_way);
        let (damage, event) = (verdict.damage(), request.event.handle());
        let hurry = watch::Sender::new(false);
        let close_notify = CloseNotify::Any;
        Self { direction, pace, stop, damage, moved: 0, closing, event, hurry, close_notify }
    }

    /// The event that it belongs to.
    pub(super) fn event(&self) -> EventHandle {
        self.event.clone()
    }

    /// Tells the transfer that nobody waits for its pace any more.
    pub(super) fn hurry(&self) -> watch::Sender<bool> {
        self.hurry.clone()
    }

    /// The file that is written, or read.
    pub(super) fn file(&self) -> Option<Left> {
        let handle = match &self.direction {
            Direction::Up(sink) => &sink.handle,
            Direction::Down { source, .. } => source.file_within()?,
        };
        Some(Left::File(Arc::clone(handle)))
    }

    /// These bytes are what is still to go down to the client.
    pub(super) fn supply(&mut self, source: Source) {
        self.direction = Direction::down(source, self.event.verdict().repeat());
        self.stop = None;
    }

    /// Whether the bytes go down to the client.
    pub(super) fn goes_down(&self) -> bool {
        matches!(self.direction, Direction::Down { .. })
    }

    pub(super) async fn run(&mut self, wire: &mut Wire, run: &Run) -> Moved {
        self.event.moved(self.moved);
        if self.event.verdict().acts_on_all_bytes() {
            self.event.act();
        }
        let moved = match &self.direction {
            Direction::Down { again: Again { repeat: Repeat::Endless, .. }, .. } => {
                let sending = timeout(run.max_hold, self.send(wire, &run.files));
                sending.await.unwrap_or(Ok(Moved::Capped))
            }
            Direction::Down { .. } => self.send(wire, &run.files).await,
            Direction::Up(_) => self.receive(wire, &run.files).await,
        };
        moved.unwrap_or_else(|failure| failure)
    }

    async fn send(&mut self, wire: &mut Wire, files: &Files) -> Result<Moved, Moved> {
        let mut pacer = Pacer::begin(self.pace);
        let Direction::Down { source, left, again } = &mut self.direction else {
            return Ok(Moved::Whole);
        };
        loop {
            let room = match self.stop {
                Some(At::Bytes(stop)) if self.moved >= stop => return Ok(Moved::Reached),
                Some(At::Bytes(stop)) => at_most(stop - self.moved, PIECE),
                _ => PIECE,
            };
            if left.is_empty() {
                *left = match source.next(files, room).map_err(Moved::Refused)? {
                    Some(next) => next,
                    None if again.begins(source) => continue,
                    None => return Ok(Moved::Whole),
                };
            }
            if left.is_empty() {
                tokio::task::yield_now().await;
                continue;
            }
            let piece = left.split_to(pacer.piece(room).min(left.len()));
            let size = piece.len();
            if self.stop.is_none() && self.damage.take_if(|damage| *damage == Damage::Mac).is_some()
            {
                wire.break_next_mac();
            }
            let piece = damage_first(piece, self.stop, &mut self.damage);
            wire.write_all(&piece).await.map_err(Moved::Broken)?;
            self.moved += size as u64;
            self.event.moved(self.moved);
            again.sent += size as u64;
            let wait = pacer.moved(size);
            if wait.is_zero() {
                yield_if(self.pace).await;
                continue;
            }
            let gone = wire.left(Task::Down);
            if held_back(&self.event, wait, gone, &self.hurry).await {
                pacer = Pacer::begin(Pace::default());
            } else if wire.has_departed() {
                return Err(Moved::Broken(io::ErrorKind::ConnectionAborted.into()));
            }
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
                let parting = wire.parting();
                self.event.parted(parting);
                sink.finish(files).map_err(Moved::Refused)?;
                if self.close_notify == CloseNotify::Required && parting == Some(Parting::Torn) {
                    let why = "TLS ended without close_notify";
                    return Err(Moved::Broken(io::Error::new(io::ErrorKind::UnexpectedEof, why)));
                }
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
            self.event.moved(self.moved);
            let piece = damage_first(piece, self.stop, &mut self.damage);
            sink.store(piece, files).map_err(Moved::Refused)?;
            if beyond.is_some() {
                return Ok(Moved::Reached);
            }
            let wait = pacer.moved(size);
            if wait.is_zero() {
                yield_if(self.pace).await;
            } else if held_back(&self.event, wait, wire.left(Task::Up), &self.hurry).await {
                pacer = Pacer::begin(Pace::default());
            }
        }
    }

    /// The rest of a transfer whose session has ended. Nobody is left to be told of an error.
    pub(super) async fn run_alone(
        mut self,
        run: Arc<Run>,
        mut wire: Wire,
        keep: Option<Keep>,
        left: Option<Left>,
    ) {
        self.stop = None;
        let mut plug = run.power.plug();
        tokio::select! {
            _ = self.run(&mut wire, &run) => {}
            () = plug.failure() => {}
        }
        if let Some(left) = left {
            let _ = run.settle(keep, left);
        }
    }
}

/// Lets a piece leave as a segment of its own, where there is a pace.
async fn yield_if(pace: Pace) {
    if !pace.is_free() {
        tokio::task::yield_now().await;
    }
}

/// Waits until the pace allows more. Tells whether nobody waits for it any more.
async fn held_back(
    event: &EventHandle,
    wait: Duration,
    gone: impl Future<Output = ()>,
    hurry: &watch::Sender<bool>,
) -> bool {
    let mut hurries = hurry.subscribe();
    let left = async {
        tokio::select! {
            () = gone => {}
            _ = hurries.wait_for(|hurries| *hurries) => {}
        }
    };
    let slowed = event.verdict().rate().is_some();
    let wait = if slowed { Wait::Pace(wait) } else { Wait::Other(wait) };
    event.hold(wait, left).await;
    *hurry.borrow()
}

/// Makes room in a buffer that stored pieces are cut from, and tells how much there is. A block is used up before
/// the next is taken, or half of a file's memory would be the unused ends of blocks.
fn make_room(buffer: &mut BytesMut, most: usize) -> usize {
    if buffer.capacity() < most.min(ENOUGH) {
        buffer.reserve(if most == PIECE { BLOCK } else { most });
    }
    buffer.capacity().min(most)
}

/// The bytes with the first of them damaged, once, if nothing stops before it.
fn damage_first(piece: Bytes, stop: Option<At>, damage: &mut Option<Damage>) -> Bytes {
    match damage.take_if(|_| stop.is_none()) {
        Some(damage) => damaged(piece.into(), 0, damage).into(),
        None => piece,
    }
}

impl Again {
    /// Begins once more, if it is to be sent once more.
    fn begins(&mut self, source: &mut Source) -> bool {
        let again = std::mem::take(&mut self.sent) > 0 && self.repeat.take_one();
        if again {
            *source = self.source.clone();
        }
        again
    }
}

fn at_most(bytes: u64, most: usize) -> usize {
    usize::try_from(bytes).map_or(most, |bytes| bytes.min(most))
}

impl Source {
    /// What a rule sends, in which the truth may stand.
    pub(super) fn told(portions: Vec<Portion>, truth: Option<&Self>) -> Self {
        let sources = portions.into_iter().filter_map(|portion| match portion {
            Portion::Own(bytes) => Some(Self::Bytes(bytes)),
            Portion::Truth => truth.cloned(),
        });
        Self::Chain(sources.collect())
    }

    /// How many bytes it has, if a file has so many.
    pub(super) fn size(&self, of_file: u64) -> u64 {
        match self {
            Self::File { .. } => of_file,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Chain(sources) => sources.iter().map(|source| source.size(of_file)).sum(),
        }
    }

    fn file_within(&self) -> Option<&Arc<Handle>> {
        match self {
            Self::File { handle, .. } => Some(handle),
            Self::Bytes(_) => None,
            Self::Chain(sources) => sources.iter().find_map(Self::file_within),
        }
    }

    /// A file from an offset on, which counts the bytes of the transfer (RFC 3659, section 5.1).
    pub(super) fn file(handle: Handle, lines: Option<ascii::ToWire>, offset: u64) -> Self {
        let (offset, skip) = if lines.is_some() { (0, offset) } else { (offset, 0) };
        Self::File { handle: handle.into(), offset, lines, skip }
    }

    /// The next piece, which may be empty; nothing at the end. Of a file, which may change meanwhile, no more is
    /// read than goes out at once.
    fn next(&mut self, files: &Files, most: usize) -> Result<Option<Bytes>, files::Error> {
        match self {
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Ok((!bytes.is_empty()).then_some(bytes))
            }
            Self::Chain(sources) => {
                while let Some(first) = sources.front_mut() {
                    if let Some(piece) = first.next(files, most)? {
                        return Ok(Some(piece));
                    }
                    sources.pop_front();
                }
                Ok(None)
            }
            Self::File { handle, offset, lines, skip } => {
                let piece = files.read_piece(handle, *offset, most)?;
                if piece.is_empty() {
                    return Ok(None);
                }
                *offset += piece.len() as u64;
                let mut piece = match lines {
                    None => piece,
                    Some(lines) => lines.convert(&piece).into(),
                };
                let skipped = at_most(*skip, piece.len());
                *skip -= skipped as u64;
                piece.advance(skipped);
                Ok(Some(piece))
            }
        }
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
    /// The same, with nobody left to be told.
    pub(super) fn without_session(self) -> Self {
        Self::WithoutSession(Box::new(self))
    }

    /// What is left to be said of a transfer that ended before its end.
    pub(super) fn done(self, request: &mut Request) -> Done {
        match self {
            Self::Refused(error) => {
                request.event.fail(Cause::Client, error.to_string());
                let code = match error {
                    files::Error::NoSpace => 452,
                    _ => 451,
                };
                Reply::new(code, error.to_string()).into()
            }
            Self::Broken(error) => {
                request.event.fail(Cause::Client, format!("data connection: {error}"));
                Reply::new(426, "Failure reading or writing network stream.").into()
            }
            Self::Capped => {
                request.event.fail(Cause::Rule, "an endless transfer ended at the cap on stalls");
                Reply::new(426, "Connection closed; transfer aborted.").into()
            }
            Self::Aborted(next) => {
                request.event.fail(Cause::Client, "the client said ABOR");
                Done::broken_off(next)
            }
            Self::Silenced(next) => {
                request.event.fail(Cause::Rule, "a rule on `idle` ended the data connection");
                Done::broken_off(next)
            }
            Self::WithoutSession(moved) => {
                if !matches!(*moved, Self::Whole | Self::Reached) {
                    moved.done(request);
                }
                request.event.note("a rule on `idle` had ended the session before");
                Done::broken_off(Next::Over)
            }
            Self::Whole | Self::Reached => {
                Reply::new(426, "Connection closed; transfer aborted.").into()
            }
        }
    }
}
