//! The `dos` style: as IIS prints it by default.

use crate::files::{Entry, Kind};

/// `07-20-26  09:52AM       <DIR>          name`
pub(super) fn line(entry: &Entry) -> Vec<u8> {
    let stat = &entry.stat;
    let date = stat.modified.strftime("%m-%d-%y  %I:%M%p");
    let size = match stat.kind {
        Kind::Directory => format!("{:<20}", "      <DIR>"),
        Kind::File | Kind::Link => format!("{:>20}", stat.size),
    };
    let mut line = format!("{date} {size} ").into_bytes();
    line.extend_from_slice(&entry.name);
    line
}
