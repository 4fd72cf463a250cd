//! The signals that end badftp. They are caught by name, so that they work for process 1 of a container, too,
//! to which the system delivers no signal without a handler.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::OptionFuture;
use signal_hook::flag;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT, SIGTERM and SIGHUP.
pub(super) struct Signals {
    interrupt: Caught,
    terminate: Caught,
    /// Not where badftp was started to outlive its terminal, as by `nohup`.
    hang_up: Option<Caught>,
}

/// One of them.
struct Caught {
    kind: SignalKind,
    /// Set by the handler itself. Tokio's stream loses a signal that comes when its handler is there and its receiver is
    /// not yet: without this, such a signal would neither end badftp nor ever be seen.
    came: Arc<AtomicBool>,
    stream: Signal,
}

impl Signals {
    /// Catches them from now on.
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: Caught::catch(SignalKind::interrupt())?,
            terminate: Caught::catch(SignalKind::terminate())?,
            hang_up: (!is_ignored(SignalKind::hangup()))
                .then(|| Caught::catch(SignalKind::hangup()))
                .transpose()?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> SignalKind {
        tokio::select! {
            kind = self.interrupt.next() => kind,
            kind = self.terminate.next() => kind,
            Some(kind) = OptionFuture::from(self.hang_up.as_mut().map(Caught::next)) => kind,
        }
    }
}

/// Whether whoever started this process has made it ignore a signal. Without `/proc` nobody can tell.
fn is_ignored(kind: SignalKind) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (kind.as_raw_value() - 1) & 1 == 1
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
