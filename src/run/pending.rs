//! One life for an event: decided, acting, answered, ended. A [`Pending`] event has one owner; dropping it ends it, and
//! nobody but a run writes the journal.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{Open, Run, now};
use crate::engine::{Ending, Event, Order, Parting, Tls, Verdict};
use crate::fault::{Held, hold};
use crate::journal::{Cause, Happening, Outcome, Record, Secrecy, Success};

/// What is written down of an event whose client did not wait for the end of its hold.
const LEFT: &str = "the client left while it was held";
/// What is written down of an event whose session did not come to its own end.
const STOPPED: &str = "the server stopped before it was over";

/// An event that was decided, until it is dropped: then it has ended, and is written down.
#[derive(Debug)]
pub struct Pending {
    handle: EventHandle,
    open: Option<Open>,
    is_done: bool,
}

/// A hand in an event: whoever holds one may let it act, hold it and answer it; only its owner ends it.
#[derive(Debug, Clone)]
pub struct EventHandle(Arc<Live>);

/// An event under way, as its owner and the snapshots of its run see it.
#[derive(Debug)]
struct Live {
    run: Arc<Run>,
    /// Counted within the run: its place among those under way.
    number: u64,
    what: Happening,
    verdict: Verdict,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    outcome: Outcome,
    /// When the hold began in which it is.
    held_since: Option<Duration>,
    /// When its last byte moved.
    moved_at: Duration,
}

/// For how long, and on whose behalf, an event is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// A delay or a pause of its rule.
    For(Duration),
    /// Its rule stalls, up to the cap.
    Stall,
    /// Until its rule's rate allows more bytes.
    Pace(Duration),
    /// What is no rule's of this event: the delay of the scenario's network, or a port that another rule has shut.
    Other(Duration),
}

/// The events of a run that are under way.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    last: u64,
    events: std::collections::BTreeMap<u64, Arc<Live>>,
}

impl Run {
    /// Asks the engine once about an event. It is under way until what comes back is dropped.
    pub fn decide(
        self: &Arc<Self>,
        event: &Event<'_>,
        client: SocketAddr,
        secrecy: Secrecy,
    ) -> Pending {
        let (verdict, open) = self.ask(event);
        self.pending(event, client, secrecy, verdict, open)
    }

    /// The same, of an event that is worth no record where no rule acts on it.
    pub fn decide_if_ruled(
        self: &Arc<Self>,
        event: &Event<'_>,
        client: SocketAddr,
    ) -> Option<Pending> {
        let (verdict, open) = self.ask(event);
        verdict.rule?;
        Some(self.pending(event, client, Secrecy::Open, verdict, open))
    }

    fn ask(self: &Arc<Self>, event: &Event<'_>) -> (Verdict, Open) {
        let mut verdict = self.engine.decide(event);
        let opened = std::mem::take(&mut verdict.opened);
        let changed = verdict.enters_a_state() || !opened.is_empty();
        let open = Open { run: Arc::clone(self), opened };
        if changed {
            self.changes.send_replace(());
        }
        (verdict, open)
    }

    fn pending(
        self: &Arc<Self>,
        event: &Event<'_>,
        client: SocketAddr,
        secrecy: Secrecy,
        verdict: Verdict,
        open: Open,
    ) -> Pending {
        let what = Happening::of(event, client, Some(&verdict), secrecy);
        let live =
            |number| Live { run: Arc::clone(self), number, what, verdict, state: Mutex::default() };
        let live = self.under_way.lock().add(live);
        Pending { handle: EventHandle(live), open: Some(open), is_done: false }
    }
}

impl UnderWay {
    fn add(&mut self, live: impl FnOnce(u64) -> Live) -> Arc<Live> {
        self.last += 1;
        let live = Arc::new(live(self.last));
        self.events.insert(self.last, Arc::clone(&live));
        live
    }

    pub(super) fn records(&self) -> Vec<Arc<Record>> {
        self.events.values().map(|live| Arc::new(live.record())).collect()
    }
}

