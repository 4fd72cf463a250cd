//! An event whose answer is on its way, and whether the client is still there to have it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::journal::Cause;
use crate::run::{Caller, Pending};

/// Why it failed, if the answer never came to be said.
const UNANSWERED: &str = "the connection ended before it was answered";

/// Whether the client is there to be told anything.
#[derive(Debug, Clone)]
pub(super) struct Presence(Arc<Client>);

#[derive(Debug)]
struct Client {
    left: watch::Sender<bool>,
    caller: Caller,
}

impl Presence {
    pub(super) fn of(caller: Caller) -> Self {
        Self(Arc::new(Client { left: watch::Sender::new(false), caller }))
    }

    /// The client is gone, or says no more; or nothing can be said any more.
    pub(super) fn leave(&self) {
        self.0.left.send_replace(true);
    }

    pub(super) fn has_left(&self) -> bool {
        *self.0.left.borrow()
    }

    /// Waits until it has left.
    pub(super) async fn left(&self) {
        // The sender is ours, and cannot be gone.
        let _ = self.0.left.subscribe().wait_for(|left| *left).await;
    }

    /// A rule ends the session.
    pub(super) fn ended_by_a_rule(&self) {
        self.0.caller.blame.take();
    }
}

/// Events that end with an answer: that of the request, and that of the transfer that it has closed.
#[derive(Debug)]
pub(super) struct Owed {
    events: [Option<Pending>; 2],
    presence: Presence,
}

impl Owed {
    pub(super) fn new(events: [Option<Pending>; 2], presence: &Presence) -> Self {
        Self { events, presence: presence.clone() }
    }

    /// The answer has been given, or is not to be given at all.
    pub(super) fn end(mut self) {
        self.events.iter_mut().filter_map(Option::take).for_each(Pending::end);
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        if !self.presence.has_left() {
            // The server stops.
            return;
        }
        let acted = self.events.iter().flatten().any(|event| event.has_acted());
        let cause = if acted { Cause::Rule } else { self.presence.0.caller.who_ended_it() };
        for event in self.events.iter_mut().filter_map(Option::take) {
            event.fail(cause, UNANSWERED);
            event.end();
        }
    }
}
