//! The verdicts on the scenarios that others have replaced, until they are handed out.

use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::expect::Judgement;

/// A scenario that another one has replaced, and the verdict on the client at that moment.
#[derive(Debug, Clone)]
pub struct Replaced {
    /// What the scenario is called; see [`Scenario::label`](crate::scenario::Scenario::label).
    pub scenario: String,
    /// How long it was the running one.
    pub time: Duration,
    /// The verdict.
    pub judgement: Judgement,
    /// Which of the server's scenarios it was, from 0.
    number: usize,
    /// Whether [`Server::verify`](super::Server::verify) told a verdict on it before it was replaced.
    is_asked_for: bool,
}

/// What a server still has to tell.
#[derive(Debug)]
pub(super) struct Verdicts {
    /// Whether anybody wants a verdict, so that dropping the server tells it.
    are_wanted: bool,
    due: Arc<watch::Sender<Due>>,
}

#[derive(Debug, Default)]
struct Due {
    /// Whether somebody has asked for the verdict on the running scenario.
    is_asked_for: bool,
    /// How many scenarios were replaced.
    count: usize,
    /// How many of them are being judged.
    judging: usize,
    /// The verdicts on the others.
    replaced: Vec<Replaced>,
}

/// A scenario that is being judged, as another one has replaced it.
pub(super) struct Judging {
    due: Arc<watch::Sender<Due>>,
    number: usize,
    is_asked_for: bool,
}

impl Verdicts {
    /// Of a server that begins, whether or not they are wanted.
    pub(super) fn new(are_wanted: bool) -> Self {
        Self { are_wanted, due: Arc::default() }
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.are_wanted
    }

    /// Somebody asks for the verdict on the running scenario. Tells whether it is the server's first.
    pub(super) fn ask(&self) -> bool {
        self.due.send_modify(|due| due.is_asked_for = true);
        self.due.borrow().count == 0
    }

    /// Whether somebody has asked for it.
    pub(super) fn is_asked_for(&self) -> bool {
        self.due.borrow().is_asked_for
    }

    /// Another scenario has replaced the running one.
    pub(super) fn begin_judging(&self) -> Judging {
        let (mut number, mut is_asked_for) = (0, false);
        self.due.send_modify(|due| {
            number = due.count;
            is_asked_for = take(&mut due.is_asked_for);
            due.count += 1;
            due.judging += 1;
        });
        Judging { due: Arc::clone(&self.due), number, is_asked_for }
    }

    /// All verdicts, when nothing is being judged any more; they are taken away.
    pub(super) async fn hand_out(&self) -> Vec<Replaced> {
        // The sender is ours, so it does not fail.
        let _ = self.due.subscribe().wait_for(|due| due.judging == 0).await;
        let mut replaced = Vec::new();
        self.due.send_modify(|due| replaced = take(&mut due.replaced));
        replaced.sort_by_key(|one| one.number);
        replaced
    }

    /// Waits until there is a verdict to hand out.
    pub(super) async fn is_there(&self) {
        let _ = self.due.subscribe().wait_for(|due| !due.replaced.is_empty()).await;
    }

    /// Those that nobody has asked for, and that are no pass.
    pub(super) fn unheard(&self) -> Vec<Replaced> {
        let due = self.due.borrow();
        let is_unheard = |one: &&Replaced| !one.is_asked_for && !one.judgement.passes();
        let mut unheard: Vec<_> = due.replaced.iter().filter(is_unheard).cloned().collect();
        unheard.sort_by_key(|one| one.number);
        unheard
    }
}

impl Judging {
    /// This is the verdict.
    pub(super) fn end(self, scenario: &str, time: Duration, judgement: Judgement) -> Replaced {
        let Self { number, is_asked_for, .. } = self;
        let scenario = scenario.to_owned();
        let replaced = Replaced { scenario, time, judgement, number, is_asked_for };
        self.due.send_modify(|due| due.replaced.push(replaced.clone()));
        replaced
    }
}

impl Drop for Judging {
    fn drop(&mut self) {
        self.due.send_modify(|due| due.judging -= 1);
    }
}
