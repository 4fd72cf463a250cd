//! The verdict on the client: asked for, when another scenario comes, or when the server is dropped.

use std::fmt::Write as _;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::Server;
use super::replaced::{Judging, Replaced};
use crate::expect::{Ended, Judgement};
use crate::listener::Service;
use crate::scenario::Scenario;

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
    ///
    /// It is about the running scenario; [`replaced`](Self::replaced) hands out the verdicts on those before it.
    pub async fn verify(&self) -> Judgement {
        self.judge(None).await
    }

    /// The same, when the command has ended that was started for the scenario that the server began with. It meets an
    /// expected `exit`, or does not, if that scenario is still the running one.
    pub async fn verify_after(&self, ended: Ended) -> Judgement {
        self.judge(Some(ended)).await
    }

    async fn judge(&self, ended: Option<Ended>) -> Judgement {
        self.settle().await;
        let is_the_first = self.verdicts.ask();
        let ended = ended.filter(|_| is_the_first);
        let run = self.run();
        let judging = spawn_blocking(move || run.verify_after(ended));
        judging.await.unwrap_or_else(|_| self.run().verify_after(ended))
    }

    /// Begins another scenario in place of the running one. Connections made from now on get it, with counts,
    /// states and files as at a start; those that are open keep what they have. The journal goes on, and the
    /// ports are those of the start, whatever its `family`.
    ///
    /// The scenario that is replaced is judged: this waits for its clients as [`verify`](Self::verify) does, and
    /// [`replaced`](Self::replaced) hands out the verdict. An unmet one is a panic when the server is dropped, unless
    /// somebody has asked for it before.
    pub async fn load(&self, scenario: Scenario) {
        self.replace(scenario).await;
    }

    /// The same, and tells the verdict. It counts as asked for only when it is handed out.
    pub(crate) async fn replace(&self, scenario: Scenario) -> Replaced {
        self.settle().await;
        let (old, judging) = self.begin(scenario);
        let time = old.run.elapsed();
        // It goes on when nobody waits for it any more, so that no verdict is lost.
        let judging = spawn_blocking(move || judging.end(&old.name, time, old.run.verify()));
        judging.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
    }

    /// Begins another scenario, and hands over the one before.
    fn begin(&self, scenario: Scenario) -> (Service, Judging) {
        // Each run has a number of its own, and the verdicts are in the order of the scenarios.
        let _one_at_a_time = self.loading.lock();
        let run = self.run();
        let journal = Arc::clone(&run.journal);
        let succeed = |parts| run.succeed(parts);
        let new = self.bounds.service(scenario, journal, &self.certificates, succeed);
        let old = self.service.send_replace(new);
        (old, self.verdicts.begin_judging())
    }

    /// What the running scenario is called; see [`Scenario::label`].
    #[must_use]
    pub fn scenario(&self) -> String {
        self.service.borrow().name.to_string()
    }

    /// Hands out the verdicts on the scenarios that were replaced, in their order, but for those that it has handed out
    /// before.
    pub async fn replaced(&self) -> Vec<Replaced> {
        self.verdicts.hand_out().await
    }

    /// Waits until a scenario has been replaced whose verdict [`replaced`](Self::replaced) has not handed out.
    pub async fn replacement(&self) {
        self.verdicts.is_there().await;
    }

    #[allow(clippy::disallowed_methods, reason = "a look at the sessions, and no rule's wait")]
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

    /// What is unmet and was never asked for, in the words of the report; nothing if all is well.
    fn unheard(&self) -> String {
        let mut text = String::new();
        for Replaced { scenario, judgement, .. } in self.verdicts.unheard() {
            let _ =
                writeln!(text, "in {scenario}, before another scenario replaced it:\n{judgement}");
        }
        if !self.verdicts.is_asked_for() {
            let judgement = self.run().verify();
            if !judgement.passes() {
                if !text.is_empty() {
                    let _ = writeln!(text, "in {}:", self.scenario());
                }
                let _ = write!(text, "{judgement}");
            }
        }
        text
    }
}

/// An unmet expectation, or a rule that never fired, is a panic, in the running scenario as in those before it, unless
/// the verdict was asked for by [`verify`](Server::verify) or [`replaced`](Server::replaced), or the thread panics
/// already. There is no waiting here: who wants to be sure of the last moment asks.
impl Drop for Server {
    fn drop(&mut self) {
        if self.verdicts.are_wanted() && !thread::panicking() {
            let unheard = self.unheard();
            assert!(unheard.is_empty(), "{unheard}");
        }
    }
}
