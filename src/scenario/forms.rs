//! The forms of values as a schema has them, found by the words that errors call them by: "a size",
//! "`start`, a size or `end`". A form that is not known here is any text: an editor that says too little is of
//! more use than one that is wrong.

use serde_json::{Value, json};

use super::server::GREETING;
use super::values::{ATTRIBUTES, Axis, COUNTS, DURATIONS, EXITS, FLAGS, SIGNALS, SIZES, alerts};
use super::word::word;
use crate::engine::Operation;
use crate::ftp;
use crate::sftp;
use crate::ssh;

const COUNT: &str = "(0|[1-9][0-9]*)";
const DURATION: &str = "(0|[1-9][0-9]*)(ms|s|m|h)";
const SIZE: &str = "(0|[1-9][0-9]*)(B|KiB|MiB|GiB|TiB)";
/// A verb of FTP that only rules know.
const OTHER_VERB: &str = "[A-Z][A-Z0-9_-]{0,23}";
/// Any text of several lines, in regular expressions of any language.
const ANY: &str = r"[\s\S]*";

/// A form, as far as text can be matched.
struct Form {
    pattern: String,
    scalar: Scalar,
    /// What editors propose.
    examples: Vec<String>,
}

/// What readers of YAML may take it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scalar {
    Text,
    /// A text, and a number where it is digits only.
    Number,
}

/// A value in the form that these words name.
pub(super) fn form(words: &str) -> Value {
    let mut schema = match words {
        // Any verb can be named, also one that the server does not know.
        "an event" => {
            let words = format!("^({}|{OTHER_VERB})$", events().join("|"));
            json!({"type": "string", "pattern": words, "examples": events()})
        }
        "a verb of FTP" => json!({"enum": verbs()}),
        _ => matched(words),
    };
    // What editors say of any other value: the sentence of `badftp check`, not a regular expression.
    let sentence = json!(format!("expected {words}"));
    if schema.get("pattern").is_some() {
        schema["patternErrorMessage"] = sentence.clone();
    }
    schema["errorMessage"] = sentence;
    schema
}

/// One such value, or a list of them.
pub(super) fn forms(words: &str) -> Value {
    let one = form(words);
    match words {
        // What is behind the first line needs no code.
        "`code text`, a list of lines and pauses, or `none`"
        | "a text, or a list of them"
        | GREETING => {
            let lines =
                json!({"type": "array", "minItems": 1, "items": {"type": ["string", "integer"]}});
            json!({"anyOf": [one, lines]})
        }
        _ => one_or_list(&one),
    }
}

pub(super) fn one_or_list(one: &Value) -> Value {
    json!({"anyOf": [one, {"type": "array", "items": one}]})
}

fn matched(words: &str) -> Value {
    let parts = words.replace(" or ", ", ");
    let forms: Option<Vec<Form>> = match whole(words) {
        Some(form) => Some(vec![form]),
        None => parts.split(", ").map(part).collect(),
    };
    let Some(forms) = forms else {
        return json!({"type": "string"});
    };
    let patterns: Vec<&str> = forms.iter().map(|form| form.pattern.as_str()).collect();
    let examples: Vec<&String> = forms.iter().flat_map(|form| &form.examples).collect();
    let mut schema = json!({
        "type": "string", "pattern": format!("^({})$", patterns.join("|")), "examples": examples,
    });
    if forms.iter().any(|form| form.scalar == Scalar::Number) {
        schema["type"] = json!(["integer", "string"]);
        schema["minimum"] = json!(0);
    }
    schema
}

