//! How a directory is told: the styles of `LIST`, and the facts of `MLSD` and `MLST`.

mod dos;
mod facts;
mod unix;

use jiff::Timestamp;

use super::settings::Listing;
use crate::files::Entry;

pub(super) use facts::{Which, features, line as facts_line, options, time as fact_time};

/// One line of `LIST`, in a style.
pub(super) fn line(style: Listing, entry: &Entry, now: Timestamp) -> Vec<u8> {
    match style {
        Listing::Unix => unix::line(entry, now),
        Listing::Dos => dos::line(entry),
    }
}
