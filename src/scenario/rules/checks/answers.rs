//! What is answered: FTP by `reply`, SFTP by `status` (law 3), and no two answers at once.

use super::super::draft::Draft;
use crate::engine::{
    Answer, At, Claim, Fact, Figure, Operation, Part, Protocol, Status, Step, Template,
};
use crate::scenario::keys::Reading;
use crate::scenario::problem::{Problem, alternatives};
use crate::scenario::word::{FTP, Word};
use crate::scenario::yaml::Spanned;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    status_on_a_verb(rule, reading);
    reply_on_a_request(rule, reading);
    status_on_a_moment(rule, reading);
    protocols_that_exclude(rule, reading);
    two_answers(rule, reading);
    pause_in_a_content(rule, reading);
    success_in_other_words(rule, reading);
    failure_after_all(rule, reading);
    claims(rule, reading);
}

/// An FTP verb is never answered by a status.
fn status_on_a_verb(rule: &Draft, reading: &mut Reading) {
    if !rule.has("status") {
        return;
    }
    let verb = rule.when.iter().find(|word| word.value.is_verb());
    let only_verbs = rule.when.iter().all(|word| word.value.is_verb());
    if let Some(word) = verb.filter(|_| only_verbs || !rule.has("reply")) {
        let name = word.value.text();
        reading.add(
            Problem::error(
                rule.key("status"),
                format!("`status` speaks SFTP, and `{name}` is a verb of FTP"),
            )
            .label("FTP is answered by `reply`")
            .also(word.span, "only in FTP")
            .help("write `reply: 550 text`, or the event in lower case: `upload`, `delete`"),
        );
    }
}

/// A request of SFTP is never answered by a reply.
fn reply_on_a_request(rule: &Draft, reading: &mut Reading) {
    let request = rule.when.iter().find(|word| matches!(word.value, Word::Request(_)));
    if let (Some(word), true) = (request, rule.has("reply") && !rule.has("status")) {
        let name = word.value.text();
        reading.add(
            Problem::error(
                rule.key("reply"),
                format!("`reply` speaks FTP, and `{name}` is a request of SFTP"),
            )
            .label("SFTP is answered by `status`")
            .also(word.span, "only in SFTP")
            .help("write `status: 4 text`"),
        );
    }
}

/// What is no request has no status.
fn status_on_a_moment(rule: &Draft, reading: &mut Reading) {
    if !rule.has("status") {
        return;
    }
    let moments = rule.when.iter().filter(|word| !word.value.is_verb());
    let silent = rule.status == Some(Status::Silence);
    let answered = |word: Word| if silent { word.takes_silence() } else { word.takes_status() };
    for word in moments.filter(|word| !answered(word.value)) {
        let event = word.value.text();
        reading.add(
            Problem::error(rule.key("status"), format!("`{event}` is not answered by a status"))
                .label("a status answers requests on files")
                .also(word.span, "this is none"),
        );
    }
}

/// `protocol` beside an answer that is not spoken there.
fn protocols_that_exclude(rule: &Draft, reading: &mut Reading) {
    let (reply, status) = (rule.has("reply"), rule.has("status"));
    let excluded = |protocols: &[Protocol]| -> Vec<&Spanned<Protocol>> {
        rule.protocols.iter().filter(|protocol| protocols.contains(&protocol.value)).collect()
    };
    if rule.protocols.is_empty() {
        return;
    }
    let written = |protocol| rule.protocols.iter().any(|written| written.value == protocol);
    let speaks_ftp = FTP.into_iter().any(written);
    if reply && (!speaks_ftp || !status) {
        for protocol in excluded(&[Protocol::Sftp]) {
            reading.add(
                Problem::error(rule.key("reply"), "`reply` speaks FTP, but the rule is for `sftp`")
                    .label("never said there")
                    .also(protocol.span, "SFTP is answered by `status`"),
            );
        }
    }
    if status && (!written(Protocol::Sftp) || !reply) {
        for protocol in excluded(&FTP) {
            let word = protocol.value.word();
            reading.add(
                Problem::error(
                    rule.key("status"),
                    format!("`status` speaks SFTP, but the rule is for `{word}`"),
                )
                .label("never said there")
                .also(protocol.span, "FTP is answered by `reply`"),
            );
        }
    }
}

