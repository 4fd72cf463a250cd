//! The `vms` style: as `MultiNet` on `OpenVMS` lists a directory.
//!
//! Form: a real listing in Mozilla's `ParseFTPList` test cases and in D. J. Bernstein's ftpparse; the lines around
//! it as Chromium's `ftp_directory_listing_parser_vms_unittest.cc` wants them.

use crate::files::{Entry, Kind, Path};

/// Bytes of a block.
const BLOCK: u64 = 512;
/// A longer name stands on a line of its own, as `DIRECTORY` of DCL has it.
const NAME: usize = 19;

/// The whole listing: a heading, the files, their sum.
pub(super) fn lines(path: &Path, entries: &[Entry]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new(), heading(path), Vec::new()];
    lines.extend(entries.iter().flat_map(line));
    let blocks: u64 = entries.iter().map(blocks).sum();
    let files = entries.len();
    let (s, those) = (if blocks == 1 { "" } else { "s" }, if files == 1 { "" } else { "s" });
    let sum = format!("Total of {blocks} block{s} in {files} file{those}.");
    lines.extend([Vec::new(), Vec::new(), sum.into_bytes()]);
    lines
}

/// `Directory DISK$USER:[IN.OLD]`; the root is `[000000]`.
fn heading(path: &Path) -> Vec<u8> {
    let names: Vec<&[u8]> = if path.is_root() { vec![b"000000"] } else { path.names().collect() };
    [b"Directory DISK$USER:[", names.join(&b'.').as_slice(), b"]"].concat()
}

/// `TEST.EXE;1                  4  27-OCT-1992 12:08 [POOR] (RWED,RWED,RE,)`
fn line(entry: &Entry) -> Vec<Vec<u8>> {
    let stat = &entry.stat;
    let name = name(entry);
    let date = stat.modified.strftime("%e-%b-%Y %H:%M").to_string().to_uppercase();
    let owner = stat.owner.to_uppercase();
    let rest = format!("{:>10}  {date} [{owner}] ({})", blocks(entry), protection(entry));
    if name.len() > NAME {
        return vec![name, [&[b' '; NAME], rest.as_bytes()].concat()];
    }
    let gap = vec![b' '; NAME - name.len()];
    vec![[&name, gap.as_slice(), rest.as_bytes()].concat()]
}

/// Every name has a dot and a version; a directory is a file, too.
fn name(entry: &Entry) -> Vec<u8> {
    let end: &[u8] = match entry.stat.kind {
        Kind::Directory => b".DIR;1",
        _ if entry.name.contains(&b'.') => b";1",
        _ => b".;1",
    };
    [&entry.name, end].concat()
}

fn blocks(entry: &Entry) -> u64 {
    if entry.stat.kind == Kind::Directory { 1 } else { entry.stat.size.div_ceil(BLOCK) }
}

/// For system, owner, group and world: read, write, execute, delete.
fn protection(entry: &Entry) -> String {
    let is_file = entry.stat.kind != Kind::Directory;
    let class = |shift: u16| {
        let mode = entry.stat.permissions >> shift;
        let (read, write) = (mode & 4 != 0, mode & 2 != 0);
        // Who may read a program may run it.
        let letters = [(read, 'R'), (write, 'W'), (read, 'E'), (write && is_file, 'D')];
        letters.iter().filter(|(may, _)| *may).map(|(_, letter)| *letter).collect::<String>()
    };
    let owner = class(6);
    format!("{owner},{owner},{},{}", class(3), class(0))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{directory, file, owned, text};
    use super::*;

    #[test]
    fn a_long_name_stands_on_a_line_of_its_own() {
        let given = [
            owned("poor", directory("WWW", "1997-07-27T08:47:00Z")),
            owned("poor", file("MAIL$70F3003400050097.MAI", 2560, "1993-12-05T16:50:00Z")),
            owned("poor", file("LOGIN", 513, "1994-10-12T10:24:59Z")),
        ];
        let lines: Vec<String> =
            lines(&Path::root().join(b"IN/OLD"), &given).into_iter().map(text).collect();
        let expected = [
            "",
            "Directory DISK$USER:[IN.OLD]",
            "",
            "WWW.DIR;1                   1  27-JUL-1997 08:47 [POOR] (RWE,RWE,RE,RE)",
            "MAIL$70F3003400050097.MAI;1",
            "                            5   5-DEC-1993 16:50 [POOR] (RWED,RWED,RE,RE)",
            "LOGIN.;1                    2  12-OCT-1994 10:24 [POOR] (RWED,RWED,RE,RE)",
            "",
            "",
            "Total of 8 blocks in 3 files.",
        ];
        assert_eq!(lines, expected);
        assert_eq!(text(heading(&Path::root())), "Directory DISK$USER:[000000]");
    }
}
