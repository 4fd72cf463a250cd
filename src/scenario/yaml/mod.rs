//! YAML, as loosely as it comes: a tree of nodes that know where they stand.
//!
//! `parse` makes the tree, and is the only module that knows the YAML crate; `syntax` has the sentences for a
//! text that is no YAML; `flow` writes a node again in one line.
//!
//! Anchors, aliases, tags and merge keys are refused. A rule has to stand in the line that the journal names,
//! and a `*` or `!` at the beginning of an unquoted text is nearly always a glob or a sentence that wants
//! quotes.

mod flow;
mod parse;
mod syntax;

use super::problem::shown;

pub(super) use flow::flow;
pub(super) use parse::documents;
pub(super) use syntax::boundary;

/// A piece of the file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The text it covers.
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Something, and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    /// Pairs in the order of the file, duplicates included.
    Map(Vec<Entry>),
    /// Nothing was written where a value is due.
    Missing,
    /// Already complained about.
    Broken,
}

#[derive(Debug, Clone)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) style: Style,
    /// The comment behind it on its line; only an unquoted text can lose something to it.
    pub(super) comment: Option<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes, or a block.
    Quoted,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Spanned<String>,
    pub(super) value: Node,
}

impl Node {
    fn new(span: Span, value: Value) -> Self {
        Self { span, value }
    }
}

impl Value {
    /// What it is, in an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(_) | Self::Broken => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Missing => "nothing",
        }
    }
}

/// A text as it could be written with quotes.
pub(super) fn in_quotes(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("`\"{}\"`", shown(&escaped, 200))
}