/// `send` takes the answer's place, but where it is the data the answer comes besides.
fn two_answers(rule: &Draft, reading: &mut Reading) {
    if rule.has("send")
        && rule.has("reply")
        && !rule.when.iter().all(|word| word.value.sends_data())
    {
        reading.add(
            Problem::error(rule.key("send"), "two answers: `send` takes the place of `reply`")
                .label("only one of them can be said")
                .also(rule.key("reply"), "the other")
                .help("a `send` of several texts is a list"),
        );
    }
}

/// A file's bytes and FTP's listings come one after the other, as fast as they are taken.
fn pause_in_a_content(rule: &Draft, reading: &mut Reading) {
    let pauses = matches!(&rule.send, Some(Answer::Steps(steps)) if steps.iter().any(|step| matches!(step, Step::Pause(_))));
    if !pauses {
        return;
    }
    let holds_in = rule.holds_in();
    let in_ftp = holds_in.is_empty() || FTP.iter().any(|protocol| holds_in.contains(protocol));
    let at_start = matches!(rule.at, None | Some(At::Start));
    let is_content = |word: Word| {
        let downloads =
            word.operation() == Some(Operation::Download) || word.text() == "SSH_FXP_OPEN";
        (in_ftp && word.sends_data()) || (at_start && downloads)
    };
    if let Some(word) = rule.when.iter().find(|word| is_content(word.value)) {
        reading.add(
            Problem::error(rule.value("send"), "no pause can be made in a content")
                .label("sent as the bytes of a file or a listing")
                .also(word.span, "of this")
                .help("`rate` slows it, and `at: 10B` with a `delay` waits there"),
        );
    }
}

/// A success is told when the operation has succeeded, unless `at` says otherwise. Where a lie is as likely to be meant,
/// the file should say which.
fn success_in_other_words(rule: &Draft, reading: &mut Reading) {
    let own = ["at", "data"].iter().any(|key| rule.has(key));
    let Some(reply) = rule.reply.as_ref().filter(|reply| !own && reply.tells_success()) else {
        return;
    };
    let moves_data = |word: &Word| word.has_data() && !reply.begins_with("1");
    let changes_security = |word: &Word| word.text() == "PROT";
    let surprising = |word: &Word| moves_data(word) || changes_security(word);
    let Some(word) = rule.when.iter().find(|word| surprising(&word.value)) else { return };
    let event = word.value.text();
    reading.add(
        Problem::warning(
            rule.value("reply"),
            format!("`{event}` is carried out before this is said"),
        )
        .label("said only if it succeeds")
        .also(word.span, "this is done as usual")
        .help("write `at: end` if that is meant, or `at: start` to say it at once and do nothing"),
    );
}

/// Two replies of a transfer stand in for its own, so that all of its bytes move between them, also where the second one
/// is a refusal.
fn failure_after_all(rule: &Draft, reading: &mut Reading) {
    let own = ["at", "data", "then"].iter().any(|key| rule.has(key));
    let reply = rule.reply.as_ref().filter(|_| !own);
    let Some((_, Some(last))) = reply.and_then(Answer::preliminary) else { return };
    let Some(word) = rule.when.iter().find(|word| word.value.moves_data()) else { return };
    if !last.tells_failure() {
        return;
    }
    let event = word.value.text();
    reading.add(
        Problem::warning(
            rule.value("reply"),
            format!("`{event}` moves all of its data between these replies"),
        )
        .label("the last one comes when it is done")
        .also(word.span, "this is done as usual")
        .help("to move none, write `data: close` (or `data: flow`: the connection stays open); to move some, `at: 64KiB`"),
    );
}

/// A claim needs an answer that has its field.
fn claims(rule: &Draft, reading: &mut Reading) {
    for claim in &rule.claims {
        let (field, words) = match field(&claim.value) {
            Of::Answers(field, words) => (field, words),
            Of::Packets(field) => {
                of_packets(rule, claim, field, reading);
                continue;
            }
        };
        for word in rule.when.iter().filter(|word| !words.contains(&word.value.text())) {
            let event = word.value.text();
            reading.add(
                Problem::error(claim.span, format!("the answer to `{event}` has no {field}"))
                    .label("nothing to lie about")
                    .also(word.span, format!("only {} have it", alternatives(words))),
            );
        }
    }
    let replaced = rule.reply.as_ref().filter(|reply| !quotes_answer(reply));
    if let (Some(_), Some(claim)) = (replaced, rule.claims.first()) {
        let passive =
            rule.when.iter().all(|word| word.value.arranges_data() == Some(Operation::Passive));
        if passive {
            reading.add(
                Problem::warning(claim.span, "this claim is never said")
                    .label("it changes the true answer")
                    .also(rule.key("reply"), "which this replaces")
                    .help("leave `reply` out, or write `<answer>` into it"),
            );
        }
    }
}

