//! badssl.com for file transfer: a server that speaks real FTP, FTPS and SFTP and fails on command.
//!
//! Underneath is a healthy, strict server over an in-memory file tree: natural errors come from the tree, and
//! with no rules every client is happy. On top are the rules of a scenario, which override. A fault is always
//! somebody's rule.
//!
//! # The map
//!
//! In the order data flows, and in the order the modules may know each other: each imports only from those
//! below it.
//!
//! - [`cli`] - the command line.
//! - [`control`] - the HTTP API, for health checks and tests in any language: a user of the server as `cli` is.
//! - [`server`] - binds, starts, probes, changes its scenario and stops.
//! - [`scenario`] - YAML in, engine rules and settings out; the shipped catalog.
//! - [`listener`] - accepts connections, a task each, and opens and shuts its port as a rule says.
//! - [`ftp`] - one control connection: commands, replies, data connections.
//! - [`ssh`] - one SSH connection: logins and channels.
//! - [`sftp`] - one channel: requests, statuses, open files.
//! - [`scp`] - one channel on which `scp` copies files without SFTP.
//! - [`tls`] - what TLS offers and shows: certificates, sessions, settings.
//! - [`run`] - one running scenario: engine, files, journal.
//! - [`expect`] - what the client was expected to do, and whether it did.
//! - [`fault`] - applies a verdict at the wire; one file a fault.
//! - [`files`] - the in-memory tree that all protocols serve.
//! - [`journal`] - what happened, and who caused it.
//! - [`engine`] - decides.
//!
//! # What holds everywhere
//!
//! 1. `engine` does no I/O, reads no clock, draws no ambient randomness, imports neither tokio nor serde.
//! 2. `engine` and `fault` hold no FTP verb, no SFTP packet, no reply code.
//! 3. A protocol asks `decide` once an event, and executes the steps of its [course](engine::Course); it never looks at a
//!    rule.
//! 4. Counting and deciding happen under one lock, with no await inside.
//! 5. An event has one owner from its beginning to its end ([`run::Pending`]), and nobody but a run writes the journal.
//! 6. Every wait on a rule's behalf goes through one hold ([`fault::hold`](fault::hold())), which ends with its client.
//! 7. Every failure in the journal knows who caused it: a rule (file and line), the client, or us.
//! 8. A session works on a run that it is handed, not on globals: one process can hold many runs.
//!
//! # Where to add what
//!
//! - A new fault: one file in [`fault`], one variant of the engine's action, one row in `scenario/rules/keys.rs`, or
//!   one word among the values of a row.
//! - A new thing to expect: one field of [`expect::Happens`] or [`expect::Stored`], one row in
//!   `scenario/expect/keys.rs`.
//! - A new filter, for rules and expectations alike: one row in `scenario/filters`, one field of the engine's
//!   `pattern.rs`, which matches.
//! - A new FTP command: one row in its table of commands and one function in its family; an SFTP request likewise.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests wait for no rule"))]

pub mod cli;
pub mod control;
pub mod engine;
pub mod expect;
pub mod fault;
pub mod files;
pub mod ftp;
pub mod journal;
pub mod listener;
pub mod run;
pub mod scenario;
pub mod scp;
pub mod server;
pub mod sftp;
pub mod ssh;
pub mod tls;
