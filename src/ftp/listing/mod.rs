//! How a directory is told: the styles of `LIST`, and the facts of `MLSD` and `MLST`.

mod dos;
mod eplf;
mod facts;
mod mvs;
mod nonstop;
mod os400;
#[cfg(test)]
mod sample;
mod vms;

use jiff::Timestamp;

use super::settings::Listing;
use crate::files::{Entry, Path};

pub(super) use facts::{Which, features, line as facts_line, options, time as fact_time};

/// The lines of `LIST`, in a style: of these entries, which are in the directory at `path`.
pub(super) fn lines(
    style: Listing,
    path: &Path,
    entries: &[Entry],
    now: Timestamp,
) -> Vec<Vec<u8>> {
    let each = entries.iter();
    match style {
        Listing::Unix => each.map(|entry| entry.ls_line(now)).collect(),
        Listing::Dos => each.map(dos::line).collect(),
        Listing::Eplf => each.map(eplf::line).collect(),
        Listing::Mvs => headed(mvs::HEADER, each.map(mvs::line)),
        Listing::Os400 => each.map(os400::line).collect(),
        Listing::Vms => vms::lines(path, entries),
        Listing::NonStop => headed(nonstop::HEADER, each.filter_map(nonstop::line)),
    }
}

fn headed(header: &str, lines: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    std::iter::once(header.as_bytes().to_vec()).chain(lines).collect()
}

/// What `SYST` says where listings are of this style: clients choose their parser by it.
pub(super) fn system(style: Listing) -> &'static str {
    match style {
        // What is known of NonStop's own answer is too little to send it.
        Listing::Unix | Listing::Eplf | Listing::NonStop => "UNIX Type: L8",
        Listing::Dos => "Windows_NT",
        Listing::Mvs => {
            "MVS is the operating system of this server. FTP Server is running on z/OS."
        }
        // The second space before it is IBM's.
        Listing::Os400 => {
            " OS/400 is the remote operating system. The TCP/IP version is \"V7R1M0\"."
        }
        Listing::Vms => "VMS MultiNet V5.5",
    }
}
