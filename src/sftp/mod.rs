//! SFTP, version 3: one channel from `SSH_FXP_INIT` to its end (draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL
//! for what became of it).
//!
//! A request's way: `frames` cuts packets out of the stream; `session` finds each in `request::REQUESTS`, asks
//! the engine once and hands both to `obey`, which lets the healthy request be done, or what a rule puts in its
//! place, and queues the answer. The `writer` says it: the only one who waits for the client. What SSH is below is
//! not known here, only a `channel`.

mod answer;
mod attributes;
mod codec;
mod data;
mod frames;
mod kinds;
mod obey;
mod opened;
mod request;
mod session;
mod settings;
mod spoil;
mod status;
mod transfer;
mod writer;

#[cfg(test)]
mod tests;

pub use request::{Subject, Wire, extensions, has_own_record, wire, wires};
pub use session::serve;
pub use settings::{Dots, Rename, Settings, Symlink, Writes};
