//! The `mvs` style: data sets, as the FTP server of z/OS lists them.
//!
//! Form: real listings in the tests of `FileZilla` (`directorylistingparsertest.cpp`) and Apache Commons Net
//! (`MVSFTPEntryParserTest`). A directory is a partitioned data set (PO), a file a sequential one (PS).

use crate::files::{Entry, Kind};

/// What comes first.
pub(super) const HEADER: &str = "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname";

/// Bytes of a track of a 3390, the disk that all of them have been since 1989.
const TRACK: u64 = 56_664;

/// `WYOSPT 3390   2003/05/21  1    2  FB      80 27920  PS  A.FILE`
pub(super) fn line(entry: &Entry) -> Vec<u8> {
    let stat = &entry.stat;
    let date = stat.modified.strftime("%Y/%m/%d");
    let tracks = match stat.size.div_ceil(TRACK).max(1) {
        tracks @ 1..=9999 => tracks.to_string(),
        // Too many for the column; a later z/OS says `++++`.
        _ => "????".to_owned(),
    };
    let organization = if stat.kind == Kind::Directory { "PO" } else { "PS" };
    let front = format!(
        "BADFTP 3390   {date}{:>3}{tracks:>5}  {:<4}{:>6}{:>6}  {organization:<4}",
        1, "FB", 80, 27_920
    );
    [front.as_bytes(), &entry.name].concat()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{directory, file, text};
    use super::*;

    #[test]
    fn columns_are_those_of_the_header() {
        let given = [
            file("INCOMING.RPT", 60_000, "2004-06-23T01:02:03Z"),
            directory("SYS1.PARMLIB", "2026-03-12T00:00:00Z"),
            file("BIG", 1 << 40, "2003-05-21T00:00:00Z"),
        ];
        let lines = given.map(|entry| text(line(&entry)));
        assert_eq!(HEADER, "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname");
        assert_eq!(
            lines[0],
            "BADFTP 3390   2004/06/23  1    2  FB      80 27920  PS  INCOMING.RPT"
        );
        assert_eq!(
            lines[1],
            "BADFTP 3390   2026/03/12  1    1  FB      80 27920  PO  SYS1.PARMLIB"
        );
        assert_eq!(lines[2], "BADFTP 3390   2003/05/21  1 ????  FB      80 27920  PS  BIG");
    }
}
