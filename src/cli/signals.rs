//! The signals that end badftp. They are caught by name, so that they work for process 1 of a container, too,
//! to which the system delivers no signal without a handler.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::flag;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT, SIGTERM and SIGHUP.
pub(super) struct Signals {
    interrupt: Caught,
    terminate: Caught,
    hang_up: Caught,
}

/// One of them.
struct Caught {
    kind: SignalKind,
    /// Tokio's stream misses a signal that comes after its handler is there and before somebody listens to it: for a
    /// signal that comes as badftp starts, this is what is left.
    came: Arc<AtomicBool>,
    stream: Signal,
}

impl Signals {
    /// Catches them from now on.
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: Caught::catch(SignalKind::interrupt())?,
            terminate: Caught::catch(SignalKind::terminate())?,
            hang_up: Caught::catch(SignalKind::hangup())?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> SignalKind {
        tokio::select! {
            kind = self.interrupt.next() => kind,
            kind = self.terminate.next() => kind,
            kind = self.hang_up.next() => kind,
        }
    }
}

impl Caught {
    fn catch(kind: SignalKind) -> io::Result<Self> {
        let came = Arc::default();
        flag::register(kind.as_raw_value(), Arc::clone(&came))?;
        Ok(Self { kind, came, stream: signal(kind)? })
    }

    async fn next(&mut self) -> SignalKind {
        if !self.came.swap(false, Ordering::Relaxed) {
            self.stream.recv().await;
            self.came.store(false, Ordering::Relaxed);
        }
        self.kind
    }
}
