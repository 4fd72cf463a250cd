//! Waits for an event, however long it takes on a busy machine.

use std::fmt::Display;
use std::thread;
use std::time::{Duration, Instant};

/// Nothing that a test waits for takes longer: what has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Waits until this holds. `event` says what is waited for, and is told when it never comes.
#[track_caller]
pub(crate) fn until(event: impl Display, mut holds: impl FnMut() -> bool) {
    until_there(event, || holds().then_some(()));
}

/// Waits until this is there, and hands it back.
#[track_caller]
pub(crate) fn until_there<T>(event: impl Display, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain: {event}");
        thread::sleep(LOOK);
    }
}
