//! scp: how files were copied over SSH before there was SFTP, and how `scp -O` and libcurl still do it. No standard
//! says how; this is what OpenSSH's `scp` does when another one starts it with `-f` (from here) or `-t` (to here).
//!
//! Both sides speak in records, a line each, and wait for an acknowledgement of each: a zero byte, or a complaint.
//! A copy's way: `command` reads the command line that the client wants to be run, with `words` as a shell has them;
//! `session` has the state, and `talk` the channel with its bytes in both directions. `source` sends files and
//! directories, `sink` takes them, `record` has the lines. `case` asks the engine once about each file or directory,
//! and obeys; `progress` counts a file's bytes up to its rule's.
//!
//! A file sent is a `download`, a file taken an `upload`; a directory is a `list` or, where it is new, a `mkdir`. A
//! rule's `status` is told by its text, for scp knows no numbers, and what SFTP says in packets has nothing to act
//! on: `claim`, `repeat`, and the damages of packets.

mod case;
mod command;
mod progress;
mod record;
mod session;
mod sink;
mod source;
mod talk;
#[cfg(test)]
mod tests;
mod words;

pub use command::Command;
pub use session::serve;
