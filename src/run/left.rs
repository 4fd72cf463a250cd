//! What an operation leaves on the server: `keep`.

use std::sync::Arc;
use std::time::Duration;

use super::Run;
use crate::engine::Keep;
use crate::files::{Account, Change, Error, Files, Handle};

/// What an operation has done, as long as its rule has not had its say about it.
#[derive(Debug)]
pub enum Left {
    /// A file that was written, or read.
    File(Arc<Handle>),
    /// A change by path, made or pretended.
    Change(Account, Change),
}

impl Run {
    /// Makes a change, or pretends it where a rule says that nothing comes of it, or not yet.
    ///
    /// # Errors
    /// Those of the change, pretended or not.
    pub fn change(
        &self,
        account: Account,
        change: Change,
        keep: Option<Keep>,
    ) -> Result<Left, Error> {
        match keep {
            Some(Keep::None | Keep::After(_)) => self.files.pretend(&account, &change),
            _ => self.files.make(&account, &change),
        }?;
        Ok(Left::Change(account, change))
    }

    /// Does to what is left as a rule says, just before its answer.
    ///
    /// # Errors
    /// It could not be done.
    pub fn settle(&self, keep: Option<Keep>, left: Left) -> Result<(), Error> {
        let files = self.files.clone();
        match keep {
            None | Some(Keep::All) => Ok(()),
            Some(Keep::None) => left.hide(&files),
            Some(Keep::Lost | Keep::For(Duration::ZERO)) => left.lose(&files),
            Some(Keep::Size(size)) => left.resize(&files, size),
            Some(Keep::After(Duration::ZERO)) => left.show(&files),
            Some(Keep::After(time)) => {
                left.hide(&files)?;
                later(time, move || left.show(&files));
                Ok(())
            }
            Some(Keep::For(time)) => {
                later(time, move || left.lose(&files));
                Ok(())
            }
        }
    }
}

/// Does it when the time has come. If it cannot be done then, because others have been there or the tree was
/// reset, it is as if they had come a moment later.
#[allow(
    clippy::disallowed_methods,
    reason = "`keep: after 5s` is a clock, which runs on when the client has left"
)]
fn later(time: Duration, act: impl FnOnce() -> Result<(), Error> + Send + 'static) {
    tokio::spawn(async move {
        tokio::time::sleep(time).await;
        let _ = act();
    });
}

impl Left {
    /// The tree as it was before; what was only pretended needs nothing.
    fn hide(&self, files: &Files) -> Result<(), Error> {
        match self {
            Self::File(handle) => files.undo(handle),
            Self::Change(..) => Ok(()),
        }
    }

    /// What was hidden, or only pretended, is done.
    fn show(&self, files: &Files) -> Result<(), Error> {
        match self {
            Self::File(handle) => files.redo(handle),
            Self::Change(account, change) => files.make(account, change),
        }
    }

    /// Neither the new nor the old.
    fn lose(&self, files: &Files) -> Result<(), Error> {
        match self {
            Self::File(handle) => files.lose(handle),
            Self::Change(account, change) => files.lose_at(account, change.path()),
        }
    }

    /// Exactly so many bytes.
    fn resize(&self, files: &Files, size: u64) -> Result<(), Error> {
        match self {
            Self::File(handle) => files.keep_size(handle, size),
            Self::Change(..) => Ok(()),
        }
    }
}
