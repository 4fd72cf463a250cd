//! The report on a judgement: for people, for programs, and for CI systems.
//!
//! [`text`] tells what is not met, and what is skipped, each with what was expected, what was got, the nearest miss and the journal lines
//! that matter, and ends with a line that sums up.
//!
//! [`json`] is the same for programs, version 1:
//!
//! | field | what it holds |
//! |---|---|
//! | `version` | 1 |
//! | `passed` | whether everything is met |
//! | `failing` | if not: `expectation` or `rule`, whichever weighs more |
//! | `findings` | one for each expectation and each rule, in file order |
//!
//! and of each finding:
//!
//! | field | what it holds |
//! |---|---|
//! | `subject`, `number` | `expectation` or `rule`, and which, from 1 |
//! | `file`, `line` | where it was written |
//! | `expected` | its sentence, as it could be written in one line |
//! | `grade` | `met`, `unmet`, `inconclusive` when the journal has forgotten too much, or `skipped` when it is about a command and none has ended here |
//! | `got` | what was seen, in a sentence |
//! | `nearest` | what came nearest, if anything did |
//! | `records` | the journal's records that matter, in its own shape, eight at most |
//! | `more` | how many more of them there are |
//!
//! [`junit`] is the XML that CI systems read: a suite a scenario; in it a test case for the command that ran, and one for
//! each expectation and each rule.

mod json;
mod junit;
mod text;

pub use json::json;
pub use junit::{Command, Suite, junit};
pub use text::text;
