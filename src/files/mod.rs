//! The in-memory tree that all protocols serve: FTP and SFTP differ in how they ask, not in what is there.
//!
//! A name is raw bytes ([`Path`]), a file's bytes are a [`Content`], and both stand in a [`Tree`] of
//! persistent maps, which is cloned in O(1). [`Files`] is the tree that a run's sessions share: it begins
//! as the scenario's tree and [`Files::reset`] makes it that again at once, whatever happened since.
//! Each operation is asked for by an [`Account`] and behaves as POSIX has it, permissions and errors
//! included ([`Error`]); no rule and no fault is known here.
//!
//! The code in reading order:
//! - `path`, `account`, `error`: the words.
//! - `content` on `extents`, `extent` and `noise`: the bytes of a file.
//! - `node`, `tree`, `usage`, `initial`: the tree, what it stores for whom, and how a scenario makes one.
//! - `walk`: from a path to a node, past links and permissions.
//! - `state`: what one lock guards. No operation calls anybody while it holds it, copies a file or drops one.
//! - `look`, `stat`, `ls`, `claim`, `change`, `rename`: what is done by path, and told of it.
//! - `handle`, `transfer`, `undo`: what is done with open files, and how an upload is taken back.
//! - `pretend`: what is only said to be done by path.

mod account;
mod change;
mod claim;
mod content;
mod error;
mod extent;
mod extents;
mod handle;
mod initial;
mod look;
mod ls;
mod node;
mod noise;
mod path;
mod pretend;
mod rename;
#[cfg(test)]
mod sample;
mod stat;
mod state;
mod transfer;
mod tree;
mod undo;
mod usage;
mod walk;

use std::fmt;
use std::mem;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

use state::State;

pub use crate::engine::{Kind, Target};
pub use account::Account;
pub use change::{Subject, Times};
pub use content::Content;
pub use error::Error;
pub use handle::{Access, Create, Handle, Opening, Write};
pub use initial::{Attributes, Conflict, INITIAL_TIME};
pub use look::{Item, Scope};
pub use ls::letters;
pub use path::{LONGEST_NAME, LONGEST_PATH, Path};
pub use pretend::Change;
pub use rename::Overwrite;
pub use stat::{Entry, Stat};
pub use tree::Tree;
pub use walk::Follow;

/// How much the tree may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes that clients can store in memory; what the scenario brought along does not count.
    pub capacity: u64,
    /// The files, directories and links, those of the scenario included.
    pub files: usize,
}

/// The live tree of a run, shared by all its sessions; `Clone` is another view of the same tree.
#[derive(Clone)]
pub struct Files {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Files {
    /// A tree that begins as `pristine`, whose times are read from `clock`.
    pub fn new(
        pristine: Tree,
        limits: Limits,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        let shared =
            Shared { state: Mutex::new(State::new(pristine, limits)), clock: Box::new(clock) };
        Self { shared: Arc::new(shared) }
    }

    /// Makes the tree what it was in the beginning; all open handles become stale. Sessions see that at
    /// once; the call itself takes as long as it takes to drop what there was.
    pub fn reset(&self) {
        self.restart(|state| state.pristine.clone());
    }

    /// Begins anew with another tree, to which `reset` leads from now on.
    pub fn load(&self, pristine: Tree) {
        self.restart(|_| pristine);
    }

    fn restart(&self, pristine: impl FnOnce(&State) -> Tree) {
        let old = self.with(|state| {
            let next = State {
                generation: state.generation + 1,
                ..State::new(pristine(state), state.limits)
            };
            mem::replace(state, next)
        });
        // A big tree takes its time to go: here, where nobody waits for it.
        drop(old);
    }

    fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        self.shared.with(act)
    }
}

impl Shared {
    /// Acts under the lock and drops what is left over after it.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let result = act(&mut state);
        let garbage = mem::take(&mut state.garbage);
        drop(state);
        drop(garbage);
        result
    }
}

impl Default for Limits {
    /// 4 GiB and a million files.
    fn default() -> Self {
        Self { capacity: 4 << 30, files: 1_000_000 }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{alice, files, names, path, put, text};
    use super::*;

    #[test]
    fn a_reset_brings_the_first_tree_back() {
        let files = files(&[("/f", "old"), ("/d/g", "kept")]);
        put(&files, "/f", "new");
        put(&files, "/h", "more");
        files.remove(&alice(), &path("/d/g")).unwrap();
        files.reset();
        assert_eq!(names(&files, "/"), ["d", "f"]);
        assert_eq!(text(&files, "/f"), "old");
        assert_eq!(text(&files, "/d/g"), "kept");
        assert_eq!(files.stored(Scope::Everything), 0);
    }

    #[test]
    fn another_tree_can_be_loaded() {
        let files = files(&[("/f", "old")]);
        files.load(Tree::new());
        put(&files, "/g", "new");
        files.reset();
        assert_eq!(names(&files, "/"), [""; 0]);
    }

    #[test]
    fn sessions_and_resets_do_not_disturb_each_other() {
        let files = files(&[("/f", "old")]);
        let session = |number: u32| {
            for round in 0..500 {
                let at = path(&format!("/{}", (number + round) % 5));
                let Ok(handle) = files.open(&alice(), &at, Write::Keep.opening(Access::Both))
                else {
                    continue;
                };
                // Others reset, remove and replace what is written here: any natural error is fine.
                let _ = files.append(&handle, "some text".into());
                let _ = files.undo(&handle).and_then(|()| files.redo(&handle));
                let _ = files.rename(&alice(), &at, &path("/9"), Overwrite::Yes);
                let _ = files.remove(&alice(), &path("/9"));
                if round % 50 == number {
                    files.reset();
                }
            }
        };
        std::thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || session(number));
            }
        });
        files.reset();
        assert_eq!(names(&files, "/"), ["f"]);
        assert_eq!(files.with(|state| state.open.len()), 0);
    }
}
