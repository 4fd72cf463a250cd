//! `close`: a connection ends in good order.

use std::time::Duration;

use bytes::BytesMut;

use super::Wire;

/// How long the client's last bytes are read and dropped. Without that, bytes that were still under way turn
/// our FIN into an RST, which can overtake the last answer.
const LINGER: Duration = Duration::from_secs(1);

/// The most that is read and dropped, in bytes.
const MAX_DROPPED: usize = 256 * 1024;

/// Sends FIN and lets the client have its say, for a moment.
pub async fn close(mut wire: Wire) {
    let drain = async {
        wire.shut_down().await;
        let mut dropped = 0;
        let mut buffer = BytesMut::new();
        while dropped < MAX_DROPPED {
            buffer.clear();
            match wire.read(&mut buffer, 4096).await {
                Ok(0) | Err(_) => break,
                Ok(size) => dropped += size,
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, drain).await;
}
