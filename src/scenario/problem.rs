//! What is wrong with a file: all of it, each mistake with its place, what was expected, and what to write.

use std::fmt;

use super::render;
use super::source::Source;
use super::yaml::Span;

/// Problems that are shown; the rest is counted.
const MAX_SHOWN: usize = 50;

/// Characters of a sentence at most: a user's text may be part of it.
const MAX_SENTENCE: usize = 600;

/// Problems of a kind that are kept while a file is read: those shown are chosen among them.
const MAX_KEPT: usize = 1_000;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can, but hardly does what was meant.
    Warning,
}

/// One mistake.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) severity: Severity,
    pub(super) span: Span,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) also: Vec<(Span, String)>,
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn error(span: Span, title: impl Into<String>) -> Self {
        Self::new(Severity::Error, span, &title.into())
    }

    pub(super) fn warning(span: Span, title: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span, &title.into())
    }

    fn new(severity: Severity, span: Span, title: &str) -> Self {
        let title = shown(title, MAX_SENTENCE);
        Self { severity, span, title, label: String::new(), also: Vec::new(), help: None }
    }

    /// What is said at the caret.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = shown(&label.into(), MAX_SENTENCE);
        self
    }

    /// Another place that has to do with it.
    pub(super) fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, shown(&label.into(), MAX_SENTENCE)));
        self
    }

    /// What to write instead.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shown(&help.into(), MAX_SENTENCE));
        self
    }

    /// The same with a help, if there is one.
    pub(super) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

/// Problems as they are found, in any order. Errors and warnings are kept up to a number each, so that a file
/// of nothing but mistakes costs no more than it says.
#[derive(Debug, Default)]
pub(super) struct Collected {
    list: Vec<Problem>,
    pub(super) errors: usize,
    warnings: usize,
}

impl Collected {
    pub(super) fn add(&mut self, problem: Problem) {
        let count = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= MAX_KEPT {
            self.list.push(problem);
        }
    }
}

/// All that is wrong with one file, in its order. Printed with [`Display`](fmt::Display), it is what `check`
/// shows.
#[derive(Clone)]
pub struct Problems {
    source: Source,
    list: Vec<Problem>,
    /// Problems beyond [`MAX_SHOWN`].
    more: usize,
}

impl Problems {
    pub(super) fn new(source: Source, collected: Collected) -> Self {
        let Collected { mut list, errors, warnings } = collected;
        list.sort_by_key(|problem| (problem.severity, problem.span.start));
        list.truncate(MAX_SHOWN);
        let more = errors + warnings - list.len();
        list.sort_by_key(|problem| problem.span.start);
        Self { source, list, more }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any of them keeps the scenario from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Each problem: how bad, its line and column (from 1), and its sentence.
    pub fn iter(&self) -> impl Iterator<Item = (Severity, usize, usize, &str)> {
        self.list.iter().map(|problem| {
            let (line, column) = self.source.position(problem.span.start);
            (problem.severity, line, column, problem.title.as_str())
        })
    }

    /// As text for a terminal, in color.
    #[must_use]
    pub fn styled(&self) -> String {
        self.render(render::Look::Styled)
    }

    fn render(&self, look: render::Look) -> String {
        let shown = self.list.iter().map(|problem| render::problem(&self.source, problem, look));
        let more = (self.more > 0).then(|| format!("… and {} more", self.more));
        shown.chain(more).collect::<Vec<_>>().join("\n\n")
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(render::Look::Plain))
    }
}

impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problems {}

/// A text of the user's in a sentence of ours: in backticks, short, and harmless to a terminal.
pub(super) fn quote(text: &str) -> String {
    format!("`{}`", shown(text, 60))
}

/// A text of the user's, harmless to a terminal, and no longer than so many characters.
pub(super) fn shown(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).flat_map(visible).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control();
    let escape = escaped.then(|| character.escape_default());
    escape.into_iter().flatten().chain((!escaped).then_some(character))
}

/// `a`, `b` or `c`.
pub(super) fn alternatives<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
