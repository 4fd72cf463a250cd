//! What the language has and this version does not do yet. It is refused with a sentence, never swallowed.
//!
//! When something is built, its line goes from here, and the compiler names the rows that waited for it.

use super::problem::{Problem, quote};
use super::yaml::Span;

/// Something not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Later {
    /// SSH below SFTP.
    Ssh,
}

impl Later {
    /// What this version does not do yet.
    fn what(self) -> &'static str {
        match self {
            Self::Ssh => "do that in SSH",
        }
    }

    /// The sentence for a key or a word that waits for this.
    pub(super) fn sentence(self, subject: &str) -> String {
        let subject = quote(subject);
        let what = self.what();
        format!("{subject} is part of the language, but this version does not {what} yet")
    }

    pub(super) fn problem(self, span: Span, subject: &str) -> Problem {
        Problem::error(span, self.sentence(subject))
            .label("not built yet")
            .help("leave it out to use the rest")
    }
}
