//! The ready file: one JSON object, `{"version": 1, "ftp": "127.0.0.1:40001"}`, a key for each listener that is
//! on. It appears whole, and only when every listener answers.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use serde::Serialize;

use super::Failure;

/// The version of its shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Ready {
    version: u32,
    #[serde(flatten)]
    listeners: BTreeMap<&'static str, SocketAddr>,
}

/// Removes the file of an earlier run, before anything can fail: who waits for it must not go to an old port.
///
/// # Errors
/// It is there and stays there.
pub(super) fn clear(path: Option<&Path>) -> Result<(), Failure> {
    match path.map(std::fs::remove_file) {
        Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::ours(format!("cannot remove the old ready file: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes the file beside its place and moves it there, so that nobody reads half of it.
pub(super) fn write(
    path: &Path,
    listeners: impl Iterator<Item = (&'static str, SocketAddr)>,
) -> io::Result<()> {
    let ready = Ready { version: VERSION, listeners: listeners.collect() };
    let ready = serde_json::to_string(&ready)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut file = std::fs::File::create(&beside)?;
    writeln!(file, "{ready}")?;
    drop(file);
    std::fs::rename(&beside, path)
}
