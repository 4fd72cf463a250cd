//! The command line by which a client starts its other half here.

use super::words::{Word, split};

/// Which way files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `-f`: from here.
    Source,
    /// `-t`: to here.
    Sink,
}

/// An `scp` that a client wants to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub(super) way: Way,
    /// `-r`: directories, too.
    pub(super) recursive: bool,
    /// `-p`: times and permissions, too.
    pub(super) preserve: bool,
    /// `-d`: the target must be a directory.
    pub(super) into_directory: bool,
    pub(super) operands: Vec<Word>,
}

impl Command {
    /// Reads a command line, if it is one of ours.
    #[must_use]
    pub fn read(line: &[u8]) -> Option<Self> {
        let mut words = split(line).into_iter();
        let program = words.next()?.text();
        if program.rsplit(|byte| *byte == b'/').next() != Some(b"scp") {
            return None;
        }
        let (mut way, mut letters, mut operands) = (None, Vec::new(), Vec::new());
        let mut options = true;
        for word in words {
            let text = word.text();
            match text.strip_prefix(b"-").filter(|rest| options && !rest.is_empty()) {
                Some(b"-") => options = false,
                Some(more) => letters.extend_from_slice(more),
                None => {
                    options = false;
                    operands.push(word);
                }
            }
        }
        for letter in &letters {
            match letter {
                b'f' => way = Some(Way::Source),
                b't' => way = Some(Way::Sink),
                _ => {}
            }
        }
        let has = |letter| letters.contains(&letter);
        let (recursive, preserve, into_directory) = (has(b'r'), has(b'p'), has(b'd'));
        Some(Self { way: way?, recursive, preserve, into_directory, operands })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send_is_understood() {
        let openssh = Command::read(b"scp -v -r -p -t -- /in").unwrap();
        assert_eq!((openssh.way, openssh.recursive, openssh.preserve), (Way::Sink, true, true));
        assert_eq!(openssh.operands[0].text(), b"/in");
        let libssh2 = Command::read(b"scp -pf '/a b'").unwrap();
        assert_eq!((libssh2.way, libssh2.preserve), (Way::Source, true));
        assert_eq!(libssh2.operands[0].text(), b"/a b");
        assert!(Command::read(b"/usr/bin/scp -d -f x").is_some_and(|scp| scp.into_directory));
        for other in ["", "ls", "scp", "scp a b", "scpx -t a"] {
            assert_eq!(Command::read(other.as_bytes()), None, "{other}");
        }
    }
}
