//! `files:`, what is in the tree at the start.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;

use super::field::{Field, Numbers};
use super::keys::Holds::{Form, Text};
use super::keys::{Holds, Key, Reading, duplicate, read};
use super::problem::{Problem, quote};
use super::values::{Mistake, absolute_path, date, literal, permissions, size};
use super::yaml::{Entry as Pair, Span, Style, Value};
use crate::files::{Attributes, Content, Path, Tree};

/// What `from:` reads is held in memory.
const MAX_FROM: u64 = 256 << 20;
/// Files that one key makes, and numbers in their names.
const MAX_NUMBERED: usize = 100_000;
const MAX_NUMBER: usize = 1_000_000_000;

/// One path of `files:`.
#[derive(Debug)]
pub(super) struct Entry {
    path: Path,
    /// Where the path is written.
    span: Span,
    what: What,
    attributes: Attributes,
}

/// What is at a path.
#[derive(Debug, Clone)]
enum What {
    File(Vec<u8>),
    /// A file of so many made-up bytes.
    Seeded(u64),
    Link(Vec<u8>),
    Directory,
}

/// What a path holds, key by key.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The key that says what it is: a file is made in one way.
    made: Option<Span>,
    what: Option<What>,
    permissions: Option<u16>,
    modified: Option<Timestamp>,
    owner: Option<String>,
}

/// The keys of a file.
pub(super) static FILE: &[Key<Draft>] = &[
    Key {
        name: "text",
        holds: Text,
        doc: "A file of this text.",
        read: |file, field, reading| {
            let text = text(field, reading);
            file.make(field, text, reading);
        },
    },
    Key {
        name: "base64",
        holds: Form("base64"),
        doc: "A file of these bytes.",
        read: |file, field, reading| {
            let bytes = field.one(base64, reading);
            file.make(field, bytes.map(What::File), reading);
        },
    },
    Key {
        name: "size",
        holds: Form("a size"),
        doc: "A file of so many bytes, the same for each seed and path.",
        read: |file, field, reading| {
            let size = field.one(size, reading);
            file.make(field, size.map(What::Seeded), reading);
        },
    },
    Key {
        name: "from",
        holds: Form("the path of a file below the scenario's folder"),
        doc: "A copy of this file, read at start.",
        read: |file, field, reading| {
            let bytes = from(field, reading);
            file.make(field, bytes.map(What::File), reading);
        },
    },
    Key {
        name: "link",
        holds: Form("a path"),
        doc: "A symbolic link.",
        read: |file, field, reading| {
            let target = field.one(link, reading);
            file.make(field, target.map(What::Link), reading);
        },
    },
    Key {
        name: "permissions",
        holds: Form("nine letters such as `rwxr-x---`"),
        doc: "Who may do what.",
        read: |file, field, reading| file.permissions = field.one(permissions, reading),
    },
    Key {
        name: "modified",
        holds: Form("a date such as `\"2031-01-01T00:00:00Z\"`"),
        doc: "When it was last changed.",
        read: |file, field, reading| file.modified = modified(field, reading),
    },
    Key {
        name: "owner",
        holds: Text,
        doc: "Whose it is.",
        read: |file, field, reading| file.owner = field.text(reading),
    },
];

/// A text, or a map: what a path holds.
const FILE_TEXT: Holds = Form("a text, or a map such as `{size: 1MiB}`");

/// What is written under `files:`.
pub(super) fn entries(field: &Field<'_>, reading: &mut Reading) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut places: HashMap<Path, Span> = HashMap::new();
    for pair in field.entries(reading).unwrap_or_default() {
        for entry in written(pair, reading) {
            if let Some(first) = places.insert(entry.path.clone(), entry.span) {
                reading.add(duplicate(&pair.key.value, pair.key.span, first));
                break;
            }
            entries.push(entry);
        }
    }
    below_files(&entries, reading);
    entries
}

/// A path below a file or a link cannot be.
fn below_files(entries: &[Entry], reading: &mut Reading) {
    let files: HashMap<&Path, Span> = entries
        .iter()
        .filter(|entry| !matches!(entry.what, What::Directory))
        .map(|entry| (&entry.path, entry.span))
        .collect();
    for entry in entries {
        let mut above = entry.path.parent();
        while !above.is_root() {
            if let Some(file) = files.get(&above) {
                reading.add(
                    Problem::error(
                        entry.span,
                        format!("{} is no directory", quote(&above.to_string())),
                    )
                    .label("nothing can be below it")
                    .also(*file, "made here"),
                );
                break;
            }
            above = above.parent();
        }
    }
}

