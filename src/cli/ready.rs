//! The ready file: one JSON object, `{"version": 1, "ftp": "127.0.0.1:40001"}`, a key for each listener that is
//! on. It appears whole, and only when every listener answers.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Map, Value};

/// The version of its shape.
const VERSION: u32 = 1;

/// Writes the file beside its place and moves it there, so that nobody reads half of it.
pub(super) fn write(
    path: &Path,
    addresses: impl Iterator<Item = (&'static str, SocketAddr)>,
) -> io::Result<()> {
    let mut object = Map::new();
    object.insert("version".to_owned(), VERSION.into());
    for (listener, address) in addresses {
        object.insert(listener.to_owned(), Value::String(address.to_string()));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut file = std::fs::File::create(&beside)?;
    writeln!(file, "{}", Value::Object(object))?;
    drop(file);
    std::fs::rename(&beside, path)
}
