//! Where a scenario is matched: the filters of a rule, an expectation or a query against an event.

use std::fmt;

use globset::{GlobBuilder, GlobSet};

use super::event::{Event, Operation, Order, Protocol, Silence, Target, Tls};
use super::range::Range;

/// One word of `when:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// `any`: any operation on files.
    Any,
    /// A lower-case word.
    Operation(Operation),
    /// A word in capitals, as the wire says it.
    Wire(String),
}

impl When {
    /// Whether it is one of an event's names.
    #[must_use]
    pub fn matches(&self, event: &Event<'_>) -> bool {
        match self {
            Self::Any => event.operation.is_some_and(Operation::is_on_files),
            Self::Operation(operation) => event.operation == Some(*operation),
            Self::Wire(word) => event.wire == Some(word),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Operation(operation) => operation.word(),
            Self::Wire(word) => word,
        })
    }
}

/// A glob over bytes: `*` and `?` do not cross a `/` in paths, `**` does.
#[derive(Debug, Clone)]
pub struct Glob {
    source: String,
    kind: GlobKind,
}

#[derive(Debug, Clone)]
enum GlobKind {
    Literal(Vec<u8>),
    /// Of one glob: a set is what globset compiles without a panic at one that is too big or too deep.
    Glob(GlobSet),
}

/// What was written alike, matches alike; of the two kinds a rule only ever compares one.
impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Glob {}

impl Glob {
    /// A glob for absolute paths.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub fn path(source: &str) -> Result<Self, String> {
        Self::new(source, true)
    }

    /// A glob for names and arguments, where `/` is a character like any other.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub fn text(source: &str) -> Result<Self, String> {
        Self::new(source, false)
    }

    fn new(source: &str, slash_separates: bool) -> Result<Self, String> {
        let kind = if source.contains(['*', '?', '[', '{', '\\']) {
            let glob = GlobBuilder::new(source)
                .literal_separator(slash_separates)
                .backslash_escape(true)
                .build()
                .map_err(|error| error.kind().to_string())?;
            let set = GlobSet::builder().add(glob).build();
            GlobKind::Glob(set.map_err(|_| "too big, or nested too deep".to_owned())?)
        } else {
            GlobKind::Literal(source.as_bytes().to_vec())
        };
        Ok(Self { source: source.to_owned(), kind })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it matches a word that stands before a value, or both.
    fn names(&self, text: &str) -> bool {
        let word = text.split(' ').next().unwrap_or_default();
        self.matches(word.as_bytes()) || self.matches(text.as_bytes())
    }

    /// Whether it matches the whole of `text`.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        match &self.kind {
            GlobKind::Literal(literal) => literal == text,
            GlobKind::Glob(glob) => glob.is_match(as_path(text)),
        }
    }
}

/// globset matches paths; ours are bytes that need not be UTF-8.
#[cfg(unix)]
fn as_path(text: &[u8]) -> &std::path::Path {
    use std::os::unix::ffi::OsStrExt;
    std::path::Path::new(std::ffi::OsStr::from_bytes(text))
}

/// All the filters of a rule; alternatives within one, all of them together. An empty list filters nothing.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    /// `when:`
    pub when: Vec<When>,
    /// `protocol:`, or what the rule's answer implies.
    pub protocols: Vec<Protocol>,
    /// `user:`
    pub users: Vec<Glob>,
    /// `path:`
    pub paths: Vec<Glob>,
    /// `argument:`
    pub arguments: Vec<Glob>,
    /// `target:`
    pub targets: Vec<Target>,
    /// `method:`
    pub methods: Vec<String>,
    /// `tls:`
    pub tls: Vec<Tls>,
    /// `of:`; an empty list is a silence of commands.
    pub silences: Vec<Silence>,
    /// `flags:` alternatives, each of flags that are all there.
    pub flags: Vec<Vec<&'static str>>,
    /// `offset:`
    pub offset: Option<Range<u64>>,
    /// `length:`
    pub length: Option<Range<u64>>,
    /// `order:`
    pub orders: Vec<Order>,
    /// `attributes:` each an attribute's word, or that and its value.
    pub attributes: Vec<Glob>,
    /// `state:`
    pub states: Vec<String>,
}

/// One filter of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filter {
    /// `when:`
    When,
    /// `protocol:`
    Protocol,
    /// `target:`
    Target,
    /// `tls:`
    Tls,
    /// `of:`
    Silence,
    /// `user:`
    User,
    /// `path:`
    Path,
    /// `argument:`
    Argument,
    /// `method:`
    Method,
    /// `flags:`
    Flags,
    /// `offset:`
    Offset,
    /// `length:`
    Length,
    /// `order:`
    Order,
    /// `attributes:`
    Attributes,
}

impl Filter {
    /// Every filter, the cheap ones first.
    pub const ALL: [Self; 14] = [
        Self::When,
        Self::Protocol,
        Self::Target,
        Self::Tls,
        Self::Silence,
        Self::Offset,
        Self::Length,
        Self::Order,
        Self::User,
        Self::Path,
        Self::Argument,
        Self::Method,
        Self::Flags,
        Self::Attributes,
    ];
}

impl Pattern {
    /// Whether an event passes every filter but `state`, which only the engine knows.
    #[must_use]
    pub fn matches(&self, event: &Event<'_>) -> bool {
        Filter::ALL.into_iter().all(|filter| self.passes(filter, event))
    }

    /// Whether an event passes one of the filters.
    #[must_use]
    pub fn passes(&self, filter: Filter, event: &Event<'_>) -> bool {
        match filter {
            Filter::When => self.when.iter().any(|when| when.matches(event)),
            Filter::Protocol => one_of(&self.protocols, Some(&event.protocol)),
            Filter::Target => one_of(&self.targets, event.target.as_ref()),
            Filter::Tls => one_of(&self.tls, event.tls.as_ref()),
            Filter::Silence => match (event.silence, &self.silences[..]) {
                (None | Some(Silence::Commands), []) => true,
                (silence, silences) => one_of(silences, silence.as_ref()) && !silences.is_empty(),
            },
            Filter::User => any_glob(&self.users, event.user.map(str::as_bytes)),
            Filter::Path => any_glob(&self.paths, event.path),
            Filter::Argument => any_glob(&self.arguments, event.argument),
            Filter::Method => {
                self.methods.is_empty()
                    || event.method.is_some_and(|method| self.methods.iter().any(|m| m == method))
            }
            Filter::Flags => {
                let has = |flag| event.details.flags.contains(flag);
                self.flags.is_empty() || self.flags.iter().any(|all| all.iter().all(has))
            }
            Filter::Offset => is_within(self.offset, event.details.offset),
            Filter::Length => is_within(self.length, event.details.length),
            Filter::Order => one_of(&self.orders, event.details.order.as_ref()),
            Filter::Attributes => {
                let mut said = event.details.attributes.iter();
                let is_one =
                    |attribute: &String| self.attributes.iter().any(|glob| glob.names(attribute));
                self.attributes.is_empty() || said.any(is_one)
            }
        }
    }
}

fn one_of<T: PartialEq>(allowed: &[T], value: Option<&T>) -> bool {
    allowed.is_empty() || value.is_some_and(|value| allowed.contains(value))
}

fn is_within(range: Option<Range<u64>>, value: Option<u64>) -> bool {
    range.is_none_or(|range| value.is_some_and(|value| range.contains(value)))
}

fn any_glob(globs: &[Glob], text: Option<&[u8]>) -> bool {
    globs.is_empty() || text.is_some_and(|text| globs.iter().any(|glob| glob.matches(text)))
}
