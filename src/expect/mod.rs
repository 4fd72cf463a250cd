//! What the client was expected to do, and whether it did.
//!
//! An [`Expectation`] holds the engine's own [`Pattern`](crate::engine::Pattern), and a journal's record can be seen
//! as an event again, so that the very same matcher serves rules, expectations and queries. [`judge`] weighs the
//! expectations, and the rules with them, against the [`Evidence`]: the journal, what the rules have counted, and
//! the files as they are in the end. What comes of it is a [`Judgement`], a [`Finding`] for each, which
//! [`report`] prints for people, for programs and for CI systems.
//!
//! What exactly is weighed:
//!
//! - An event counts when all filters let it pass, its outcome is the right one, its transfer began at the right
//!   offset, and it came after what it is to come after: it began when some such event of the same `per` key was
//!   over.
//! - `times` holds for each `per` key by itself. A connection, a user, an address is a key as soon as it has done
//!   anything (within `protocol` and `user`), so that doing nothing of the kind is noticed; a path as soon as such
//!   an event touched it, whatever came of it. With no key at all there were no times.
//! - A connection that a rule has ended owes nothing more: who is cut off cannot say `QUIT`. What it did too often, it
//!   did.
//! - A gap goes from the end of one such event to the beginning of the next of the same key.
//! - A rule fires when it has done what it is there for, as the journal's `fired` has it; one that shuts a port, when
//!   it has shut it. Firing is counted when it is written down, so that no count depends on what the journal keeps.
//! - How the command of `badftp run` ends is judged once, when it has ended in the scenario that it was started for. An
//!   [`ExpectedExit`] expectation that is asked about anywhere else is *skipped*: the report names it, and it fails nothing.
//! - The journal is bounded. What cannot be said for sure without the records that have given way is *inconclusive*,
//!   which is a failure, too: nothing passes because it was forgotten.
//! - A reset or another scenario begins anew: what began before it is not weighed.

mod exit;
mod expectation;
mod judge;
mod judgement;
pub mod report;
#[cfg(test)]
mod tests;
mod words;

pub use exit::{CANNOT_START, Ended, ExpectedExit, NOT_FOUND};
pub use expectation::{Expectation, Happens, Stored, StoredKind, What};
pub use judge::{Count, Evidence, judge};
pub use judgement::{Failing, Finding, Grade, Judgement, Subject};
