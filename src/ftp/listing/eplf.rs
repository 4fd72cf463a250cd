//! The `eplf` style: Easily Parsed LIST Format, as publicfile sends it.
//!
//! Form: D. J. Bernstein, <https://cr.yp.to/ftp/list/eplf.html>, whose examples are the test's.

use crate::files::{Entry, Kind};

/// `+i1.44468,m839956783,r,s10376,` TAB `RFCEPLF`
pub(super) fn line(entry: &Entry) -> Vec<u8> {
    let stat = &entry.stat;
    let (id, modified) = (stat.id, stat.modified.as_second());
    let kind = match stat.kind {
        Kind::Directory => "/".to_owned(),
        Kind::File | Kind::Link => format!("r,s{}", stat.size),
    };
    let mut line = format!("+i1.{id},m{modified},{kind},\t").into_bytes();
    line.extend_from_slice(&entry.name);
    line
}

#[cfg(test)]
mod tests {
    use super::super::sample::{directory, file, text};
    use super::*;

    #[test]
    fn facts_end_in_a_tab() {
        let given = file("RFCEPLF", 10_376, "1996-08-13T17:19:43Z");
        assert_eq!(text(line(&given)), "+i1.7,m839956783,r,s10376,\tRFCEPLF");
        let given = directory("dev", "1996-02-13T23:58:22Z");
        assert_eq!(text(line(&given)), "+i1.7,m824255902,/,\tdev");
    }
}