/// Every answer of SFTP is a packet.
fn of_packets(rule: &Draft, claim: &Spanned<Claim>, field: &str, reading: &mut Reading) {
    for word in rule.when.iter().filter(|word| !word.value.takes_status()) {
        let event = word.value.text();
        reading.add(
            Problem::error(claim.span, format!("the answer to `{event}` has no {field}"))
                .label("nothing to lie about")
                .also(word.span, "only requests of SFTP are answered by packets"),
        );
    }
}

/// What has the field of a claim.
enum Of {
    /// The answers to these events.
    Answers(&'static str, &'static [&'static str]),
    /// Every packet.
    Packets(&'static str),
}

/// What a claim is about, and the events whose answer has it.
fn field(claim: &Claim) -> Of {
    match claim {
        Claim::Address(_) => Of::Answers("address", &["passive", "active", "PASV", "PORT", "EPRT"]),
        Claim::Port(_) => {
            Of::Answers("port", &["passive", "active", "PASV", "EPSV", "PORT", "EPRT"])
        }
        Claim::Size(_) | Claim::LeftOut(Fact::Size) => Of::Answers("size", &OF_FACTS[..12]),
        Claim::Modified(_) | Claim::LeftOut(Fact::Modified) => Of::Answers("time", &OF_FACTS[1..]),
        Claim::Permissions(_) | Claim::LeftOut(Fact::Permissions) => {
            Of::Answers("permissions", &OF_FACTS[1..12])
        }
        Claim::Owner(_) | Claim::LeftOut(Fact::Owner) => Of::Answers("owner", &OF_FACTS[1..12]),
        Claim::Type(_) | Claim::LeftOut(Fact::Type) => Of::Answers("type", &OF_FACTS[1..12]),
        Claim::Name(_) => Of::Answers("name", OF_NAMES),
        Claim::Longname(_) => Of::Answers("longname", &OF_NAMES[..5]),
        Claim::Count(_) => Of::Answers("count", &OF_NAMES[..5]),
        Claim::Figure(Figure::Capacity | Figure::Free, _) => Of::Answers("room", EXTENDED),
        Claim::Figure(..) => Of::Answers("limit", EXTENDED),
        Claim::Only(_) | Claim::Without(_) => Of::Answers("entries", OF_ENTRIES),
        Claim::Directory(_) => Of::Answers("directory", &OF_ENTRIES[1..]),
        Claim::Id(_) => Of::Packets("id"),
        Claim::Number(_) => Of::Packets("number"),
        Claim::Length(_) => Of::Packets("length"),
    }
}

/// `statvfs@openssh.com`, `fstatvfs@openssh.com` and `limits@openssh.com`.
const EXTENDED: &[&str] = &["SSH_FXP_EXTENDED"];

/// The events whose answer tells facts; size and time also have verbs of their own.
const OF_FACTS: &[&str] = &[
    "SIZE",
    "stat",
    "list",
    "MLST",
    "MLSD",
    "LIST",
    "STAT",
    "SSH_FXP_STAT",
    "SSH_FXP_LSTAT",
    "SSH_FXP_FSTAT",
    "SSH_FXP_OPENDIR",
    "SSH_FXP_READDIR",
    "MDTM",
];

/// Listings; all but the first name their directory.
const OF_ENTRIES: &[&str] =
    &["SSH_FXP_READDIR", "list", "SSH_FXP_OPENDIR", "LIST", "NLST", "MLSD", "STAT"];

/// Those that tell its name; the first five in a packet that counts them.
const OF_NAMES: &[&str] = &[
    "list",
    "SSH_FXP_OPENDIR",
    "SSH_FXP_READDIR",
    "SSH_FXP_REALPATH",
    "SSH_FXP_READLINK",
    "stat",
    "MLST",
    "MLSD",
    "LIST",
    "NLST",
    "STAT",
];

fn quotes_answer(answer: &Answer) -> bool {
    let Answer::Steps(steps) = answer else {
        return false;
    };
    steps
        .iter()
        .any(|step| matches!(step, Step::Say(Template(parts)) if parts.contains(&Part::Answer)))
}
