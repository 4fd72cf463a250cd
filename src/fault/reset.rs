//! `reset`: RST.

use super::Wire;

/// Drops the connection with RST (`SO_LINGER` of zero), what was not sent yet included.
pub fn reset(wire: Wire) {
    let tcp = wire.into_tcp();
    let _ = tcp.set_zero_linger();
    drop(tcp);
}