impl Live {
    /// As it would be written down now. What is held is judged as held so long.
    fn record(&self) -> Record {
        let mut outcome = {
            let state = self.state.lock();
            let mut outcome = state.outcome.clone();
            if let Some(since) = state.held_since {
                outcome.held += self.run.elapsed().saturating_sub(since);
                outcome.note(format!("still held, by now for {:.1?}", outcome.held));
                if outcome.fired {
                    outcome.fail(Cause::Rule, "");
                }
            }
            outcome
        };
        if outcome.success == Success::Ok {
            outcome.success = Success::Open;
        }
        Record::new(self.run.number, self.what.clone(), outcome, now())
    }
}

impl EventHandle {
    /// What was decided.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.0.verdict
    }

    /// The wire's own word for it.
    #[must_use]
    pub fn wire(&self) -> Option<&str> {
        self.0.what.wire.as_deref()
    }

    /// The rule begins to act: its hold begins, or its first slowed or spoilt byte goes out, or its answer does. From now
    /// on it has fired.
    pub fn act(&self) {
        let Some(rule) = self.0.verdict.rule else { return };
        let mut state = self.0.state.lock();
        if state.outcome.acted.is_none() {
            state.outcome.acted = Some(self.0.run.elapsed());
            state.outcome.fired = true;
            drop(state);
            self.0.run.engine.enter(&self.0.verdict);
            if self.0.verdict.enters_a_state() {
                self.0.run.changes.send_replace(());
            }
            self.0.run.fired.lock().count(rule, self.0.what.began);
        }
    }

    /// Whether the rule has begun to act.
    #[must_use]
    pub fn has_acted(&self) -> bool {
        self.0.state.lock().outcome.fired
    }

    /// Notes a failure, with a sentence or an empty one; the first cause and the first sentence stay.
    pub fn fail(&self, cause: Cause, detail: impl Into<String>) {
        self.0.state.lock().outcome.fail(cause, detail);
    }

    /// Notes a sentence for people; the first one stays.
    pub fn note(&self, detail: impl Into<String>) {
        self.0.state.lock().outcome.note(detail);
    }

    /// Notes what is said.
    pub fn said(&self, bytes: &[u8]) {
        self.0.state.lock().outcome.said(bytes);
    }

    /// The last of what was said has left for the client.
    pub fn answered(&self) {
        let now = self.0.run.elapsed();
        self.0.state.lock().outcome.answered = Some(now);
    }

    /// So many bytes have moved by now.
    pub fn moved(&self, bytes: u64) {
        let now = self.0.run.elapsed();
        let mut state = self.0.state.lock();
        state.outcome.bytes = Some(bytes);
        state.moved_at = now;
    }

    /// For how long no byte has moved.
    #[must_use]
    pub fn stands_still(&self) -> Duration {
        self.0.run.elapsed().saturating_sub(self.0.state.lock().moved_at)
    }

    /// The bytes that have moved, if any could.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.0.state.lock().outcome.bytes
    }

    /// The byte of the file at which its bytes begin. The first one stays.
    pub fn begins_at(&self, offset: u64) {
        self.0.state.lock().outcome.offset.get_or_insert(offset);
    }

    /// One of the requests of a transfer has come: it begins there, is about so many bytes, and goes on where the one before
    /// it ended, or does not.
    pub fn asked(&self, offset: u64, length: u64, order: Order) {
        self.0.state.lock().outcome.asked(offset, length, order);
    }

    /// The TLS of its connection, which was not known when it began.
    pub fn secured(&self, tls: Tls) {
        self.0.state.lock().outcome.tls = Some(tls);
    }

    /// The client has ended the TLS of its data connection in this way.
    pub fn parted(&self, parting: Option<Parting>) {
        self.0.state.lock().outcome.parting = parting;
    }

    /// Whether it has failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.0.state.lock().outcome.success == Success::Failed
    }

    /// Its failure was made good: the client asked again, and got all of it.
    pub fn recover(&self) {
        let mut state = self.0.state.lock();
        state.outcome.success = Success::Ok;
        state.outcome.cause = None;
    }

    /// Holds it until the time is over, the client has gone, or the cap is reached. A rule that holds has begun to act.
    pub async fn hold(&self, wait: Wait, gone: impl Future<Output = ()>) -> Held {
        let length = match wait {
            Wait::For(length) | Wait::Pace(length) | Wait::Other(length) => length,
            Wait::Stall => Duration::MAX,
        };
        if length.is_zero() {
            return Held::Over;
        }
        if !matches!(wait, Wait::Other(_)) {
            self.act();
        }
        let run = &self.0.run;
        let _holding = Holding::begin(&self.0);
        if matches!(wait, Wait::For(_) | Wait::Stall) {
            run.journal.show(self.0.record());
        }
        let held = hold(length, run.max_hold, gone).await;
        match (held, wait) {
            // Nobody is there who could be told what comes of it.
            (Held::Left, Wait::Other(_)) => self.fail(Cause::Client, LEFT),
            (Held::Left, _) => self.fail(Cause::Rule, LEFT),
            (Held::Capped, Wait::For(asked)) => {
                self.note(format!("capped at {:.1?}, asked for {asked:.1?}", run.max_hold));
            }
            _ => {}
        }
        held
    }

    /// Holds what of an ending is a hold: a stall, and an ending that comes later. Tells how it ends then, which is by a
    /// cut where a stall is over or the cap was reached.
    pub async fn hold_ending(&self, ending: Ending, gone: impl Future<Output = ()>) -> Ending {
        let (wait, ending) = match ending {
            Ending::Stall => (Wait::Stall, Ending::Cut),
            Ending::Close(later) => (Wait::For(later), Ending::Close(Duration::ZERO)),
            other => return other,
        };
        if self.hold(wait, gone).await == Held::Capped { Ending::Cut } else { ending }
    }
}

