//! The half of a session that waits for the client: a queue of what is to be said, and the task that says it.
//!
//! The reader never waits for the writer. A client asks for a whole file at once and only then listens; a server that
//! waits until an answer is taken before it hears the next request would wait for ever, for what it does not hear is
//! also that the client has room again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};

use super::answer::Frame;
use crate::engine::{Ending, Repeat};
use crate::fault::channel::{Gone, Outgoing};
use crate::fault::{Pace, Pacer};

/// Answers that may wait for a client that asks and does not listen: enough for a file of 8 GiB, asked for at once
/// in pieces of 32 KiB.
const MOST_ANSWERS: usize = 262_144;
/// Their memory, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How long an answer waits for another that passes it.
const PATIENCE: Duration = Duration::from_millis(200);
/// Said at once: bigger pieces gain nothing.
const PIECE: usize = 128 * 1024;

/// Something to be done, in order.
#[derive(Debug)]
pub(super) enum Item {
    Say(Frame, Option<Paced>),
    /// Said so often; without end, until then.
    Repeat(Frame, Repeat, Instant),
    /// The next answer passes this one.
    Hold(Frame),
    /// A message of the protocol below.
    Message(Bytes),
    Wait(Instant),
    EndChannel(Ending),
    EndConnection(Ending, Vec<u8>),
    Finish(u32),
}

/// The pace of an answer, which is that of its transfer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paced {
    /// The transfer's number.
    pub(super) transfer: u32,
    pub(super) pace: Pace,
    /// Bytes that have come up: their acknowledgement waits until the pace allows them.
    pub(super) up: usize,
}

/// A client asks for more than we keep for one that does not listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

/// The reader's end of the queue.
#[derive(Debug)]
pub(super) struct Queue {
    items: UnboundedSender<Item>,
    waiting: Arc<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    answers: AtomicUsize,
    bytes: AtomicUsize,
}

/// The writer's end of the queue.
#[derive(Debug)]
pub(super) struct Queued {
    items: UnboundedReceiver<Item>,
    waiting: Arc<Waiting>,
}

pub(super) fn queue() -> (Queue, Queued) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let waiting = Arc::new(Waiting::default());
    let queued = Queued { items: receiver, waiting: Arc::clone(&waiting) };
    (Queue { items: sender, waiting }, queued)
}

impl Queue {
    pub(super) fn put(&self, item: Item) -> Result<(), Full> {
        if let Item::Say(frame, _) | Item::Hold(frame) | Item::Repeat(frame, ..) = &item {
            let bytes = self.waiting.bytes.fetch_add(frame.weight(), Ordering::Relaxed);
            let answers = self.waiting.answers.fetch_add(1, Ordering::Relaxed);
            if answers >= MOST_ANSWERS || bytes >= MOST_BYTES {
                return Err(Full);
            }
        }
        // A writer that is gone has nobody to say it to; the reader will hear of that.
        let _ = self.items.send(item);
        Ok(())
    }
}

impl Queued {
    async fn next(&mut self) -> Option<Item> {
        let item = self.items.recv().await;
        self.taken(item)
    }

    fn at_once(&mut self) -> Option<Item> {
        let item = self.items.try_recv().ok();
        self.taken(item)
    }

    fn taken(&self, item: Option<Item>) -> Option<Item> {
        if let Some(Item::Say(frame, _) | Item::Hold(frame) | Item::Repeat(frame, ..)) = &item {
            self.waiting.answers.fetch_sub(1, Ordering::Relaxed);
            self.waiting.bytes.fetch_sub(frame.weight(), Ordering::Relaxed);
        }
        item
    }
}

/// Says what is queued until there is nothing more, or nobody to say it to.
pub(super) async fn write(queued: Queued, outgoing: impl Outgoing) {
    let writer =
        Writer { queued, outgoing, pacers: HashMap::new(), out: Vec::new(), passed: Vec::new() };
    // Nobody is left to be told.
    let _ = writer.run().await;
}

struct Writer<O> {
    queued: Queued,
    outgoing: O,
    pacers: HashMap<u32, Pacer>,
    out: Vec<u8>,
    /// Answers that the next one passes.
    passed: Vec<Frame>,
}

impl<O: Outgoing> Writer<O> {
    async fn run(mut self) -> Result<(), Gone> {
        while let Some(first) = self.next().await? {
            let mut next = Some(first);
            while let Some(item) = next {
                let answers = matches!(item, Item::Say(..));
                self.item(item).await?;
                if answers {
                    self.let_the_passed_go();
                }
                next = if self.out.len() < PIECE { self.queued.at_once() } else { None };
            }
            self.flush().await?;
        }
        Ok(())
    }

    /// The next item. An answer that waits to be passed goes by itself if none comes: the client may wait for it.
    async fn next(&mut self) -> Result<Option<Item>, Gone> {
        if !self.passed.is_empty() {
            if let Ok(next) = timeout(PATIENCE, self.queued.next()).await {
                return Ok(next);
            }
            self.let_the_passed_go();
            self.flush().await?;
        }
        Ok(self.queued.next().await)
    }

    fn let_the_passed_go(&mut self) {
        for frame in self.passed.drain(..) {
            frame.put(&mut self.out);
        }
    }

    async fn item(&mut self, item: Item) -> Result<(), Gone> {
        match item {
            Item::Say(frame, None) => {
                frame.put(&mut self.out);
                return Ok(());
            }
            Item::Say(frame, Some(paced)) => return self.dribble(frame, paced).await,
            Item::Hold(frame) => {
                self.passed.push(frame);
                return Ok(());
            }
            Item::Repeat(frame, mut repeat, until) => {
                let frame = frame.bytes();
                while Instant::now() < until && repeat.take_one() {
                    self.flush().await?;
                    self.out.extend_from_slice(&frame);
                    // A client that takes all at once leaves others their turn, too.
                    yield_now().await;
                }
                return Ok(());
            }
            Item::Wait(until) => {
                if until > Instant::now() {
                    self.flush().await?;
                    sleep_until(until).await;
                }
                return Ok(());
            }
            Item::Message(message) => {
                self.flush().await?;
                return self.outgoing.message(message).await;
            }
            Item::Finish(status) => {
                self.flush().await?;
                self.outgoing.finish(status).await;
            }
            Item::EndChannel(ending) => {
                self.flush().await?;
                self.outgoing.end_channel(ending).await;
            }
            Item::EndConnection(ending, farewell) => {
                self.flush().await?;
                self.outgoing.end_connection(ending, &farewell).await;
            }
        }
        // Nothing can be said any more.
        Err(Gone)
    }

    /// Says it as fast as the transfer's pace allows.
    async fn dribble(&mut self, frame: Frame, rate: Paced) -> Result<(), Gone> {
        self.flush().await?;
        let pacer = self.pacers.entry(rate.transfer).or_insert_with(|| Pacer::begin(rate.pace));
        if rate.up > 0 {
            pacer.moved(rate.up).await;
            return self.outgoing.say(frame.bytes()).await;
        }
        let mut bytes = frame.bytes();
        while !bytes.is_empty() {
            let piece = bytes.split_to(pacer.piece(bytes.len()));
            pacer.moved(piece.len()).await;
            self.outgoing.say(piece).await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        if self.out.is_empty() {
            return Ok(());
        }
        let out = std::mem::take(&mut self.out);
        self.outgoing.say(out.into()).await
    }
}
