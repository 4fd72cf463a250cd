//! The laws that one rule can break, and what rules do to each other. Each check is a function that looks at
//! drafts and adds problems; what could not be read is no reason to complain a second time.

mod answers;
mod counts;
mod effects;
mod listener;
pub(super) mod order;
mod placeholders;
mod point;
mod ssh;
pub(super) mod states;
mod tls;

use super::draft::Draft;
use crate::engine::{Damage, Protocol};
use crate::scenario::filters;
use crate::scenario::keys::Reading;
use crate::scenario::later::Later;
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
    filters::check_parts(rule, reading);
    tls::check(rule, reading);
    counts::check(rule, reading);
    answers::check(rule, reading);
    placeholders::check(rule, reading);
    point::check(rule, reading);
    ssh::check(rule, reading);
    if reading.errors() == before {
        built_in_sftp(rule, reading);
    }
    if listener::shuts(rule) {
        listener::check(rule, reading);
    } else {
        effects::check(rule, reading);
    }
}

/// What only TLS does yet, in a rule that names SFTP. A rule that names neither holds in FTP.
fn built_in_sftp(rule: &Draft, reading: &mut Reading) {
    let named = rule.protocols.iter().any(|protocol| protocol.value == Protocol::Sftp)
        || rule.when.iter().any(|word| word.value.protocols() == [Protocol::Sftp]);
    if named && rule.damage == Some(Damage::Mac) {
        reading.add(Later::Ssh.problem(rule.value("damage"), "damage: mac"));
    }
}
