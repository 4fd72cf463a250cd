//! The `nonstop` style: a subvolume of Guardian, the file system of HPE `NonStop` (Tandem).
//!
//! Form: real listings in the tests of `FileZilla` (`directorylistingparsertest.cpp`), and in the sources of Indy
//! (`IdFTPListParseTandemGuardian`) and `FFFTP`. A subvolume holds files alone, so directories are not listed.

use crate::files::{Entry, Kind};

/// What comes first.
pub(super) const HEADER: &str =
    "File         Code             EOF  Last Modification    Owner  RWEP";

/// `RYM01           0             4096  2-Jan-26 15:36:34 110, 99 "nunu"`
pub(super) fn line(entry: &Entry) -> Option<Vec<u8>> {
    let stat = &entry.stat;
    if stat.kind == Kind::Directory {
        return None;
    }
    let name = String::from_utf8_lossy(&entry.name);
    let date = stat.modified.strftime("%e-%b-%y %H:%M:%S");
    let mode = stat.permissions;
    let security = security(mode);
    let line = format!("{name:<10}{:>7}{:>17} {date} 255,255 \"{security}\"", 0, stat.size);
    Some(line.into_bytes())
}

/// Who may read, write, execute and purge: `n` anybody on the network, `c` the owner's group, `u` the owner, `-` only
/// the super user.
fn security(mode: u16) -> String {
    let who = |bit: u16| match () {
        () if mode & bit != 0 => 'n',
        () if mode & (bit << 3) != 0 => 'c',
        () if mode & (bit << 6) != 0 => 'u',
        () => '-',
    };
    [4, 2, 4, 2].map(who).iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{directory, file, text};
    use super::*;

    #[test]
    fn only_files_are_listed() {
        let given = file("RYM01", 4096, "2026-01-02T15:36:34Z");
        let expected = r#"RYM01           0             4096  2-Jan-26 15:36:34 255,255 "nunu""#;
        assert_eq!(line(&given).map(text).as_deref(), Some(expected));
        assert_eq!(line(&directory("D", "2026-01-02T15:36:34Z")), None);
    }

    #[test]
    fn security_is_told_for_each_access() {
        assert_eq!(security(0o666), "nnnn");
        assert_eq!(security(0o640), "cucu");
        assert_eq!(security(0o000), "----");
    }
}