impl Entry {
    /// A directory without anything in it yet.
    pub(super) fn directory(path: Path, span: Span) -> Self {
        Self { path, span, what: What::Directory, attributes: Attributes::default() }
    }

    /// The same below what a user sees as `/`, and the user's own.
    pub(super) fn of(mut self, user: &str, root: &Path) -> Self {
        self.path = root.resolve(self.path.as_bytes().strip_prefix(b"/").unwrap_or_default());
        self.attributes.owner.get_or_insert_with(|| user.into());
        self
    }
}

/// What is written for one path, or for all that it stands for: `/in/<001-250>.csv`.
fn written(pair: &Pair, reading: &mut Reading) -> Vec<Entry> {
    let key = &pair.key;
    let paths = numbered(&key.value)
        .and_then(|paths| paths.iter().map(|path| absolute_path(path)).collect());
    let paths: Vec<Path> = match paths {
        Ok(paths) => paths,
        Err(mistake) => {
            let title = format!("expected a path, got {}", quote(&key.value));
            reading
                .add(Problem::error(key.span, title).label(mistake.label).maybe_help(mistake.help));
            return Vec::new();
        }
    };
    let Some((what, attributes)) = held(pair, reading) else { return Vec::new() };
    let entry =
        |path| Entry { path, span: key.span, what: what.clone(), attributes: attributes.clone() };
    paths.into_iter().map(entry).collect()
}

/// Every path that one with ranges of numbers stands for, written with as many digits as the first: `<001-250>`.
fn numbered(path: &str) -> Result<Vec<String>, Mistake> {
    let range = path.match_indices('<').find_map(|(at, _)| {
        let (inner, rest) = path[at + 1..].split_once('>')?;
        let (first, last) = inner.split_once('-')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        (is_number(first) && is_number(last)).then_some((&path[..at], first, last, rest))
    });
    let Some((before, first, last, rest)) = range else { return Ok(vec![path.to_owned()]) };
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number < MAX_NUMBER);
    let (Some(from), Some(to)) = (number(first), number(last)) else {
        return Err(Mistake::new(format!("no number is above {}", MAX_NUMBER - 1)));
    };
    if from > to {
        return Err(Mistake::new("it ends before it begins")
            .help(format!("write `{before}<{last}-{first}>{rest}`")));
    }
    let behind = numbered(rest)?;
    if (to - from + 1).saturating_mul(behind.len()) > MAX_NUMBERED {
        return Err(Mistake::new(format!("one key makes at most {MAX_NUMBERED} files")));
    }
    let width = first.len();
    let named = |number: usize| {
        let before = format!("{before}{number:0width$}");
        behind.iter().map(move |rest| format!("{before}{rest}"))
    };
    Ok((from..=to).flat_map(named).collect())
}

/// What a path holds, and its attributes.
fn held(pair: &Pair, reading: &mut Reading) -> Option<(What, Attributes)> {
    let Pair { key, value } = pair;
    let directory = key.value.ends_with('/');
    let mut draft = Draft::default();
    match &value.value {
        Value::Map(_) => {
            let what = format!("the file {}", quote(&key.value));
            read(&what, FILE, value, &mut draft, reading);
        }
        _ if directory => {
            reading.add(not_in_a_directory(pair, value.span));
            return None;
        }
        _ => {
            let field = Field { name: "text", holds: FILE_TEXT, key: key.span, node: value };
            let text = text(&field, reading);
            draft.make(&field, text, reading);
        }
    }
    let what = match (directory, draft.made) {
        (true, None) => What::Directory,
        (true, Some(span)) => {
            reading.add(not_in_a_directory(pair, span));
            return None;
        }
        (false, _) => draft.what.unwrap_or_else(|| What::File(Vec::new())),
    };
    let owner = draft.owner.map(Arc::from);
    let attributes = Attributes { permissions: draft.permissions, owner, modified: draft.modified };
    Some((what, attributes))
}

fn not_in_a_directory(pair: &Pair, span: Span) -> Problem {
    let name = pair.key.value.trim_end_matches('/');
    Problem::error(span, format!("{} is a directory, and has no text", quote(&pair.key.value)))
        .label("only `permissions`, `modified` and `owner`")
        .also(pair.key.span, "a path that ends in `/` is a directory")
        .help(format!("write `{name}/: {{}}` for the directory, or `{name}` for a file"))
}

