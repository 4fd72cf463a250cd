//! `reset`: RST.

use super::Wire;

/// Drops the connection with RST (`SO_LINGER` of zero), what was not sent yet included.
pub fn reset(wire: Wire) {
    wire.send_no_more();
    drop(wire);
}
