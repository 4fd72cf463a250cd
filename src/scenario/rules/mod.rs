//! The rules: each read by the table of its keys into a [`Draft`], checked against the language's laws, and
//! only then made into what the engine knows.

mod checks;
mod draft;
mod keys;

use super::filters::Filtered;
use super::keys::{Reading, read};
use super::problem::Problem;
use super::yaml::{Node, Value, flow};
use crate::engine::Rule;

pub(super) use keys::RULE;

use draft::Draft;

/// The rules of one document. A rule that is wrong is left out, and its problems are in `reading`.
pub(super) fn rules(node: &Node, reading: &mut Reading) -> Vec<Rule> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        Value::Broken => return Vec::new(),
        other => {
            reading.add(
                Problem::error(
                    node.span,
                    format!("expected `rules` as a list, got {}", other.kind()),
                )
                .label("each rule begins with `- `"),
            );
            return Vec::new();
        }
    };
    let drafts: Vec<Draft> = items.iter().filter_map(|item| draft(item, reading)).collect();
    // What rules do to each other can only be said when all of them are right.
    if reading.errors() == 0 {
        checks::order::check(&drafts, reading);
        checks::states::check(&drafts, reading);
    }
    drafts.into_iter().map(|draft| draft.into_rule(&reading.source)).collect()
}

/// One rule, if nothing is wrong with it.
fn draft(node: &Node, reading: &mut Reading) -> Option<Draft> {
    let before = reading.errors();
    let mut draft = Draft::new(node.span, flow(node, &reading.source));
    draft.filters().written = read("a rule", RULE, node, &mut draft, reading);
    if let Value::Map(_) = node.value {
        checks::check(&draft, reading);
    }
    (reading.errors() == before).then_some(draft)
}
