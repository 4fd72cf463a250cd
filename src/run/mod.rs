//! One running scenario: what the rules have counted, the files, the journal. Every session works on a run
//! that it is handed; one process can hold many.

mod accounts;
mod arrival;
mod caller;
mod filling;
mod left;
mod network;
mod outside;
mod pending;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::engine::{ConnectionId, Engine, Opened, Range, Rule};
use crate::expect::{Count, Ended, Evidence, Expectation, Happens, Judgement, judge};
use crate::fault::Power;
use crate::files::Files;
use crate::journal::{Happening, Journal, Outcome, Record, Told};

pub use accounts::{Accounts, User};
pub use arrival::Arrival;
pub use caller::{Blame, Caller};
pub use filling::{Filling, Portion, host_port};
pub use left::Left;
pub use network::Network;
pub use outside::{Advertised, Host, Outside};
pub use pending::{EventHandle, Pending, Wait};

use pending::UnderWay;

/// What a run is made of.
#[derive(Debug)]
pub struct Parts {
    /// What the scenario is called.
    pub title: String,
    /// The scenario's rules, in file order.
    pub rules: Vec<Rule>,
    /// What the client is expected to do.
    pub expectations: Vec<Expectation>,
    /// The scenario's seed.
    pub seed: u64,
    /// The files as they are at the start.
    pub files: Files,
    /// Who may log in.
    pub accounts: Accounts,
    /// The network below everything.
    pub network: Network,
    /// Where it is written down.
    pub journal: Arc<Journal>,
    /// The cap on every stall.
    pub max_hold: Duration,
    /// How the server is seen from outside.
    pub outside: Arc<Outside>,
}

/// One running scenario.
#[derive(Debug)]
pub struct Run {
    /// What the scenario is called.
    pub title: String,
    /// Decides.
    pub engine: Engine,
    /// The tree all protocols serve.
    pub files: Files,
    /// What happened.
    pub journal: Arc<Journal>,
    /// Who may log in.
    pub accounts: Accounts,
    /// The network below everything.
    pub network: Network,
    /// The cap on every stall.
    pub max_hold: Duration,
    /// How the server is seen from outside.
    pub outside: Arc<Outside>,
    /// What every connection hangs on.
    pub power: Power,
    /// What the client is expected to do.
    pub expectations: Vec<Expectation>,
    /// Counted from 1; the one that comes in this one's place has the next.
    number: u64,
    fired: Mutex<Fired>,
    under_way: Mutex<UnderWay>,
    began: Instant,
    connections: Arc<AtomicU64>,
    changes: watch::Sender<()>,
}

/// How often each rule has fired.
#[derive(Debug)]
struct Fired {
    /// The last reset: what began before it is not counted.
    since: Duration,
    counts: Vec<u64>,
}

impl Run {
    /// A run that begins now.
    #[must_use]
    pub fn begin(parts: Parts) -> Arc<Self> {
        Self::numbered(1, parts, Arc::default())
    }

    /// A run that begins now, in this one's place. Sessions of this one may go on, so both number their
    /// connections from one count: in a journal that they share, each number is one connection.
    #[must_use]
    pub fn succeed(&self, parts: Parts) -> Arc<Self> {
        Self::numbered(self.number + 1, parts, Arc::clone(&self.connections))
    }

    fn numbered(number: u64, parts: Parts, connections: Arc<AtomicU64>) -> Arc<Self> {
        let fired = Fired { since: Duration::ZERO, counts: vec![0; parts.rules.len()] };
        Arc::new(Self {
            title: parts.title,
            expectations: parts.expectations,
            number,
            fired: Mutex::new(fired),
            under_way: Mutex::default(),
            engine: Engine::new(parts.rules, parts.seed),
            files: parts.files,
            journal: parts.journal,
            accounts: parts.accounts,
            network: parts.network,
            max_hold: parts.max_hold,
            outside: parts.outside,
            power: Power::default(),
            began: Instant::now(),
            connections,
            changes: watch::Sender::new(()),
        })
    }

