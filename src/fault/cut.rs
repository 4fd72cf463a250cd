//! `cut`: FIN, without the good manners of the layers above TCP.

use super::Wire;

/// Closes the socket as it is. Bytes of the client that nobody read make the system send RST instead, as they
/// do with any server.
pub fn cut(wire: Wire) {
    drop(wire);
}
