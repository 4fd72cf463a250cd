//! Finds the rules that an event's names could match, so that a rule for uploads costs a download nothing.

use std::collections::HashMap;

use super::event::{Event, Operation};
use super::pattern::When;
use super::rule::Rule;

/// Rules by the words of their `when:`, in file order.
#[derive(Debug, Default)]
pub(super) struct Index {
    any: Vec<usize>,
    operations: HashMap<Operation, Vec<usize>>,
    wires: HashMap<String, Vec<usize>>,
}

impl Index {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut index = Self::default();
        for (place, rule) in rules.iter().enumerate() {
            for when in &rule.pattern.when {
                let places = match when {
                    When::Any => &mut index.any,
                    When::Operation(operation) => index.operations.entry(*operation).or_default(),
                    When::Wire(word) => index.wires.entry(word.clone()).or_default(),
                };
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        index
    }

    /// The places of the rules whose `when:` has one of the event's names, each once, in file order.
    pub(super) fn candidates(&self, event: &Event<'_>) -> impl Iterator<Item = usize> {
        let by_operation = event.operation.and_then(|operation| self.operations.get(&operation));
        let by_wire = event.wire.and_then(|wire| self.wires.get(wire));
        let any = event.operation.is_some_and(Operation::is_on_files).then_some(&self.any);
        let mut lists =
            [by_operation, by_wire, any].map(|list| list.map_or(&[][..], Vec::as_slice));
        std::iter::from_fn(move || {
            let next = lists.iter().filter_map(|list| list.first()).min().copied()?;
            for list in &mut lists {
                if list.first() == Some(&next) {
                    *list = &list[1..];
                }
            }
            Some(next)
        })
    }
}