    /// How long it has been running.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// The number of the next connection, from 1.
    pub fn next_connection(&self) -> ConnectionId {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Writes down what is no event of a client's: that a connection is over, or that something is wrong with us or with
    /// what cannot be understood.
    pub fn tell(&self, what: Happening, outcome: Outcome) {
        self.journal.record(self.number, what, outcome, now(), self.elapsed());
    }

    /// A rule keeps a port shut. It does so once, however often the port opens between.
    pub fn is_shut_by(&self, rule: usize) {
        let mut fired = self.fired.lock();
        if fired.counts.get(rule) == Some(&0) {
            fired.counts[rule] = 1;
        }
    }

    /// Whether the client did what was expected, and each rule fired. It is asked when the client is done; what is still
    /// under way is judged as it is now. Where a big file has to be digested, it takes its time.
    #[must_use]
    pub fn verify(&self) -> Judgement {
        self.verify_after(None)
    }

    /// The same, when the command that was started for it has ended so.
    #[must_use]
    pub fn verify_after(&self, ended: Option<Ended>) -> Judgement {
        let fired = self.fired.lock().counts.clone();
        judge(&Evidence {
            expectations: &self.expectations,
            rules: self.engine.rules(),
            fired: &fired,
            tallies: &self.engine.tallies(),
            told: &self.told(),
            files: &self.files,
            ended,
        })
    }

    /// What has happened since it began, or since the last reset, as far as the journal keeps it; and what is under way,
    /// as it is now.
    #[must_use]
    pub fn told(&self) -> Told {
        let under_way = self.under_way.lock();
        let mut told = self.journal.told(self.number);
        told.records.extend(under_way.records());
        drop(under_way);
        let since = self.fired.lock().since;
        told.records.retain(|record| record.began >= since);
        told
    }

    /// What of it an expectation would count.
    #[must_use]
    pub fn happened(&self, happens: &Happens) -> Vec<Arc<Record>> {
        let mut count = Count::of(happens);
        self.told().records.iter().for_each(|record| count.see(record));
        count.counted().cloned().collect()
    }

    /// Waits until as many have happened, and tells whether they have; in any case, which.
    pub async fn wait_for(
        &self,
        happens: &Happens,
        times: Range<u64>,
        within: Duration,
    ) -> (bool, Vec<Arc<Record>>) {
        let mut changes = self.journal.changes();
        let enough = async {
            let (mut count, mut last) = (Count::of(happens), None);
            loop {
                changes.mark_unchanged();
                last = self.look_on(happens, last, &mut count);
                // Only those under way are counted anew: of what has ended, there may be much.
                let mut all = count.clone();
                self.under_way().iter().for_each(|record| all.see(record));
                let counted = all.counted().count() as u64;
                if times.contains(counted) || changes.changed().await.is_err() {
                    return all.counted().cloned().collect();
                }
            }
        };
        match timeout(within, enough).await {
            Ok(records) => (true, records),
            Err(_) => (false, self.happened(happens)),
        }
    }

    /// Counts what has happened after the last record that was looked at, or all anew where that is not kept. Tells
    /// which is the last one now.
    fn look_on<'a>(
        &self,
        happens: &'a Happens,
        last: Option<Arc<Record>>,
        count: &mut Count<'a>,
    ) -> Option<Arc<Record>> {
        let news = last.as_ref().and_then(|last| self.journal.since(last)).unwrap_or_else(|| {
            *count = Count::of(happens);
            self.journal.records()
        });
        let since = self.fired.lock().since;
        let ours = |record: &&Arc<Record>| record.run == self.number && record.began >= since;
        news.iter().filter(ours).for_each(|record| count.see(record));
        news.last().cloned().or(last)
    }

    /// What is under way, as it is now, if it has begun since the last reset.
    fn under_way(&self) -> Vec<Arc<Record>> {
        let mut records = self.under_way.lock().records();
        let since = self.fired.lock().since;
        records.retain(|record| record.began >= since);
        records
    }

    /// Tells when a count or a state has changed, so that a listener may have to be shut or opened.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Goes down: every connection is reset, and the ports refuse for a time. Counts and files stay.
    pub async fn go_down(&self, time: Duration) {
        self.power.go_off(time.min(self.max_hold));
        self.changes.send_replace(());
        self.power.fail().await;
    }

    /// As it was at the start, at once: counts, files, journal.
    pub fn reset(&self) {
        self.engine.reset();
        self.files.reset();
        // In this order: whoever finds the journal empty counts nothing from before.
        self.fired.lock().reset(self.elapsed());
        self.journal.reset();
        self.changes.send_replace(());
    }

    /// A connection has ended: what was counted for it alone is dropped.
    pub fn forget(&self, connection: ConnectionId, end: Happening, outcome: Outcome) {
        self.engine.forget(connection);
        self.tell(end, outcome);
    }
}

impl Fired {
    fn count(&mut self, rule: usize, began: Duration) {
        if let Some(count) = self.counts.get_mut(rule).filter(|_| began >= self.since) {
            *count += 1;
        }
    }

    fn reset(&mut self, now: Duration) {
        self.since = now;
        self.counts.fill(0);
    }
}

/// Something open that a `limit` may count; dropping it closes it.
#[derive(Debug)]
pub struct Open {
    run: Arc<Run>,
    opened: Opened,
}

impl Open {
    /// Closes it now.
    pub fn close(&mut self) {
        let opened = std::mem::take(&mut self.opened);
        if !opened.is_empty() {
            self.run.engine.close(opened);
            self.run.changes.send_replace(());
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close();
    }
}

/// The time of day, read nowhere else: file times and journal times come from here.
#[allow(clippy::disallowed_methods)]
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or_default()
}

/// An address as people and rules know it: an IPv4 client of an IPv6 socket is an IPv4 client.
#[must_use]
pub fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests;