/// Forms whose names have an `or` or a comma in them.
fn whole(words: &str) -> Option<Form> {
    // A placeholder may stand for the code.
    let coded = format!(r"[0-9]{{3}}([ -]{ANY}|\r?\n{ANY})?|<{ANY}");
    Some(match words {
        GREETING => number(&coded, &["220 ready"]),
        "`code text`, a list of lines and pauses, or `none`" => {
            number(&format!("none|{coded}"), &["550 No such file", "none"])
        }
        "`code text` or `none`" => number(&format!("none|[0-9]+( {ANY})?"), &["4 Failure", "none"]),
        "`field value`" => text("[a-z]+ .+", &["size 5B", "address 10.0.0.1"]),
        "a path or a glob of it" => text(&format!(r"(/|\*\*){ANY}"), &["/in/*.csv"]),
        "an ending of the session" => ending(Axis::Session),
        "an ending of the data connection, or `flow`" => ending(Axis::Data),
        "a name of letters, digits and hyphens" => part("a state")?,
        "64 hexadecimal digits" => text("[0-9a-fA-F]{64}", &[]),
        EXITS => number(&format!("nonzero|{}", range(COUNT)), &["nonzero", "19", "1-5"]),
        COUNTS => number(&range(COUNT), &["3", "0-4", "1+"]),
        FLAGS => {
            let flag = format!("({})", sftp::FLAGS.join("|"));
            text(&format!(r"{flag}(\+{flag})*"), &["WRITE", "READ+WRITE"])
        }
        ATTRIBUTES => {
            let words = sftp::ATTRIBUTES.join("|");
            text(&format!("({words})( .+)?"), &["permissions", "permissions rw-------"])
        }
        SIZES => text(&range(SIZE), &["64KiB", "0B-1KiB", "1B+"]),
        DURATIONS => text(&format!(r"{DURATION}(-{DURATION}|\+)"), &["1s-3s", "1s+"]),
        _ => return None,
    })
}

/// `3`, `0-4`, `1+`
fn range(value: &str) -> String {
    format!(r"{value}(-{value}|\+)?")
}

/// A form that may be one of several.
fn part(words: &str) -> Option<Form> {
    Some(match words {
        "a count" | "a number" => number(COUNT, &["1"]),
        "a duration" => text(DURATION, &["250ms", "5s"]),
        "a range of durations" => {
            let range = format!("{DURATION}-{DURATION}|normal {DURATION} {DURATION}");
            text(&range, &["1s-3s", "normal 1s 200ms"])
        }
        "a percentage" => text(r"(100|[1-9]?[0-9])(\.[0-9]{1,4})?%", &["20%"]),
        "a size" => text(SIZE, &["64KiB"]),
        "a size per second" => text(&format!("{SIZE}/s"), &["16KiB/s"]),
        "a range of ports" => number(&format!("{COUNT}(-{COUNT})?"), &["30000-30009"]),
        "a state" => text(r"(?![0-9]+$)[^\s/]+", &[]),
        "nine letters such as `rwxr-x---`" => text("([r-][w-][x-]){3}", &["rwxr-x---"]),
        _ => {
            let word = words.strip_prefix('`')?.strip_suffix('`')?;
            text(&sample(word)?, &[word])
        }
    })
}

/// `start` is a word; `after 5s` is one with a duration.
fn sample(word: &str) -> Option<String> {
    match word.split_once(' ') {
        None => Some(word.to_owned()),
        Some((word, "5s")) => Some(format!("{word} {DURATION}")),
        Some(_) => None,
    }
}

fn text(pattern: &str, examples: &[&str]) -> Form {
    let examples = examples.iter().map(|&example| example.to_owned()).collect();
    Form { pattern: pattern.to_owned(), scalar: Scalar::Text, examples }
}

fn number(pattern: &str, examples: &[&str]) -> Form {
    Form { scalar: Scalar::Number, ..text(pattern, examples) }
}

/// `close` may come later, too.
fn ending(axis: Axis) -> Form {
    let words: Vec<String> = axis.words().iter().filter_map(|word| sample(word)).collect();
    let alerts: Vec<_> = alerts().chain(["[0-9]+"]).collect();
    let ssh = match axis {
        Axis::Data => String::new(),
        Axis::Session => {
            format!("|exit ([0-9]+|{})|disconnect [0-9]+( .*)?", SIGNALS.join("|"))
        }
    };
    let (alerts, words) = (alerts.join("|"), words.join("|"));
    text(&format!("close {DURATION}|alert ({alerts})|{words}{ssh}"), axis.words())
}

/// The words of `when` that this version hears of.
fn events() -> Vec<&'static str> {
    let lower = Operation::ALL.into_iter().map(|(_, name)| name).chain(["any"]);
    let requests = sftp::wires().map(|wire| wire.name);
    let events = lower.filter(|name| word(name).is_ok()).chain(verbs());
    events.chain(requests).chain(ssh::EVENTS).collect()
}

fn verbs() -> Vec<&'static str> {
    let mut names: Vec<_> = ftp::verbs().map(|verb| verb.name).collect();
    names.sort_unstable();
    names
}
