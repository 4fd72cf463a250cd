//! From what a user typed to a scenario: a path, or a shipped name, each with or without a variant.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{self, Entry, catalog};
use super::problem::{Problems, alternatives, quote};
use super::similar::nearest;
use super::source::Source;
use super::{Checked, Scenario, read};
use crate::engine::Glob;

/// A scenario that can be run.
#[derive(Debug)]
pub struct Found {
    /// What it was found by.
    pub reference: String,
    /// The scenario itself.
    pub scenario: Scenario,
    /// What hardly does what was meant.
    pub warnings: Option<Problems>,
    /// The whole file, other documents included.
    pub source: Source,
    /// The file, and behind it those that it takes by `from:`; a shipped scenario has none.
    pub files: Vec<PathBuf>,
}

/// Why there is no scenario.
#[derive(Debug)]
pub enum Error {
    /// Neither a file nor a shipped name.
    Unknown {
        /// What was typed.
        reference: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// The file has no document of this name.
    NoVariant {
        /// The file, or its shipped name.
        file: String,
        /// What was asked for.
        variant: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file has mistakes.
    Wrong(Problems),
}

/// The scenario that a reference names: `./retry.yaml`, `retry.yaml/variant`, `ftp/data-425`,
/// `ftp/data-425/bad-ip`; or the one that it is itself, in YAML, as a variable of a container's environment may have it.
///
/// # Errors
/// It names nothing, or what it names cannot be read or has mistakes.
pub fn find(reference: &str) -> Result<Found, Error> {
    if let Some((source, variant)) = shipped(reference) {
        return choose(reference, source, variant, None);
    }
    if is_yaml_itself(reference) {
        return inline(reference);
    }
    let Some((path, variant)) = on_disk(reference) else {
        return Err(Error::Unknown { reference: reference.to_owned(), near: near(reference) });
    };
    choose(reference, open(&path)?, variant, Some(path))
}

/// A shipped scenario by its name, or the first one of a YAML text; nothing is read from the disk. What is one word is a
/// name.
///
/// # Errors
/// There is none of this name, or the text has mistakes in it.
pub fn find_inline(text: &str) -> Result<Found, Error> {
    let name = text.trim();
    if name.contains([':', '\n', ' ']) {
        return inline(text);
    }
    let unknown = || Error::Unknown { reference: name.to_owned(), near: near(name) };
    let (source, variant) = shipped(name).ok_or_else(unknown)?;
    choose(name, source, variant, None)
}

/// Every scenario that a reference names, which may be a glob over shipped names (`ftp/data-*`, `**/reset*`, `sftp/**`:
/// a `**` finds variants, too) or over files (`tests/*.yaml`).
///
/// # Errors
/// It names nothing, or one of those it names cannot be read or has mistakes.
pub fn find_all(reference: &str) -> Result<Vec<Found>, Error> {
    let is_one = is_yaml_itself(reference) || Path::new(reference).is_file();
    if is_one || !reference.contains(['*', '?', '[']) {
        return Ok(vec![find(reference)?]);
    }
    let nothing = || Error::Unknown { reference: reference.to_owned(), near: None };
    let names = if looks_like_a_path(reference) {
        let paths = glob::glob(reference).map_err(|_| nothing())?;
        paths.flatten().map(|path| path.display().to_string()).collect()
    } else {
        let glob = Glob::path(reference).map_err(|_| nothing())?;
        let shipped = catalog().iter().flat_map(Entry::names);
        shipped.filter(|name| glob.matches(name.as_bytes())).collect::<Vec<_>>()
    };
    if names.is_empty() {
        return Err(nothing());
    }
    names.iter().map(|name| find(name)).collect()
}

/// Checks every document of a file.
///
/// # Errors
/// It cannot be read, or there are mistakes in it.
pub fn check(path: &Path) -> Result<Checked, Error> {
    read(&open(path)?).map_err(Error::Wrong)
}

fn open(path: &Path) -> Result<Source, Error> {
    Source::open(path).map_err(|cause| Error::Unreadable { path: path.to_owned(), cause })
}

/// A shipped file, and the variant asked for.
fn shipped(reference: &str) -> Option<(Source, Option<&str>)> {
    if let Some(source) = catalog::shipped(reference) {
        return Some((source, None));
    }
    let (file, variant) = reference.rsplit_once('/')?;
    Some((catalog::shipped(file)?, Some(variant)))
}

/// A file, and the variant asked for. What looks like a path is one even where nothing is there, so that the
/// error is about the file.
fn on_disk(reference: &str) -> Option<(PathBuf, Option<&str>)> {
    if Path::new(reference).is_file() {
        return Some((reference.into(), None));
    }
    if let Some((file, variant)) = reference.rsplit_once('/')
        && Path::new(file).is_file()
    {
        return Some((file.into(), Some(variant)));
    }
    let file = reference.rsplit_once('/').map(|(file, _)| file).filter(|file| is_yaml(file));
    let variant = file.and_then(|_| reference.rsplit_once('/')).map(|(_, variant)| variant);
    let path = file.unwrap_or(reference);
    looks_like_a_path(path).then(|| (path.into(), variant))
}

fn looks_like_a_path(reference: &str) -> bool {
    is_yaml(reference) || reference.starts_with(['.', '/', '~'])
}

/// Whether it has the look of a mapping, as no name of a file has.
fn is_yaml_itself(reference: &str) -> bool {
    reference.contains('\n') || reference.contains(": ") || reference.starts_with('{')
}

fn is_yaml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "yaml" || end == "yml")
}

