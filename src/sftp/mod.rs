//! SFTP, version 3: one channel from `SSH_FXP_INIT` to its end (draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL
//! for what became of it).
//!
//! A request's way: `frames` cuts packets out of the stream; `session` reads each as a `request`, asks the engine once
//! and hands both to `obey`, which lets the healthy request be done to the `state`, or what a rule puts in its place,
//! and queues the steps that follow. The `writer` takes them: the only one who waits, for a rule or for the client. What
//! SSH is below is not known here, only a `channel`.

mod answer;
mod attributes;
mod codec;
mod data;
mod debts;
mod frames;
mod kinds;
mod obey;
mod opened;
mod owed;
mod request;
mod session;
mod settings;
mod spoil;
mod state;
mod status;
mod transfer;
mod writer;

#[cfg(test)]
mod tests;

pub use request::{ATTRIBUTES, FLAGS, Subject, Wire, extensions, wire, wires};
pub use session::serve;
pub use settings::{Dots, Rename, Requests, Settings, Symlink, Writes};
