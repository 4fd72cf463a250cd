//! `reset`: RST.

use std::time::Duration;

use super::Wire;

/// What a client needs to notice that it is connected: an RST that comes sooner looks to it like a refusal.
const UNTIL_NOTICED: Duration = Duration::from_millis(10);

/// Waits until a client has noticed that it is connected.
#[allow(clippy::disallowed_methods, reason = "the time of a network, and not a rule's")]
pub async fn until_noticed() {
    tokio::time::sleep(UNTIL_NOTICED).await;
}

/// Drops the connection with RST (`SO_LINGER` of zero), what was not sent yet included.
pub fn reset(wire: Wire) {
    wire.send_no_more();
    drop(wire);
}
