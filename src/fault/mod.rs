//! Applies a verdict at the wire. One file a fault, named for what happens; they know bytes and sockets, not
//! protocols.
//!
//! | file | what happens |
//! |---|---|
//! | [`close`] | a connection ends in good order |
//! | [`cut`] | FIN, without the manners of the layers above |
//! | [`reset`] | RST |
//! | [`eof`] | our half ends, the client's goes on |
//! | [`stall`] | nothing is sent or read, until the cap |
//! | [`refuse`] | a port that is ours but answers the SYN with RST |
//! | [`pace`] | `rate` and `chunk`: bytes go no faster, in no bigger pieces |

pub mod close;
pub mod cut;
pub mod eof;
pub mod pace;
pub mod refuse;
pub mod reset;
pub mod stall;
mod wire;

use std::time::Duration;

use crate::engine::Ending;

pub use pace::{Pace, Pacer};
pub use wire::Wire;

/// What is left of a connection after its ending began.
#[derive(Debug)]
pub enum After {
    /// Nothing.
    Gone,
    /// It is still there, and its owner goes on with it.
    Stays(Wire),
}

/// Ends a connection as a rule says. A stall lasts `max_hold` at most and then closes.
pub async fn end(mut wire: Wire, ending: Ending, max_hold: Duration) -> After {
    match ending {
        Ending::Close(later) => {
            tokio::time::sleep(later.min(max_hold)).await;
            close::close(wire).await;
        }
        Ending::Cut => cut::cut(wire),
        Ending::Reset | Ending::Refuse => reset::reset(wire),
        Ending::Stall => stall::stall(wire, max_hold).await,
        Ending::Eof => {
            eof::eof(&mut wire).await;
            return After::Stays(wire);
        }
        Ending::Flow => return After::Stays(wire),
    }
    After::Gone
}
