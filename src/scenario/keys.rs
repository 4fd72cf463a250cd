//! How a map of the file is read: by a table of its keys. Reading, hints for unknown keys, documentation and
//! the schema derive from the tables; a new key is one row and one function.

use std::path::PathBuf;

use super::field::Field;
use super::problem::{Collected, Problem, Problems, alternatives, quote, shown};
use super::similar::did_you_mean;
use super::source::Source;
use super::yaml::{Entry, Node, Span, Style, Value, in_quotes};

/// One key of a map. `T` is what the map is read into.
pub(super) struct Key<T: 'static> {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    /// One line, for the schema and the documentation.
    pub(super) doc: &'static str,
    pub(super) read: fn(&mut T, &Field<'_>, &mut Reading),
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Free text.
    Text,
    /// A text in a form of its own, which this names.
    Form(&'static str),
    /// One such text, or a list of them.
    Forms(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    /// A map.
    Map,
    /// A list of maps.
    Maps,
}

impl Holds {
    /// What was expected, in an error.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Form(form) | Self::Forms(form) => form.to_owned(),
            Self::Word(words) | Self::Words(words) => alternatives(words),
            Self::Map => "a map".to_owned(),
            Self::Maps => "a list".to_owned(),
        }
    }
}

/// A key as the documentation and the schema tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDoc {
    /// The map it stands in, as errors call it: `a rule`.
    pub map: &'static str,
    /// The key.
    pub name: &'static str,
    /// What it holds, in words.
    pub expected: String,
    /// Its words, if it holds nothing else.
    pub words: &'static [&'static str],
    /// One line.
    pub doc: &'static str,
}

/// The documentation of a table.
pub(super) fn docs<T>(map: &'static str, table: &'static [Key<T>]) -> impl Iterator<Item = KeyDoc> {
    table.iter().map(move |key| KeyDoc {
        map,
        name: key.name,
        expected: key.holds.expected(),
        words: match key.holds {
            Holds::Word(words) | Holds::Words(words) => words,
            _ => &[],
        },
        doc: key.doc,
    })
}

/// A file being read, and what was found wrong so far.
pub(super) struct Reading {
    pub(super) source: Source,
    /// The files that were read by `from:`.
    pub(super) from: Vec<PathBuf>,
    problems: Collected,
}

impl Reading {
    pub(super) fn new(source: Source) -> Self {
        Self { source, from: Vec::new(), problems: Collected::default() }
    }

    pub(super) fn add(&mut self, problem: Problem) {
        self.problems.add(problem);
    }

    /// How many errors there are: to see whether reading something added any.
    pub(super) fn errors(&self) -> usize {
        self.problems.errors
    }

    /// The only problem there is to tell.
    pub(super) fn with(mut self, problem: Problem) -> Problems {
        self.add(problem);
        self.into_problems()
    }

    pub(super) fn into_problems(self) -> Problems {
        Problems::new(self.source, self.problems)
    }
}

/// The keys that were written, with their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    known: Vec<(&'static str, Span, Span)>,
    /// Whether there was a key besides that nobody knows.
    pub(super) unknown: bool,
}

impl Written {
    /// Where a key was written, if it was.
    pub(super) fn key(&self, name: &str) -> Option<Span> {
        self.known.iter().find(|(key, ..)| *key == name).map(|(_, key, _)| *key)
    }

    /// Where its value was written.
    pub(super) fn value(&self, name: &str) -> Option<Span> {
        self.known.iter().find(|(key, ..)| *key == name).map(|(.., value)| *value)
    }

    /// All keys in the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, Span)> {
        self.known.iter().map(|(name, key, _)| (*name, *key))
    }
}

/// Reads a map by the table of its keys. `what` names the map in errors.
pub(super) fn read<T>(
    what: &str,
    table: &'static [Key<T>],
    node: &Node,
    into: &mut T,
    reading: &mut Reading,
) -> Written {
    let mut written = Written::default();
    let Some(entries) = entries(what, node, reading) else {
        return written;
    };
    let torn = torn_texts(table, entries, reading);
    for (index, entry) in entries.iter().enumerate() {
        let name = entry.key.value.as_str();
        let Some(key) = table.iter().find(|key| key.name == name) else {
            written.unknown = true;
            if !torn.contains(&index) {
                reading.add(unknown(what, table, entry));
            }
            continue;
        };
        if let Some(first) = written.key(name) {
            reading.add(duplicate(name, entry.key.span, first));
            continue;
        }
        written.known.push((key.name, entry.key.span, entry.value.span));
        let field =
            Field { name: key.name, holds: key.holds, key: entry.key.span, node: &entry.value };
        (key.read)(into, &field, reading);
    }
    written
}

