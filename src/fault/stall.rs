//! `stall`: nothing is sent or read, and the socket stays open.

use std::time::Duration;

use super::Wire;

/// Holds the connection for `max_hold`, the server's cap, and closes it then, so that a forgotten scenario
/// cannot hang a test run for ever.
pub async fn stall(wire: Wire, max_hold: Duration) {
    tokio::time::sleep(max_hold).await;
    drop(wire);
}
