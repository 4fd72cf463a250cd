//! The files that a server has, as the test sees them who keeps it: no permission, rule or journal comes between.

use bytes::Bytes;

use super::Server;
use crate::files::{Account, Content, Error, Files, Path, Write};
use crate::journal::shown;

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

impl Server {
    /// Every file under each of its names, with what it holds. A name that is not UTF-8 is written as in a scenario:
    /// `caf<xE9>`.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Content)> {
        let all = self.run().files.all().into_iter();
        all.map(|(path, content)| (shown(path.as_bytes()), content)).collect()
    }

    /// What a file holds now.
    ///
    /// # Errors
    /// There is no file at this path.
    pub fn file(&self, path: &str) -> Result<Vec<u8>, Error> {
        let content = self.content(path)?;
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < content.size() {
            let piece = content.read(bytes.len() as u64, PIECE);
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// The same without a copy, for files that may be big.
    ///
    /// # Errors
    /// As for [`file`](Self::file).
    pub fn content(&self, path: &str) -> Result<Content, Error> {
        let files = &self.run().files;
        let handle = files.open_read(&Account::keeper(), &absolute(path))?;
        files.content(&handle)
    }

    /// Puts a file there in place of what there was, with the directories above it. It belongs to whoever is logged
    /// in.
    ///
    /// # Errors
    /// It is a directory, a file stands where a directory is needed, or there is no room.
    pub fn put_file(&self, path: &str, content: impl Into<Bytes>) -> Result<(), Error> {
        let files = &self.run().files;
        let path = absolute(path);
        make_directories(files, &path.parent())?;
        let handle = files.open_write(&Account::keeper(), &path, Write::Truncate)?;
        files.append(&handle, content.into())
    }

    /// Removes a file, a link or an empty directory.
    ///
    /// # Errors
    /// There is nothing, or a directory with something in it.
    pub fn remove_file(&self, path: &str) -> Result<(), Error> {
        let files = &self.run().files;
        let path = absolute(path);
        match files.remove(&Account::keeper(), &path) {
            Err(Error::IsADirectory) => files.rmdir(&Account::keeper(), &path),
            removed => removed,
        }
    }
}

fn absolute(path: &str) -> Path {
    Path::root().resolve(path.as_bytes())
}

fn make_directories(files: &Files, path: &Path) -> Result<(), Error> {
    let mut above = Path::root();
    for name in path.names() {
        above = above.join(name);
        match files.mkdir(&Account::keeper(), &above) {
            Ok(()) | Err(Error::Exists) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
