//! The laws that one rule can break, and what rules do to each other. Each check is a function that looks at
//! drafts and adds problems; what could not be read is no reason to complain a second time.

mod answers;
mod counts;
mod effects;
mod filters;
mod listener;
pub(super) mod order;
pub(super) mod states;

use super::draft::Draft;
use crate::scenario::keys::Reading;
use crate::scenario::later;
use crate::scenario::problem::Problem;

/// Checks one rule by itself.
pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    if !rule.has("when") {
        // Another word for `when` was complained about already.
        if !rule.written.unknown {
            reading.add(
                Problem::error(rule.span, "a rule without `when`")
                    .label("what event is this about?")
                    .help("write `when: upload`, or another event"),
            );
        }
        return;
    }
    let before = reading.errors();
    filters::check(rule, reading);
    counts::check(rule, reading);
    answers::check(rule, reading);
    if reading.errors() == before {
        protocols_built(rule, reading);
    }
    if listener::shuts(rule) {
        listener::check(rule, reading);
    } else {
        effects::check(rule, reading);
    }
}

/// A rule that could only act in protocols that are not built yet.
fn protocols_built(rule: &Draft, reading: &mut Reading) {
    let protocols = rule.holds_in();
    let mut waiting = protocols.iter().map(|protocol| (protocol, later::of_protocol(*protocol)));
    if protocols.is_empty() || waiting.clone().any(|(_, later)| later.is_none()) {
        return;
    }
    let Some((protocol, Some(later))) = waiting.next() else {
        return;
    };
    let (span, subject) = if rule.has("protocol") {
        (rule.value("protocol"), format!("protocol: {protocol}"))
    } else {
        (rule.key("status"), "status".to_owned())
    };
    reading.add(later.problem(span, &subject));
}
