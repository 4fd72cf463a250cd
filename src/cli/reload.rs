//! A scenario file that changes while it is served is loaded again.
//!
//! The file is looked at, not watched: editors save by renaming, a mounted folder of a container or a
//! `ConfigMap` changes by a swapped link, and a share from another machine tells of nothing at all. A look is
//! one `stat` a file.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::sleep;

use super::flags::Log;
use super::load;
use crate::scenario::Found;
use crate::server::Server;

/// How often the files are looked at. A change is taken up when two looks in a row have seen the same, so that
/// a file is not read half written.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// A scenario in files.
pub(super) struct Reload {
    /// What the user typed.
    reference: String,
    /// The scenario's own file, and those that it takes by `from:`.
    files: Vec<PathBuf>,
    /// The files as they were when they were last read.
    seen: Vec<Option<Look>>,
}

/// What changes when a file does: its number on the disk, its length and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

impl Reload {
    /// Nothing for a shipped scenario, which cannot change.
    pub(super) fn of(reference: &str, found: &Found) -> Option<Self> {
        if found.files.is_empty() {
            return None;
        }
        let (reference, files) = (reference.to_owned(), found.files.clone());
        Some(Self { reference, seen: look(&files), files })
    }

    /// Loads the scenario whenever it changes. One with mistakes in it is told, and the old one stays.
    #[allow(clippy::disallowed_methods, reason = "a look at the file")]
    pub(super) async fn keep_up(mut self, server: &Server, log: Log) {
        let mut before = look(&self.files);
        loop {
            sleep(LOOK_EVERY).await;
            let now = look(&self.files);
            let settled = now == before;
            before = now;
            if !settled || before == self.seen {
                continue;
            }
            // A look from before the file is read, so that a change meanwhile is seen by the next one.
            self.seen.clone_from(&before);
            let Ok(found) = load(&self.reference) else {
                anstream::eprintln!(
                    "badftp: {} is not reloaded, the old rules stay",
                    self.reference
                );
                continue;
            };
            self.follow(found.files);
            server.load(found.scenario).await;
            if log == Log::Live {
                anstream::eprintln!("badftp: reloaded {}", self.reference);
            }
        }
    }

    /// Looks at these files from now on; the scenario's own is the first of them.
    fn follow(&mut self, files: Vec<PathBuf>) {
        let others = look(files.get(1..).unwrap_or_default());
        self.seen.truncate(1);
        self.seen.extend(others);
        self.files = files;
    }
}

fn look(files: &[PathBuf]) -> Vec<Option<Look>> {
    let one = |path: &PathBuf| {
        let found = std::fs::metadata(path).ok()?;
        let modified = (found.mtime(), found.mtime_nsec());
        Some(Look { inode: found.ino(), length: found.len(), modified })
    };
    files.iter().map(one).collect()
}
