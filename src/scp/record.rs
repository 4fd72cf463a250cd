//! The lines of the protocol: `T1700000000 0 1700000000 0`, `C0644 10 name`, `D0755 0 name`, `E`, and complaints.

use jiff::Timestamp;

use crate::files::Stat;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    /// When the next file or directory was modified.
    Modified(Timestamp),
    /// A file, whose bytes follow.
    File(Named),
    /// A directory, and what follows is in it, until its end.
    Directory(Named),
    /// The end of a directory.
    End,
    /// Something could not be sent.
    Complaint,
    /// Nothing more will be.
    Farewell,
}

/// What is said of a file or directory before it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) mode: u16,
    pub(super) size: u64,
    pub(super) name: Vec<u8>,
}

/// Reads a line without its end.
///
/// # Errors
/// What OpenSSH's `scp` says of a line that it does not understand.
pub(super) fn read(line: &[u8]) -> Result<Record, &'static str> {
    let Some((kind, rest)) = line.split_first() else {
        return Err("unexpected <newline>");
    };
    match kind {
        1 => Ok(Record::Complaint),
        2 => Ok(Record::Farewell),
        b'E' => Ok(Record::End),
        b'T' => times(rest).map(Record::Modified),
        b'C' => named(rest).map(Record::File),
        b'D' => named(rest).map(Record::Directory),
        _ => Err("expected control record"),
    }
}

fn times(text: &[u8]) -> Result<Timestamp, &'static str> {
    let seconds = text.split(|byte| *byte == b' ').next().unwrap_or_default();
    let seconds = number(seconds).and_then(|seconds| i64::try_from(seconds).ok());
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or("mtime.sec not present")
}

fn named(text: &[u8]) -> Result<Named, &'static str> {
    let (mode, rest) = text.split_at_checked(4).ok_or("bad mode")?;
    let mode = std::str::from_utf8(mode).ok().and_then(|mode| u16::from_str_radix(mode, 8).ok());
    let mode = mode.ok_or("bad mode")?;
    let rest = rest.strip_prefix(b" ").ok_or("mode not delimited")?;
    let end = rest.iter().position(|byte| *byte == b' ').ok_or("size not delimited")?;
    let size = number(&rest[..end]).ok_or("size not present")?;
    Ok(Named { mode, size, name: rest[end + 1..].to_vec() })
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

/// The line of a file (`C`) or directory (`D`).
pub(super) fn line(kind: char, permissions: u16, size: u64, name: &[u8]) -> Vec<u8> {
    let mut line = format!("{kind}{permissions:04o} {size} ").into_bytes();
    for byte in name {
        // A name with an end of a line in it would be two lines.
        if *byte == b'\n' {
            line.extend_from_slice(b"\\^J");
        } else {
            line.push(*byte);
        }
    }
    line.push(b'\n');
    line
}

/// The line of times: modified, and accessed, which we do not know apart.
pub(super) fn times_line(stat: &Stat) -> Vec<u8> {
    let seconds = stat.modified.as_second().max(0);
    format!("T{seconds} 0 {seconds} 0\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_understood() {
        let modified = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(read(b"T1700000000 0 1 0"), Ok(Record::Modified(modified)));
        let named = Named { mode: 0o644, size: 10, name: b"a b".to_vec() };
        assert_eq!(read(b"C0644 10 a b"), Ok(Record::File(named)));
        assert!(matches!(read(b"D0755 0 d"), Ok(Record::Directory(_))));
        assert_eq!(read(b"E"), Ok(Record::End));
        assert_eq!(read(b"\x01scp: no"), Ok(Record::Complaint));
        for wrong in ["", "Cxxxx 1 a", "C0644x1 a", "C0644 -1 a", "C0644 1", "T", "hello"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_never_ends_a_line() {
        assert_eq!(line('C', 0o640, 3, b"a\nb"), b"C0640 3 a\\^Jb\n");
    }
}
