//! The flags of `SSH_FXP_OPEN` (draft-ietf-secsh-filexfer-02, section 6.3), read as OpenSSH reads them: each becomes the
//! flag of POSIX's `open`, and what neither reads nor writes is opened for reading.

use crate::engine::Operation;
use crate::files::{Access, Create, Opening};

/// What a client asks for when it opens a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sftp) struct Flags(pub(super) u32);

/// Their words, from the lowest bit on.
pub const FLAGS: [&str; 6] = ["READ", "WRITE", "APPEND", "CREAT", "TRUNC", "EXCL"];

const READ: u32 = 0x01;
const WRITE: u32 = 0x02;
const APPEND: u32 = 0x04;
const CREAT: u32 = 0x08;
const TRUNC: u32 = 0x10;
const EXCL: u32 = 0x20;

impl Flags {
    fn has(self, flags: u32) -> bool {
        self.0 & flags == flags
    }

    /// As the draft calls them.
    pub(super) fn words(self) -> Vec<&'static str> {
        let words = FLAGS.into_iter().enumerate();
        words.filter(|(bit, _)| self.has(1 << bit)).map(|(_, word)| word).collect()
    }

    /// Those that mean something to a server that ignores these.
    pub(super) fn without(self, ignored: &[&str]) -> Self {
        let words = FLAGS.into_iter().enumerate().filter(|(_, word)| ignored.contains(word));
        Self(words.fold(self.0, |flags, (bit, _)| flags & !(1 << bit)))
    }

    /// The same in the words of POSIX. `EXCL` without `CREAT` means nothing on Linux.
    pub(super) fn opening(self) -> Opening {
        let access = match (self.has(READ), self.has(WRITE)) {
            (true, true) => Access::Both,
            (false, true) => Access::Write,
            (_, false) => Access::Read,
        };
        let create = match (self.has(CREAT), self.has(EXCL)) {
            (false, _) => Create::Never,
            (true, false) => Create::Missing,
            (true, true) => Create::New,
        };
        Opening { access, create, truncates: self.has(TRUNC), appends: self.has(APPEND) }
    }

    /// What is meant by it: without `WRITE` nothing can be written, whatever else is asked for.
    pub(super) fn operation(self) -> Operation {
        match (self.has(WRITE), self.has(APPEND)) {
            (true, true) => Operation::Append,
            (true, false) => Operation::Upload,
            (false, _) => Operation::Download,
        }
    }

    /// Whether what is in the file is gone as soon as it is opened.
    pub(super) fn truncates(self) -> bool {
        self.has(TRUNC)
    }
}
