//! SSH: one connection, from the identification to its end (RFC 4253, 4252, 4254). russh speaks it, and nobody but
//! this module knows that.
//!
//! A connection's way: `prelude` says the identification, or what a rule says in its place, and decides of the first
//! `SSH_MSG_KEXINIT`; `connection` puts it on a leash, so that a rule can end it whoever reads from it, and hands
//! it to russh, through a `gate` that knows the messages in clear; `handler` hears of logins and channels, asks
//! the engine once about each, and obeys; `login` judges;
//! `channel` lends a channel to `sftp`. `shape` is what the server offers and who it says to be.
//!
//! # What cannot be had
//! russh is not patched, and cannot do all that SSH can. `badftp check` refuses, and says why:
//! - after the first `SSH_MSG_NEWKEYS`, messages of one's own (`SSH_MSG_IGNORE`, an unknown number, malformed ones), reasons
//!   of `SSH_MSG_DISCONNECT` above 15, and texts that are no UTF-8: all of these go in clear, at `connect` and `handshake`;
//! - `SSH_MSG_USERAUTH_PASSWD_CHANGEREQ`: ask as PAM does, by `prompts` of `keyboard-interactive`; a banner after the login
//!   has begun;
//! - `SSH_MSG_GLOBAL_REQUEST` as an event: keepalives are answered by russh. They are unanswered where all is: `then: stall`;
//! - host certificates (`host-key: revoked`, `expired`), and `hostkeys-00@openssh.com`;
//! - `damage: mac`, `compression` and `ssh-length`.
//!
//! Some of it is a little different:
//! - `then: disconnect` at a login comes behind an answer: a key that is offered is taken and a password refused, and then
//!   the client hears why it is left;
//! - a message said before our first `SSH_MSG_KEXINIT` is counted by the client and not by russh: it gets further only without
//!   `kex-strict-s-v00@openssh.com` in `kex` and with a cipher that does not number packets, as `aes128-gcm@openssh.com`;
//! - `then: close 5s` at a login whose `send` has `<answer>` lets the session go on until then;
//! - a list of algorithms with a name that russh does not have is offered as it stands, and nobody gets further;
//! - `SSH_MSG_EXT_INFO` is always sent to clients that ask, `signatures: []` only leaves nothing but the host's own
//!   algorithm in it;
//! - a later `SSH_MSG_KEXINIT`, which is encrypted, is an event where we have sent as much as `rekey` allows, and only
//!   there; a rule can only end the connection, or leave the exchange without an answer.

mod channel;
mod connection;
mod gate;
mod handler;
mod host_keys;
mod login;
mod message;
mod moment;
mod prelude;
mod probe;
mod settings;
mod shape;
#[cfg(test)]
mod tests;

pub use connection::serve;
pub use host_keys::{CLIENT_KEY, HOST_KEYS, fingerprint};
pub use message::{EVENTS, has_own_record};
pub use probe::probe;
pub use settings::{Algorithms, Method, Settings};
pub use shape::{Shape, can_do};
