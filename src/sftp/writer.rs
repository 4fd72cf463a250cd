//! The half of a session that waits: a queue of what is to be said and done, and the task that does it.
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
use tokio::time::{Instant, timeout};

use super::answer::Frame;
use super::owed::{Owed, Presence};
use crate::engine::{Ending, Keep, Repeat};
use crate::fault::channel::{Gone, Outgoing};
use crate::fault::{self, Held, Pace, Pacer};
use crate::journal::Cause;
use crate::run::{EventHandle, Left, Run, Wait};

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
    Say(Frame, Option<Box<Paced>>),
    /// Said so often.
    Repeat(Frame, Repeat),
    /// The next answer passes this one.
    Pass(Frame),
    /// A message of the protocol below.
    Message(Bytes),
    Hold(Box<Hold>),
    /// The rule of this event acts.
    Act(EventHandle),
    /// What the rule of this event keeps.
    Settle(Keep, Box<Left>, EventHandle),
    /// All of the answer to this event has been said, in this line.
    Answered(EventHandle, Vec<u8>),
    Over(Box<Over>),
    Finish(u32),
}

/// A wait before the next item.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) until: Until,
    /// The rule's, or the network's.
    pub(super) wait: fn(Duration) -> Wait,
    /// Whose event it is, if it has one.
    pub(super) event: Option<EventHandle>,
    /// The transfer that it belongs to.
    pub(super) transfer: Option<EventHandle>,
}

/// When a wait is over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Until {
    /// Then. Requests that have come since its own wait at the same time, and no longer for it.
    Due(Instant),
    /// So long after all that comes before it is done: one request is done after the other.
    After(Duration),
}

/// The last step of an event: what ends with it.
#[derive(Debug)]
pub(super) struct Over {
    pub(super) owed: Owed,
    /// How the channel ends, and how the connection does, if the rule of this event says so.
    pub(super) ends: Option<(EventHandle, Option<Ending>, Option<Ending>)>,
}

/// The pace of an answer.
#[derive(Debug)]
pub(super) struct Paced {
    /// The transfer's number; none if the request has a pace of its own.
    pub(super) transfer: Option<u32>,
    pub(super) pace: Pace,
    pub(super) event: EventHandle,
    /// The rule's, or the network's.
    pub(super) wait: fn(Duration) -> Wait,
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
    /// Puts it in, also where it is one too many.
    pub(super) fn put(&self, item: Item) -> Result<(), Full> {
        let mut is_full = false;
        if let Some(frame) = item.frame() {
            let bytes = self.waiting.bytes.fetch_add(frame.weight(), Ordering::Relaxed);
            let answers = self.waiting.answers.fetch_add(1, Ordering::Relaxed);
            is_full = answers >= MOST_ANSWERS || bytes >= MOST_BYTES;
        }
        // A writer that is gone has nobody to say it to; the reader will hear of that.
        let _ = self.items.send(item);
        if is_full { Err(Full) } else { Ok(()) }
    }
}

impl Item {
    fn frame(&self) -> Option<&Frame> {
        match self {
            Self::Say(frame, _) | Self::Pass(frame) | Self::Repeat(frame, _) => Some(frame),
            _ => None,
        }
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
        if let Some(frame) = item.as_ref().and_then(Item::frame) {
            self.waiting.answers.fetch_sub(1, Ordering::Relaxed);
            self.waiting.bytes.fetch_sub(frame.weight(), Ordering::Relaxed);
        }
        item
    }
}

/// Does what is queued until there is nothing more, or nobody to say it to.
pub(super) async fn write(
    queued: Queued,
    outgoing: impl Outgoing,
    run: Arc<Run>,
    presence: Presence,
) {
    let mut writer = Writer {
        queued,
        outgoing,
        run,
        presence,
        pacers: HashMap::new(),
        out: Vec::new(),
        passed: Vec::new(),
        said: Vec::new(),
    };
    let _ = writer.run().await;
    // What is left in the queue has nobody to be told to.
    writer.presence.leave();
}

struct Writer<O> {
    queued: Queued,
    outgoing: O,
    run: Arc<Run>,
    presence: Presence,
    pacers: HashMap<u32, Pacer>,
    out: Vec<u8>,
    /// Answers that the next one passes.
    passed: Vec<Frame>,
    /// What has been said as soon as `out` is.
    said: Vec<Said>,
}

/// What follows when an answer has left.
enum Said {
    Answered(EventHandle, Vec<u8>),
    Over(Owed),
}

