//! `tls` beside a word whose events are never so, or not yet known to be so when the rule is asked. An expectation
//! looks back, and may ask for both.

use super::super::draft::Draft;
use crate::engine::{Operation, Tls};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    let asked = |tls| rule.tls.iter().any(|asked| asked.value == tls);
    if rule.tls.is_empty() {
        return;
    }
    for word in &rule.when {
        let event = word.value.text();
        let told_apart = asked(Tls::New) != asked(Tls::Resumed);
        let (title, label) = if told_apart && word.value.moves_data() {
            (format!("`{event}` is asked before its data connection is made"), "not known yet")
        } else if !tls_of(word.value).iter().any(|tls| asked(*tls)) {
            (format!("`{event}` never happens over this `tls`"), "this can never match")
        } else {
            continue;
        };
        reading.add(
            Problem::error(rule.value("tls"), title)
                .label(label)
                .also(word.span, why(word.value))
                .help("a session is told to be new or resumed at `channel`, when its TLS begins"),
        );
    }
}

/// What the TLS of an event can be. Control connections resume nothing: sessions are their own.
fn tls_of(word: Word) -> &'static [Tls] {
    match word.operation() {
        Some(Operation::Connect) => &[Tls::None],
        Some(Operation::Handshake) => &[Tls::New],
        Some(Operation::Channel) => &[Tls::None, Tls::New, Tls::Resumed],
        _ => &[Tls::None, Tls::New],
    }
}

fn why(word: Word) -> &'static str {
    match word.operation() {
        Some(Operation::Connect) => "the connection is made before TLS",
        Some(Operation::Handshake) => "each control connection begins a session of its own",
        _ if word.moves_data() => "write `tls: [new, resumed]` for any TLS",
        _ => "its TLS is the control connection's, which begins a session of its own",
    }
}
