//! The `os400` style: as IBM i lists its integrated file system under `SITE NAMEFMT 1`.
//!
//! Form: real listings in the tests of Apache Commons Net (`OS400FTPEntryParserTest`) and `FileZilla`
//! (`directorylistingparsertest.cpp`). Dates are month, day, year, the default of American systems.

use crate::files::{Entry, Kind};

/// `QUSER            1575 02/05/99 16:06:37 *STMF      index.htm`
pub(super) fn line(entry: &Entry) -> Vec<u8> {
    let stat = &entry.stat;
    let (kind, end) = match stat.kind {
        Kind::Directory => ("*DIR", "/"),
        Kind::File => ("*STMF", ""),
        Kind::Link => ("*SYMLNK", ""),
    };
    // Profiles have ten letters, all of them big.
    let owner: String = stat.owner.to_uppercase().chars().take(10).collect();
    let date = stat.modified.strftime("%m/%d/%y %H:%M:%S");
    let front = format!("{owner:<10}{:>11} {date} {kind:<10} ", stat.size);
    [front.as_bytes(), &entry.name, end.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{directory, file, owned, text};
    use super::*;

    #[test]
    fn directories_end_in_a_slash() {
        let given = owned("quser", file("index.htm", 1575, "1999-02-05T16:06:37Z"));
        assert_eq!(
            text(line(&given)),
            "QUSER            1575 02/05/99 16:06:37 *STMF      index.htm"
        );
        let given = owned("QUSER", directory("HTML", "1999-02-05T16:19:28Z"));
        assert_eq!(text(line(&given)), "QUSER            4096 02/05/99 16:19:28 *DIR       HTML/");
    }
}