/// The first document of a text that was found nowhere.
fn inline(text: &str) -> Result<Found, Error> {
    let mut found = choose("inline", Source::inline("inline", text), None, None)?;
    found.scenario.reference = None;
    found.reference = found.scenario.label();
    Ok(found)
}

/// The document asked for.
fn choose(
    reference: &str,
    source: Source,
    variant: Option<&str>,
    path: Option<PathBuf>,
) -> Result<Found, Error> {
    let Checked { scenarios, warnings, from } = read(&source).map_err(Error::Wrong)?;
    let known = scenarios.iter().filter_map(|scenario| scenario.name.clone()).collect();
    let mut scenarios = scenarios.into_iter();
    let scenario = match variant {
        None => scenarios.next(),
        Some(variant) => scenarios.find(|scenario| scenario.name.as_deref() == Some(variant)),
    };
    let Some(mut scenario) = scenario else {
        let variant = variant.unwrap_or_default().to_owned();
        return Err(Error::NoVariant { file: source.name().to_string(), variant, known });
    };
    scenario.reference = Some(reference.to_owned());
    let files = path.into_iter().chain(from).collect();
    Ok(Found { reference: reference.to_owned(), scenario, warnings, source, files })
}

/// A shipped name that is nearly this one, with its protocol or without.
fn near(reference: &str) -> Option<String> {
    let names = || catalog().iter().map(|entry| entry.name.as_str());
    let short = |name: &'static str| name.rsplit_once('/').map_or(name, |(_, short)| short);
    let whole = nearest(reference, names());
    let found = whole.or_else(|| {
        let last = nearest(reference, names().map(short))?;
        names().find(|name| short(name) == last)
    });
    found.map(str::to_owned)
}

impl Error {
    /// All that is said of it on a terminal: the chain of causes and the hint, or every problem, in color.
    #[must_use]
    pub fn report(&self) -> String {
        if let Self::Wrong(problems) = self {
            return problems.styled();
        }
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let cause = std::error::Error::source(self).map(|cause| format!(": {cause}"));
        let hint = self.hint().map(|hint| format!("\n\nhint: {hint}"));
        format!(
            "{red}error:{red:#} {self}{}{}",
            cause.unwrap_or_default(),
            hint.unwrap_or_default()
        )
    }

    /// What to type instead, for the line after the error.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { near: Some(near), .. } => {
                Some(format!("did you mean `{near}`? `badftp list` shows all of them"))
            }
            Self::Unknown { reference, .. } => {
                let file = format!("{reference}.yaml");
                let exists = Path::new(&file).is_file();
                let list = "`badftp list` shows the shipped scenarios; a file of yours is named with its path".to_owned();
                Some(if exists { format!("did you mean the file `./{file}`?") } else { list })
            }
            Self::NoVariant { known, .. } if known.is_empty() => {
                Some("the file has no variants".to_owned())
            }
            Self::NoVariant { variant, known, .. } => {
                let near = nearest(variant, known.iter().map(String::as_str));
                let near = near.map(|near| format!("did you mean `{near}`?"));
                Some(near.unwrap_or_else(|| format!("its variants are {}", alternatives(known))))
            }
            Self::Unreadable { path, cause } if cause.kind() == io::ErrorKind::NotFound => {
                let shipped = path.to_str().filter(|name| shipped(name).is_some());
                Some(shipped.map_or_else(
                    || "`badftp list` shows the scenarios that come with badftp".to_owned(),
                    |name| format!("`badftp show {name}` shows the scenario of this name"),
                ))
            }
            Self::Unreadable { .. } | Self::Wrong(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { reference, .. } => {
                write!(f, "no scenario is called {}", quote(reference))
            }
            Self::NoVariant { file, variant, .. } => {
                write!(f, "{} has no variant {}", quote(file), quote(variant))
            }
            Self::Unreadable { path, .. } => {
                write!(f, "cannot read the scenario {}", quote(&path.display().to_string()))
            }
            Self::Wrong(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
