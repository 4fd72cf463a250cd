//! Tests of the whole way, from text to scenario.

mod events;
mod expect;
mod find;
mod fragments;
mod keys;
mod laws;
mod meaning;
mod numbers;
mod placeholders;
mod random;
mod sections;
mod ssh;
mod syntax;
mod values;
mod warnings;

use super::{Scenario, Source, read};

/// All that is said of a text.
fn message(text: &str) -> String {
    let read = read(&Source::inline("s.yaml", text));
    let said = read.map_or_else(Some, |checked| checked.warnings);
    said.map_or_else(|| "right".to_owned(), |problems| problems.to_string())
}

/// The only scenario of a text with nothing wrong in it.
fn scenario(text: &str) -> Scenario {
    let mut checked = read(&Source::inline("s.yaml", text)).unwrap();
    assert!(checked.warnings.is_none(), "{:?}", checked.warnings);
    checked.scenarios.remove(0)
}
