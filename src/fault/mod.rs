//! Applies a verdict at the wire. One file a fault, named for what happens; they know bytes and sockets, not
//! protocols.
//!
//! | file | what happens |
//! |---|---|
//! | [`alert`] | a fatal alert of TLS |
//! | [`close`] | a connection ends in good order |
//! | [`cut`] | FIN, without the manners of the layers above |
//! | [`reset`] | RST |
//! | [`elsewhere`] | somebody else has got the connection |
//! | [`eof`] | our half ends, the client's goes on |
//! | [`hold`](hold()) | nothing happens, until the time or the client is over, or the cap is reached |
//! | [`refuse`] | a port that is ours but answers the SYN with RST |
//! | [`blackhole`] | a port that is ours and never answers the SYN |
//! | [`damage`] | a byte is flipped, lost or doubled |
//! | [`power`] | `restart`: every connection is reset, and the ports refuse for a time |
//! | [`Leash`] | any of these, on a connection that a library owns |
//! | [`channel`] | any of these, on a channel of a connection |
//! | [`pace`] | `rate` and `chunk`: bytes go no faster, in no bigger pieces |

pub mod alert;
pub mod blackhole;
pub mod channel;
pub mod close;
pub mod cut;
pub mod damage;
pub mod elsewhere;
pub mod eof;
mod hold;
mod leash;
pub mod pace;
pub mod power;
pub mod refuse;
mod renewal;
pub mod reset;
mod tls;
mod wire;

use std::io;
use std::net::SocketAddr;

use crate::engine::Ending;

pub use blackhole::SilentPort;
pub use hold::{Held, hold};
pub use leash::{Leash, Leashed};
pub use pace::{Pace, Pacer};
pub use power::{OpenPort, Plug, Power};
pub use refuse::{RefusingPort, Stack};
pub use tls::{Handshake, Holds, Shaken, Tickets};
pub use wire::Wire;

/// A port that is ours, and that nobody can connect to.
#[derive(Debug)]
pub enum ShutPort {
    /// It answers the SYN with RST.
    Refusing(RefusingPort),
    /// It answers nothing.
    Silent(SilentPort),
}

impl ShutPort {
    /// Shuts a bound port as a rule says.
    ///
    /// # Errors
    /// Those of the sockets.
    pub fn shut(port: RefusingPort, ending: Ending) -> io::Result<Self> {
        match ending {
            Ending::Blackhole => SilentPort::silence(port).map(Self::Silent),
            _ => Ok(Self::Refusing(port)),
        }
    }

    /// Where it is bound.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Refusing(port) => port.local_addr(),
            Self::Silent(port) => port.local_addr(),
        }
    }
}

/// What is left of a connection after its ending began.
#[derive(Debug)]
pub enum After {
    /// Nothing.
    Gone,
    /// It is still there, and its owner goes on with it.
    Stays(Wire),
}

/// Ends a connection as a rule says, at once: what takes time is held before, and a stall is a hold.
pub async fn end(mut wire: Wire, ending: Ending) -> After {
    match ending {
        // Before an exit status and a disconnect, the layer above has said it.
        Ending::Close(_) | Ending::Exit(_) | Ending::Disconnect(_) => close::close(wire).await,
        Ending::Cut => cut::cut(wire),
        Ending::Alert(description) => alert::alert(wire, description).await,
        Ending::Reset | Ending::Refuse | Ending::Blackhole | Ending::Restart(_) => {
            reset::reset(wire);
        }
        Ending::Eof => {
            eof::eof(&mut wire).await;
            return After::Stays(wire);
        }
        Ending::Stall | Ending::Flow | Ending::Elsewhere => return After::Stays(wire),
    }
    After::Gone
}
