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
    let drafts: Vec<Draft> = items.iter().filter_map(|item| draft(item, reading)).collect();
    checks::one_exit(&drafts, reading);
    drafts.into_iter().filter_map(|draft| draft.into_expectation(&reading.source)).collect()
}

/// One of them, if nothing is wrong with it.
fn draft(node: &Node, reading: &mut Reading) -> Option<Draft> {
    let before = reading.errors();
    let mut draft = Draft::new(node.span, flow(node, &reading.source));
    draft.filters().written = read("an expectation", EXPECTATION, node, &mut draft, reading);
    if let Value::Map(_) = node.value {
        checks::check(&draft, reading);
    }
    (reading.errors() == before).then_some(draft)
}
