//! Where records go besides memory: each writer is a thread, fed in order.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::Record;

/// Records that may wait for a slow writer before sessions wait for it, too: nothing is lost.
const QUEUE: usize = 10_000;

/// Something records are written to.
pub trait Sink: Send + 'static {
    /// Writes one record.
    ///
    /// # Errors
    /// Those of the file or terminal below.
    fn write(&mut self, record: &Record) -> io::Result<()>;

    /// Writes that something is under way, where that is of interest.
    ///
    /// # Errors
    /// Those of the file or terminal below.
    fn write_under_way(&mut self, _: &Record) -> io::Result<()> {
        Ok(())
    }

    /// Makes all that was written visible to others.
    ///
    /// # Errors
    /// Those of the file or terminal below.
    fn flush(&mut self) -> io::Result<()>;
}

/// What a writer is told.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// Something has ended.
    Ended(Arc<Record>),
    /// Something is under way.
    UnderWay(Arc<Record>),
}

/// A thread that writes records to a [`Sink`] until it is dropped.
#[derive(Debug)]
pub struct Writer {
    queue: Option<SyncSender<Entry>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts a writer; `name` appears in its complaints.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(name: &'static str, sink: impl Sink) -> io::Result<Self> {
        let (queue, records) = sync_channel(QUEUE);
        let builder = std::thread::Builder::new().name(name.to_owned());
        let thread = builder.spawn(move || {
            if let Err(error) = drain(&records, sink) {
                anstream::eprintln!("badftp: the {name} can no longer be written: {error}");
            }
        })?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn write(&self, entry: Entry) {
        if let Some(queue) = &self.queue {
            // It fails only when the thread gave up, which has said so itself.
            let _ = queue.send(entry);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn drain<S: Sink>(entries: &Receiver<Entry>, mut sink: S) -> io::Result<()> {
    let write = |sink: &mut S, entry| match entry {
        Entry::Ended(record) => Sink::write(sink, &record),
        Entry::UnderWay(record) => Sink::write_under_way(sink, &record),
    };
    while let Ok(entry) = entries.recv() {
        write(&mut sink, entry)?;
        while let Ok(entry) = entries.try_recv() {
            write(&mut sink, entry)?;
        }
        sink.flush()?;
    }
    Ok(())
}

/// `--journal FILE`: JSON lines.
#[derive(Debug)]
pub struct JsonLines<W: Write>(io::BufWriter<W>);

impl<W: Write> JsonLines<W> {
    /// To a file or the like.
    pub fn new(to: W) -> Self {
        Self(io::BufWriter::new(to))
    }
}

impl<W: Write + Send + 'static> Sink for JsonLines<W> {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, record)?;
        self.0.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
