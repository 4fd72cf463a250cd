//! FTP: one control connection from its greeting to its end.
//!
//! A command's way: `control` reads a line; `session` finds it in `command::COMMANDS`, asks the engine
//! once and hands both to `obey`, which lets the healthy command run, or what a rule puts in its place, says
//! the answer and ends what the rule ends (`ending`). Transfers move their bytes in `transfer` over a connection that
//! `data` makes, at a port of `passive` or at the client's, and TLS is in `security`. Every command's healthy side is one
//! row of the table and one function of its family.

mod ascii;
mod beside;
mod charset;
mod claim;
mod command;
mod control;
mod data;
mod ending;
mod listing;
mod load;
mod obey;
mod passive;
mod probe;
mod reply;
mod request;
mod script;
mod security;
mod session;
mod settings;
mod telnet;
mod transfer;

pub use command::{Verb, verb, verbs};
pub use passive::SharedPorts;
pub use probe::{knock_at_tls, probe, probe_over_tls};
pub use session::serve;
pub use settings::{
    Charset, Crlf, Dots, Fact, Interrupting, Listing, Login, Mdtm, Restart, Settings, TrailingSlash,
};
