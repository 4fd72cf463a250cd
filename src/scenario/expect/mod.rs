//! The expectations: each read by the table of its keys into a draft, checked as rules are, and only then made into
//! what the judge knows.

mod checks;
mod draft;
mod keys;

use super::filters::Filtered;
use super::keys::{Reading, read};
use super::problem::Problem;
use super::yaml::{Node, Value, flow};
use crate::expect::Expectation;

pub(super) use keys::EXPECTATION;

use draft::Draft;

/// The expectations of one document. One that is wrong is left out, and its problems are in `reading`.
pub(super) fn expectations(node: &Node, reading: &mut Reading) -> Vec<Expectation> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        Value::Broken => return Vec::new(),
        other => {
            let title = format!("expected `expect` as a list, got {}", other.kind());
            let problem = Problem::error(node.span, title);
            reading.add(problem.label("each expectation begins with `- `"));
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| expectation(item, reading)).collect()
}

/// One of them, if nothing is wrong with it.
fn expectation(node: &Node, reading: &mut Reading) -> Option<Expectation> {
    let before = reading.errors();
    let mut draft = Draft::new(node.span, flow(node, &reading.source));
    draft.filters().written = read("an expectation", EXPECTATION, node, &mut draft, reading);
    if let Value::Map(_) = node.value {
        checks::check(&draft, reading);
    }
    (reading.errors() == before).then(|| draft.into_expectation(&reading.source)).flatten()
}
