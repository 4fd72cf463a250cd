//! What a session speaks over that has a connection's channel and no connection of its own. SSH lends it one; tests
//! lend it a pipe.

use bytes::Bytes;

use crate::engine::Ending;

/// What comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Bytes, in any pieces.
    Data(Bytes),
    /// The client says no more, and may still listen.
    Eof,
    /// The channel is gone, or the whole connection.
    Gone,
}

/// Nobody listens any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// The client's half of a channel. It must be heard all the time: while nobody hears it, nothing can be said either.
pub trait Incoming: Send {
    /// The next that comes in.
    fn hear(&mut self) -> impl Future<Output = Heard> + Send;
}

/// Our half of a channel, and of the connection below it.
pub trait Outgoing: Send + Sync + 'static {
    /// Says this, and waits as long as the client's window is full.
    fn say(&self, bytes: Bytes) -> impl Future<Output = Result<(), Gone>> + Send;

    /// The end of a session that goes as the client wants it, with the exit status of the subsystem.
    fn finish(&self, exit_status: u32) -> impl Future<Output = ()> + Send;

    /// Says a message of the protocol below, which a rule names; where there is none, it is data.
    fn message(&self, message: Bytes) -> impl Future<Output = Result<(), Gone>> + Send {
        self.say(message)
    }

    /// Ends the channel as a rule says (`data`), at once. A stall only begins here: nothing is sent any more, and no
    /// window granted.
    fn end_channel(&self, ending: Ending) -> impl Future<Output = ()> + Send;

    /// Ends the connection as a rule says (`then`), after what was said has gone out; `exit` ends the channel alone. A
    /// stall only begins here, too.
    fn end_connection(&self, ending: Ending, farewell: &[u8]) -> impl Future<Output = ()> + Send;

    /// Waits until the client has ended or reset the whole connection, also while nobody reads what it sends.
    fn departed(&self) -> impl Future<Output = ()> + Send;
}