/// An event in a hold, however that ends. A hold within another one, as the pauses of an answer without end, is part of it.
struct Holding<'l>(&'l Live);

impl<'l> Holding<'l> {
    fn begin(live: &'l Live) -> Option<Self> {
        let mut state = live.state.lock();
        let is_outer = state.held_since.is_none();
        state.held_since.get_or_insert_with(|| live.run.elapsed());
        drop(state);
        if is_outer { Some(Self(live)) } else { None }
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        let now = self.0.run.elapsed();
        let mut state = self.0.state.lock();
        if let Some(since) = state.held_since.take() {
            state.outcome.held += now.saturating_sub(since);
        }
    }
}

impl Pending {
    /// A hand in it.
    #[must_use]
    pub fn handle(&self) -> EventHandle {
        self.handle.clone()
    }

    /// What it opened no longer counts as open.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// It is over, with what was noted of it.
    pub fn end(mut self) {
        self.is_done = true;
    }

    /// The same, but that what it opened stays open.
    #[must_use]
    pub fn end_open(mut self) -> Option<Open> {
        self.is_done = true;
        self.open.take()
    }
}

/// An event is handled by whoever owns it.
impl Deref for Pending {
    type Target = EventHandle;

    fn deref(&self) -> &EventHandle {
        &self.handle
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let live = &self.handle.0;
        let mut outcome = std::mem::take(&mut live.state.lock().outcome);
        if !self.is_done {
            let (cause, why) = match () {
                () if std::thread::panicking() => (Cause::Badftp, "the session panicked"),
                () if live.run.power.is_off() => (Cause::Rule, "the server went down"),
                () if outcome.fired => (Cause::Rule, STOPPED),
                () => (Cause::Badftp, STOPPED),
            };
            outcome.fail(cause, why);
        }
        let run = &live.run;
        // Under this lock, so that a snapshot has it once.
        let mut under_way = run.under_way.lock();
        under_way.events.remove(&live.number);
        run.journal.record(run.number, live.what.clone(), outcome, now(), run.elapsed());
    }
}
