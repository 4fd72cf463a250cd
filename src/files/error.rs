use std::fmt;

/// Why the tree refused: the natural causes that every protocol translates into its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// The path, or a directory on the way to it, does not exist (`ENOENT`).
    NotFound,
    /// A file stands where a directory is needed (`ENOTDIR`).
    NotADirectory,
    /// A directory stands where a file is needed (`EISDIR`).
    IsADirectory,
    /// A symbolic link is needed (`EINVAL` of `readlink`).
    NotALink,
    /// There is something at the path already (`EEXIST`).
    Exists,
    /// The directory has entries (`ENOTEMPTY`).
    NotEmpty,
    /// The permissions, or the handle's way of opening, forbid it (`EACCES`, `EPERM`, `EBADF`).
    Denied,
    /// The capacity is reached; what fitted is stored (`ENOSPC`).
    NoSpace,
    /// The file would be longer than 2^63 - 1 bytes (`EFBIG`).
    FileTooLarge,
    /// No place in a file is behind 2^63 - 1 bytes (`EINVAL` of `lseek` and `truncate`).
    BadOffset,
    /// There are as many files, directories and links as there may be (`ENOSPC`, of inodes).
    TooManyFiles,
    /// A name is longer than 255 bytes or a path than 4096 (`ENAMETOOLONG`).
    NameTooLong,
    /// A name has a NUL in it (`EINVAL`).
    InvalidName,
    /// More than 40 symbolic links lead one to the next (`ELOOP`).
    LinkLoop,
    /// A directory was to be moved into itself (`EINVAL` of `rename`).
    CrossesItself,
    /// The handle is from before a reset, or of another tree (`ESTALE`).
    Stale,
}

impl Error {
    /// The usual text of the cause, as `strerror` has it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NotFound => "No such file or directory",
            Self::NotADirectory => "Not a directory",
            Self::IsADirectory => "Is a directory",
            Self::NotALink => "Not a symbolic link",
            Self::Exists => "File exists",
            Self::NotEmpty => "Directory not empty",
            Self::Denied => "Permission denied",
            Self::NoSpace => "No space left on device",
            Self::FileTooLarge => "File too large",
            Self::BadOffset => "Invalid argument",
            Self::TooManyFiles => "Too many files",
            Self::NameTooLong => "File name too long",
            Self::InvalidName => "Invalid file name",
            Self::LinkLoop => "Too many levels of symbolic links",
            Self::CrossesItself => "Cannot move a directory into itself",
            Self::Stale => "Stale file handle",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Error {}
