//! The shipped scenarios, in the binary itself.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::source::Source;
use super::{Scenario, read};

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// One shipped file.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is called: `ftp/data-425`.
    pub name: String,
    /// What it does.
    pub description: String,
    /// What clients show.
    pub symptom: Option<String>,
    /// Its documents, the first of which is the default.
    pub variants: Vec<Variant>,
    /// The YAML.
    pub source: &'static str,
}

/// One document of a shipped file.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What it is chosen by; the first one may have none.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
}

impl Entry {
    /// What its documents are called: `ftp/data-425`, `ftp/data-425/bad-ip`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let variants = self.variants.iter().skip(1).filter_map(|variant| variant.name.as_deref());
        let variants = variants.map(|variant| format!("{}/{variant}", self.name));
        std::iter::once(self.name.clone()).chain(variants)
    }
}

/// Every shipped file, by name.
#[must_use]
pub fn catalog() -> &'static [Entry] {
    static CATALOG: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let mut entries: Vec<Entry> = files(&SHIPPED).into_iter().filter_map(entry).collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        entries
    });
    &CATALOG
}

/// The shipped file of a name, without a look at the others: to start is to be ready in milliseconds.
pub(super) fn shipped(name: &str) -> Option<Source> {
    let file = SHIPPED.get_file(format!("{name}.yaml"))?;
    Some(Source::inline(name, file.contents_utf8()?))
}

fn files(folder: &'static Dir<'static>) -> Vec<&'static include_dir::File<'static>> {
    folder.files().chain(folder.dirs().flat_map(files)).collect()
}

fn entry(file: &'static include_dir::File<'static>) -> Option<Entry> {
    let name = file.path().with_extension("");
    let name = name.to_str()?.replace('\\', "/");
    let source = file
        .contents_utf8()
        .filter(|_| file.path().extension().is_some_and(|end| end == "yaml"))?;
    let scenarios =
        read(&Source::inline(&name, source)).map(|checked| checked.scenarios).unwrap_or_default();
    let first = scenarios.first();
    let description = first.and_then(|scenario| scenario.description.clone()).unwrap_or_default();
    let symptom = first.and_then(|scenario| scenario.symptom.clone());
    let variants = scenarios.into_iter();
    let variants =
        variants.map(|Scenario { name, description, .. }| Variant { name, description }).collect();
    Some(Entry { name, description, symptom, variants, source })
}
