//! An expectation as it was written: nothing of it has been compared with anything yet.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Glob, Parting, Protocol, Range};
use crate::expect::{Expectation, ExpectedExit, Happens, Stored, StoredKind, What};
use crate::journal::Success;
use crate::scenario::filters::{Filtered, Filters};
use crate::scenario::source::Source;
use crate::scenario::word::{FTP, Word};
use crate::scenario::yaml::{Span, Spanned};

/// What was written of an expectation. A value that was wrong is missing here, though its key is in `written`.
#[derive(Debug, Default)]
pub(in crate::scenario) struct Draft {
    filters: Filters,
    pub(super) outcome: Option<Success>,
    pub(super) parting: Option<Parting>,
    pub(super) after: Vec<Spanned<Word>>,
    pub(super) stored: Option<(StoredKind, Glob)>,
    pub(super) size: Option<Range<u64>>,
    pub(super) sha256: Option<[u8; 32]>,
    pub(super) exit: Option<ExpectedExit>,
    pub(super) times: Option<Range<u64>>,
    pub(super) gap: Option<Range<Duration>>,
}

/// An expectation is its filters and what has come of it, and mostly asked for both at once.
impl Deref for Draft {
    type Target = Filters;

    fn deref(&self) -> &Filters {
        &self.filters
    }
}

impl Filtered for Draft {
    fn filters(&mut self) -> &mut Filters {
        &mut self.filters
    }
}

impl Draft {
    pub(super) fn new(span: Span, sentence: Arc<str>) -> Self {
        Self { filters: Filters { span, sentence, ..Filters::default() }, ..Self::default() }
    }

    /// The protocols it is about; none are all. Who speaks another one is not expected to do it.
    fn protocols(&self) -> Vec<Protocol> {
        if let Some(named) = self.named_protocols() {
            return named;
        }
        if self.of_requests().is_some() {
            return vec![Protocol::Sftp];
        }
        let is_about_tls = !self.tls.is_empty() || self.parting.is_some();
        if is_about_tls { FTP.to_vec() } else { self.heard_in() }
    }

    /// The expectation as the judge knows it.
    pub(super) fn into_expectation(self, source: &Source) -> Option<Expectation> {
        let origin = self.origin(source);
        let times = self.times.unwrap_or(Range::at_least(1));
        let what = if self.has("exit") {
            What::Exit(self.exit?)
        } else if self.has("stored") {
            let (kind, path) = self.stored?;
            What::Stored(Stored { kind, path, size: self.size, sha256: self.sha256 })
        } else {
            let (per, protocols) = (self.per(), self.protocols());
            What::Happens(Box::new(Happens {
                pattern: self.filters.into_pattern(protocols, Vec::new()),
                per,
                after: self.after.into_iter().map(|word| word.value.when()).collect(),
                outcome: self.outcome,
                parting: self.parting,
                gap: self.gap,
            }))
        };
        Some(Expectation { origin, what, times })
    }
}