/// The pairs of a map, or a complaint that it is none.
pub(super) fn entries<'n>(
    what: &str,
    node: &'n Node,
    reading: &mut Reading,
) -> Option<&'n [Entry]> {
    match &node.value {
        Value::Map(entries) => return Some(entries),
        Value::Broken => {}
        other => reading.add(
            Problem::error(node.span, format!("expected {what} as a map, got {}", other.kind()))
                .label("write `key: value`, or `{}` for none"),
        ),
    }
    None
}

pub(super) fn duplicate(name: &str, again: Span, first: Span) -> Problem {
    Problem::error(again, format!("{} is given twice", quote(name)))
        .label("again")
        .also(first, "first given here")
        .help("keep one of the two")
}

/// Within `{ }`, a comma ends an unquoted text, and what is behind it looks like keys without values. Complains
/// once a text, and gives the entries that are no keys.
fn torn_texts<T>(table: &'static [Key<T>], entries: &[Entry], reading: &mut Reading) -> Vec<usize> {
    let source = reading.source.clone();
    let is_plain = |entry: &Entry| matches!(&entry.value.value, Value::Scalar(scalar) if scalar.style == Style::Plain);
    let is_piece = |entry: &Entry| {
        let behind = source.text().get(entry.key.span.end..).unwrap_or("").trim_start();
        matches!(entry.value.value, Value::Missing)
            && behind.starts_with([',', '}'])
            && table.iter().all(|key| key.name != entry.key.value)
    };
    let mut torn = Vec::new();
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| is_plain(entry)) {
        let pieces = entries[index + 1..].iter().take_while(|entry| is_piece(entry)).count();
        let Some(last) = entries[index..=index + pieces].last().filter(|_| pieces > 0) else {
            continue;
        };
        let whole = Span::new(entry.value.span.start, last.key.span.end);
        let text = in_quotes(whole.of(source.text()));
        torn.extend(index + 1..=index + pieces);
        reading.add(
            Problem::error(whole, "a comma ends an unquoted text within `{ }`")
                .label("torn at the comma")
                .help(format!("quote the text: `{}: {}", shown(&entry.key.value, 60), &text[1..])),
        );
    }
    torn
}

fn unknown<T>(what: &str, table: &'static [Key<T>], entry: &Entry) -> Problem {
    let name = &entry.key.value;
    let help = known_slip(name).map(str::to_owned).or_else(|| did_you_mean(name, names(table)));
    Problem::error(entry.key.span, format!("unknown key {} in {what}", quote(name)))
        .label("not a word of the language")
        .help(format!("the keys here are {}", names(table).collect::<Vec<_>>().join(", ")))
        .maybe_help(help)
}

fn names<T>(table: &'static [Key<T>]) -> impl Iterator<Item = &'static str> {
    table.iter().map(|key| key.name)
}

/// Keys of other languages, and what they are called here.
fn known_slip(name: &str) -> Option<&'static str> {
    Some(match name {
        "<<" => "scenarios have no merge keys: write each rule out",
        "on" | "event" | "match" | "command" => "the event is named by `when`",
        "code" | "text" | "message" | "response" | "respond" => {
            "an FTP answer is written `reply: 550 text`, code first"
        }
        "count" | "max" => "how often a rule acts is written `times`",
        "after" => "where in the operation: `at: 64KiB`; how many to let pass: `skip: 2`",
        "close" | "reset" | "cut" | "disconnect" => "how the session ends is written `then: close`",
        "probability" => "a share of the matches is written `chance: 20%`",
        "port" | "host" | "listen" | "address" => {
            "a scenario names no port or host of the run: those are given to `badftp serve` and `badftp run`"
        }
        _ => return None,
    })
}
