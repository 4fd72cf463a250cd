//! SSH: one connection, from the identification to its end (RFC 4253, 4252, 4254). russh speaks it, and nobody but
//! this module knows that.
//!
//! A connection's way: `connection` puts it on a leash, so that a rule can end it whoever reads from it, and hands
//! it to russh; `handler` hears of logins and channels, asks the engine once about each, and obeys; `login` judges;
//! `channel` lends a channel to `sftp`. `shape` is what the server offers and who it says to be.

mod channel;
mod connection;
mod handler;
mod host_keys;
mod login;
mod probe;
mod settings;
mod shape;

pub use connection::serve;
pub use host_keys::HOST_KEYS;
pub use probe::probe;
pub use settings::{Method, Settings};
pub use shape::Shape;
