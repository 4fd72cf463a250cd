//! The command line as it is typed: what it prints, to the letter, and how it exits.
//!
//! What is said of each mistake in a scenario is tested beside the reader of scenarios; here, a dozen of them are seen
//! as a user sees them. Nothing is needed but the binary and a shell.

mod catalog;
mod check;
mod completions;
mod environment;
mod exit;
mod expected_exit;
mod health;
mod journal;
mod reload;
mod replaced;
mod run;
mod schema;
mod serve;
mod signals;
mod stored;

use serde_json::Value;

use crate::clients::Desk;
use crate::run::{Shown, run};
use crate::until::until;

const BADFTP: &str = env!("CARGO_BIN_EXE_badftp");

/// In the folder of the desk, so that messages name files as they were typed.
pub(crate) fn badftp(desk: &Desk, arguments: &[&str]) -> Shown {
    run(desk.command(BADFTP).args(arguments))
}

/// What the server has written into `ready` on that desk, once it has.
fn ready(desk: &Desk) -> Value {
    until("the server is ready", || desk.path("ready").exists());
    serde_json::from_slice(&desk.read("ready")).expect("it is JSON")
}