impl Draft {
    fn make(&mut self, field: &Field<'_>, what: Option<What>, reading: &mut Reading) {
        if let Some(first) = self.made {
            reading.add(
                Problem::error(field.key, "a file is made in one way only")
                    .label("a second one")
                    .also(first, "the first"),
            );
            return;
        }
        (self.made, self.what) = (Some(field.key), what);
    }
}

fn text(field: &Field<'_>, reading: &mut Reading) -> Option<What> {
    let scalar = field.text_of(field.node, Numbers::Refused, reading)?;
    match literal(&scalar.text) {
        Ok(bytes) => Some(What::File(bytes)),
        Err(mistake) => {
            reading.add(field.wrong(field.node.span, &scalar.text, mistake));
            None
        }
    }
}

fn base64(text: &str) -> Result<Vec<u8>, Mistake> {
    let joined: String = text.split_whitespace().collect();
    BASE64_STANDARD.decode(joined).map_err(|error| Mistake::new(error.to_string().to_lowercase()))
}

fn link(text: &str) -> Result<Vec<u8>, Mistake> {
    match literal(text)? {
        target if target.is_empty() => Err(Mistake::new("a link leads somewhere")),
        target => Ok(target),
    }
}

/// Quoted, because some readers of YAML have dates of their own.
fn modified(field: &Field<'_>, reading: &mut Reading) -> Option<Timestamp> {
    let scalar = field.text_of(field.node, Numbers::Allowed, reading)?;
    match date(&scalar.text) {
        Ok(_) if scalar.style == Style::Plain => {
            reading.add(field.text_due(scalar, field.node.span, "the date"));
            None
        }
        Ok(date) => Some(date),
        Err(mistake) => {
            reading.add(field.wrong(field.node.span, &scalar.text, mistake));
            None
        }
    }
}

/// The bytes of a file below the scenario's folder, whatever links lie between.
fn from(field: &Field<'_>, reading: &mut Reading) -> Option<Vec<u8>> {
    let name = field.text(reading)?;
    let folder = reading.source.folder().map(std::path::Path::to_owned);
    let result = match folder {
        Some(folder) => {
            reading.from.push(folder.join(&name));
            read_below(&folder, &name)
        }
        None => Err(Mistake::new("this scenario is no file")
            .help("`from` is read from the folder of a scenario file")),
    };
    match result {
        Ok(bytes) => Some(bytes),
        Err(mistake) => {
            reading.add(field.wrong(field.node.span, &name, mistake));
            None
        }
    }
}

fn read_below(folder: &std::path::Path, name: &str) -> Result<Vec<u8>, Mistake> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Mistake::new("there is no such file")
            .help("a path of `from` begins in the folder of the scenario file"),
        _ => Mistake::new(format!("it cannot be read: {error}")),
    };
    let folder = folder.canonicalize().map_err(unreadable)?;
    let path = folder.join(name).canonicalize().map_err(unreadable)?;
    if !path.starts_with(&folder) {
        return Err(Mistake::new("outside the scenario's folder")
            .help("put the file beside the scenario, or below it"));
    }
    // Asked first: to open a pipe waits for somebody who writes into it.
    if !std::fs::metadata(&path).map_err(unreadable)?.is_file() {
        return Err(Mistake::new("no regular file"));
    }
    let file = std::fs::File::open(&path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FROM + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FROM {
        return Err(Mistake::new("bigger than 256 MiB")
            .help("`size: 1GiB` makes a big file out of nothing"));
    }
    Ok(bytes)
}

/// A first tree with all entries, unless one stands in another's way.
pub(super) fn tree(
    first: Tree,
    entries: impl IntoIterator<Item = Entry>,
    seed: u64,
    reading: &mut Reading,
) -> Option<Tree> {
    let mut tree = first;
    let mut healthy = true;
    for Entry { path, span, what, attributes } in entries {
        let result = match what {
            What::File(bytes) => tree.file(&path, Content::from_bytes(bytes), attributes),
            What::Seeded(size) => tree.file(&path, Content::seeded(seed, &path, size), attributes),
            What::Link(target) => tree.link(&path, &target, attributes),
            What::Directory => tree.directory(&path, attributes),
        };
        if let Err(conflict) = result {
            healthy = false;
            reading.add(Problem::error(span, conflict.to_string()).label("cannot be here"));
        }
    }
    healthy.then_some(tree)
}

/// The tree of a scenario that names no files.
pub(super) fn usual_tree() -> Tree {
    let mut tree = Tree::new();
    let hello = Path::root().resolve(b"/hello.txt");
    let content = Content::from_bytes("Hello from badftp!\n");
    // Nothing stands in the way in an empty tree.
    let _ = tree.file(&hello, content, Attributes::default());
    tree
}
