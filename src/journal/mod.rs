//! What happened, append-only, bounded, in order; and who caused each failure.
//!
//! [`Record`] is the documented shape. The journal keeps the last records in memory and hands every one to its
//! writers, on threads of their own, so that no session waits for a disk or a terminal.

mod live;
mod record;
mod text;
mod writer;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch;

pub use live::{LiveLog, line};
pub use record::{Cause, Happening, Outcome, Record, RuleLine, Secrecy, Success, VERSION};
pub use text::{Text, shortened, shown};
pub use writer::{JsonLines, Sink, Writer};

use writer::Entry;

/// Records kept in memory; older ones give way.
const MAX_RECORDS: usize = 100_000;

/// What happened in one run.
#[derive(Debug, Default)]
pub struct Journal {
    kept: Mutex<Kept>,
    writers: Vec<Writer>,
    /// Told of each record.
    readers: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<Arc<Record>>,
    next: u64,
    /// How many records of each run have given way.
    dropped: BTreeMap<u64, u64>,
}

/// What is known of a run.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Its records that are kept, oldest first.
    pub records: Vec<Arc<Record>>,
    /// How many older ones have given way.
    pub dropped: u64,
}

impl Journal {
    /// An empty journal that hands each record to these writers.
    #[must_use]
    pub fn new(writers: Vec<Writer>) -> Self {
        Self { writers, ..Self::default() }
    }

    /// Appends what happened in a run, which has ended now.
    pub fn record(
        &self,
        run: u64,
        what: Happening,
        outcome: Outcome,
        time: Timestamp,
        ended: Duration,
    ) {
        let mut kept = self.kept.lock();
        kept.next += 1;
        let record = Record::new(run, what, outcome, time);
        let record = Arc::new(Record { sequence: kept.next, ended: Some(ended), ..record });
        if kept.records.len() == MAX_RECORDS
            && let Some(oldest) = kept.records.pop_front()
        {
            *kept.dropped.entry(oldest.run).or_default() += 1;
        }
        kept.records.push_back(Arc::clone(&record));
        // Still under the lock, so that the writers see the same order.
        for writer in &self.writers {
            writer.write(Entry::Ended(Arc::clone(&record)));
        }
        drop(kept);
        self.readers.send_replace(());
    }

    /// Tells readers and writers of an event that is under way. It is not kept: whoever owns it records it when it ends.
    pub fn show(&self, record: Record) {
        let record = Arc::new(record);
        for writer in &self.writers {
            writer.write(Entry::UnderWay(Arc::clone(&record)));
        }
        self.readers.send_replace(());
    }

    /// Tells when something has been recorded.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.readers.subscribe()
    }

    /// The records kept, oldest first.
    #[must_use]
    pub fn records(&self) -> Vec<Arc<Record>> {
        self.kept.lock().records.iter().cloned().collect()
    }

    /// The records after this one, oldest first; nothing is known of what came after one that is not kept.
    #[must_use]
    pub fn since(&self, last: &Arc<Record>) -> Option<Vec<Arc<Record>>> {
        let kept = self.kept.lock();
        let place = last.sequence.checked_sub(kept.records.front()?.sequence)?;
        let place = usize::try_from(place).ok()?;
        let same = kept.records.get(place).filter(|record| Arc::ptr_eq(record, last));
        same.map(|_| kept.records.range(place + 1..).cloned().collect())
    }

    /// What is known of one run.
    #[must_use]
    pub fn told(&self, run: u64) -> Told {
        let kept = self.kept.lock();
        let records = kept.records.iter().filter(|record| record.run == run);
        Told {
            records: records.cloned().collect(),
            dropped: kept.dropped.get(&run).copied().unwrap_or_default(),
        }
    }

    /// Forgets all records, and counts from 1 again.
    pub fn reset(&self) {
        let old = std::mem::take(&mut *self.kept.lock());
        drop(old);
    }
}

#[cfg(test)]
mod tests;