impl<O: Outgoing> Writer<O> {
    async fn run(&mut self) -> Result<(), Gone> {
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
            Item::Say(frame, None) => frame.put(&mut self.out),
            Item::Say(frame, Some(paced)) => self.dribble(frame, *paced).await?,
            Item::Pass(frame) => self.passed.push(frame),
            Item::Repeat(frame, repeat) => self.repeat(frame, repeat).await?,
            Item::Hold(hold) => self.hold(&hold).await?,
            Item::Act(event) => {
                self.flush().await?;
                event.act();
            }
            Item::Settle(keep, left, event) => {
                if let Err(error) = self.run.settle(Some(keep), *left) {
                    event.fail(Cause::Badftp, format!("`keep` could not be done: {error}"));
                }
            }
            Item::Message(message) => {
                self.flush().await?;
                self.outgoing.message(message).await?;
            }
            Item::Answered(event, line) => self.said.push(Said::Answered(event, line)),
            Item::Over(over) => match *over {
                Over { owed, ends: None } => self.said.push(Said::Over(owed)),
                Over { owed, ends: Some((event, data, then)) } => {
                    self.flush().await?;
                    self.end(&event, data, then).await;
                    owed.end();
                    // Nothing can be said any more.
                    return Err(Gone);
                }
            },
            Item::Finish(status) => {
                self.let_the_passed_go();
                self.flush().await?;
                self.outgoing.finish(status).await;
                return Err(Gone);
            }
        }
        Ok(())
    }

    /// Says it again and again, up to the cap on stalls.
    async fn repeat(&mut self, frame: Frame, mut repeat: Repeat) -> Result<(), Gone> {
        let (frame, until) = (frame.bytes(), Instant::now() + self.run.max_hold);
        let endless = repeat == Repeat::Endless;
        while Instant::now() < until && repeat.take_one() {
            self.flush().await?;
            if endless && self.presence.has_left() {
                break;
            }
            self.out.extend_from_slice(&frame);
            // A client that takes all at once leaves others their turn, too.
            yield_now().await;
        }
        Ok(())
    }

    /// Says it as fast as its pace allows.
    async fn dribble(&mut self, frame: Frame, pace: Paced) -> Result<(), Gone> {
        self.flush().await?;
        let mut own = Pacer::begin(pace.pace);
        let (mut bytes, mut up) = (frame.bytes(), pace.up);
        while up > 0 || !bytes.is_empty() {
            let keeper = match pace.transfer {
                Some(number) => {
                    self.pacers.entry(number).or_insert_with(|| Pacer::begin(pace.pace))
                }
                None => &mut own,
            };
            let size = keeper.piece(if up > 0 { up } else { bytes.len() });
            let wait = (pace.wait)(keeper.moved(size));
            pace.event.hold(wait, self.gone()).await;
            if up > size {
                up -= size;
                continue;
            }
            let piece = if up > 0 { std::mem::take(&mut bytes) } else { bytes.split_to(size) };
            up = 0;
            self.say(piece).await?;
        }
        Ok(())
    }

    /// Says it in pieces, where the scenario's network takes no more at once: a packet may leave in several.
    async fn say(&self, mut bytes: Bytes) -> Result<(), Gone> {
        let most = self.run.network.chunk.and_then(|chunk| usize::try_from(chunk).ok());
        let most = most.unwrap_or(usize::MAX).max(1);
        while bytes.len() > most {
            self.outgoing.say(bytes.split_to(most)).await?;
        }
        self.outgoing.say(bytes).await
    }

    /// Waits, and tells those who wait for it if the client has left meanwhile. What is owed to it is still said.
    async fn hold(&mut self, hold: &Hold) -> Result<(), Gone> {
        let left = match hold.until {
            Until::Due(due) => due.saturating_duration_since(Instant::now()),
            Until::After(length) => length,
        };
        if left.is_zero() {
            return Ok(());
        }
        self.flush().await?;
        let wait = (hold.wait)(left);
        let ended = match &hold.event {
            Some(event) => event.hold(wait, self.gone()).await,
            None => fault::hold(left, self.run.max_hold, self.gone()).await,
        };
        match ended {
            Held::Over => {}
            Held::Left => {
                if let (Wait::For(_), Some(transfer)) = (wait, &hold.transfer) {
                    transfer.fail(Cause::Rule, "");
                }
            }
            // The cap ends the session, as it ends a stall.
            Held::Capped => {
                self.presence.ended_by_a_rule();
                self.outgoing.end_connection(Ending::Cut, b"").await;
                return Err(Gone);
            }
        }
        Ok(())
    }

    /// Ends the channel and the connection as the rule of an event says.
    async fn end(&self, event: &EventHandle, data: Option<Ending>, then: Option<Ending>) {
        if let Some(ending) = data {
            if ending == Ending::Stall {
                self.outgoing.end_channel(ending).await;
            }
            let ending = event.hold_ending(ending, self.gone()).await;
            self.outgoing.end_channel(ending).await;
        }
        if let Some(ending) = then {
            if ending == Ending::Stall {
                self.outgoing.end_connection(ending, b"").await;
            }
            let ending = event.hold_ending(ending, self.gone()).await;
            self.outgoing.end_connection(ending, event.verdict().farewell()).await;
        }
    }

    /// Waits until the client has left.
    async fn gone(&self) {
        tokio::select! {
            () = self.presence.left() => {}
            () = self.outgoing.departed() => {}
        }
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        if !self.out.is_empty() {
            let out = std::mem::take(&mut self.out);
            self.say(out.into()).await?;
        }
        if self.passed.is_empty() {
            for said in self.said.drain(..) {
                match said {
                    Said::Answered(event, line) => {
                        event.said(&line);
                        event.answered();
                    }
                    Said::Over(owed) => owed.end(),
                }
            }
        }
        Ok(())
    }
}
