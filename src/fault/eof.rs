//! `eof`: our half ends, the client's goes on.

use super::Wire;

/// Sends FIN and goes on reading.
pub async fn eof(wire: &mut Wire) {
    wire.shut_down().await;
}
