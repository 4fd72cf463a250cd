//! The verdict on the client, asked for or when the server is dropped.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Server;
use crate::expect::{Ended, Judgement};

/// How long nothing may have happened for clients to be taken for done.
const QUIET: Duration = Duration::from_millis(100);
/// How long they are waited for at most.
const AT_MOST: Duration = Duration::from_secs(1);
/// How often it is looked whether they are gone.
const LOOK_EVERY: Duration = Duration::from_millis(2);

impl Server {
    /// Whether the client did what was expected, and each rule fired as often as it should have.
    ///
    /// A client may have its answer before the server has written down that it was given. So this waits until all
    /// clients are gone, or nothing has happened for a tenth of a second, and no longer than a second.
    pub async fn verify(&self) -> Judgement {
        self.judge(None).await
    }

    /// The same, when the command has ended that was started for the scenario: it meets an expected `exit`, or does not.
    pub async fn verify_after(&self, ended: Ended) -> Judgement {
        self.judge(Some(ended)).await
    }

    async fn judge(&self, ended: Option<Ended>) -> Judgement {
        self.settle().await;
        self.is_verified.store(true, Ordering::Relaxed);
        let run = self.run();
        let judging = tokio::task::spawn_blocking(move || run.verify_after(ended));
        judging.await.unwrap_or_else(|_| self.run().verify_after(ended))
    }

    async fn settle(&self) {
        let began = Instant::now();
        let mut changes = self.run().journal.changes();
        let mut quiet_since = began;
        while self.listeners.iter().any(|listener| listener.sessions() > 0)
            && began.elapsed() < AT_MOST
            && quiet_since.elapsed() < QUIET
        {
            sleep(LOOK_EVERY).await;
            if changes.has_changed().unwrap_or(false) {
                changes.mark_unchanged();
                quiet_since = Instant::now();
            }
        }
    }
}

/// An unmet expectation, or a rule that never fired, is a panic, unless [`verify`](Server::verify) was asked or the
/// thread panics already. There is no waiting here: who wants to be sure of the last moment asks.
impl Drop for Server {
    fn drop(&mut self) {
        if self.is_verified.load(Ordering::Relaxed) || thread::panicking() {
            return;
        }
        let judgement = self.run().verify();
        assert!(judgement.passes(), "{judgement}");
    }
}
