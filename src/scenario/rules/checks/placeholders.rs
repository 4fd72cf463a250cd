//! Placeholders have a value wherever they stand: what is silently nothing would be a fault that nobody wrote.

use super::super::draft::Draft;
use crate::engine::{Claim, Operation, Part, Protocol, Status, Template};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::values::{PLACEHOLDERS, placeholder};
use crate::scenario::word::{FTP, Word};
use crate::sftp::Subject;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    let replies = rule.reply.iter().flat_map(|reply| reply.texts().map(|text| ("reply", text)));
    let sends = rule.send.iter().flat_map(|send| send.texts().map(|text| ("send", text)));
    let status = match &rule.status {
        Some(Status::Code(_, text)) => Some(("status", text)),
        _ => None,
    };
    let longnames = rule.claims.iter().filter_map(|claim| match &claim.value {
        Claim::Longname(text) => Some(("claim", text)),
        _ => None,
    });
    for (key, text) in replies.chain(sends).chain(status).chain(longnames) {
        check_text(rule, key, text, reading);
    }
}

fn check_text(rule: &Draft, key: &'static str, text: &Template, reading: &mut Reading) {
    for part in &text.0 {
        let Some(name) = placeholder(part) else { continue };
        let place = Place { rule, key };
        let Some(word) = rule.when.iter().find(|word| !place.knows(part, word.value)) else {
            continue;
        };
        let known = PLACEHOLDERS.iter().filter(|(part, _)| place.knows(part, word.value));
        let known: Vec<String> = known.map(|(_, name)| format!("`<{name}>`")).collect();
        let event = word.value.text();
        reading.add(
            Problem::error(rule.value(key), format!("`<{name}>` has no value at `{event}`"))
                .label("nothing to put there")
                .also(word.span, "this event has none")
                .help(format!("here are known: {}", known.join(", "))),
        );
    }
}

/// A text of a rule.
#[derive(Clone, Copy)]
struct Place<'r> {
    rule: &'r Draft,
    /// The key that it stands under.
    key: &'static str,
}

impl Place<'_> {
    /// Whether this placeholder has a value in it at such an event.
    fn knows(self, part: &Part, word: Word) -> bool {
        let moment = match word {
            Word::Operation(operation) => {
                use Operation::{Channel, Connect, Denied, Handshake, Idle, Login};
                matches!(operation, Connect | Handshake | Login | Denied | Channel | Idle)
            }
            Word::Message(_) => true,
            _ => false,
        };
        let silence = word == Word::Operation(Operation::Idle);
        match part {
            Part::Client | Part::Bytes(_) | Part::Filler(_) => true,
            // A longname is filled for each entry.
            _ if self.key == "claim" => {
                use Part::{Answer, Modified, Name, Path, Size, User};
                matches!(part, Answer | Path | Name | Size | Modified | User)
            }
            Part::Answer => self.key != "status" && !silence,
            Part::User => word.carries_user() && (self.is_only_in(&FTP) || !moment),
            Part::Text => !silence && (self.is_only_in(&FTP) || !moment),
            Part::Verb => !moment,
            Part::Argument => !moment && has_open_argument(word),
            Part::Path => !moment && (word.carries_path() || self.is_only_in(&FTP)),
            Part::Name | Part::Size | Part::Modified => !moment && word.carries_path(),
            Part::Id => self.key == "send" && !moment && self.is_only_in(&[Protocol::Sftp]),
            Part::Port | Part::HostPort => {
                let channel = word == Word::Operation(Operation::Channel);
                let connects = word.arranges_data().is_some() || word.moves_data() || channel;
                self.is_only_in(&FTP) && (connects || word == Word::Any)
            }
        }
    }

    /// Whether the rule holds in no other protocols than these, or its text is said in none.
    fn is_only_in(self, protocols: &[Protocol]) -> bool {
        let holds_in = match self.key {
            "reply" => FTP.to_vec(),
            "status" => vec![Protocol::Sftp],
            _ => self.rule.holds_in(),
        };
        !holds_in.is_empty() && holds_in.iter().all(|protocol| protocols.contains(protocol))
    }
}

/// Whether it has an argument that may be told: a password may not.
fn has_open_argument(word: Word) -> bool {
    let by_handle = matches!(word, Word::Request(request)
        if matches!(request.subject, Subject::Handle | Subject::Part | Subject::Nothing));
    word.carries_argument() && !word.has_secret() && !by_handle
}
