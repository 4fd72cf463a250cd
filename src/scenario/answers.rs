//! The answers of a rule: `reply`, `send`, `status`.

use super::field::{Field, Numbers};
use super::keys::Reading;
use super::problem::Problem;
use super::values::{code, duration, is_duration, status_number, template, unknown_words};
use super::yaml::{Node, Style, Value, in_quotes};
use crate::engine::{Answer, Part, Status, Step, Template};

/// `reply`: lines and pauses, or `none`. A text of several lines is as many steps.
pub(super) fn reply(field: &Field<'_>, reading: &mut Reading) -> Option<Answer> {
    if is_none(field.node) {
        return Some(Answer::Silence);
    }
    let mut steps = Vec::new();
    let mut said = false;
    for node in nodes(field, reading)? {
        for (text, step) in lines(field, node, reading)? {
            let code_due =
                !said && matches!(&step, Step::Say(Template(parts)) if begins_with_text(parts));
            said |= matches!(step, Step::Say(_));
            if code_due && let Err(mistake) = code(&text) {
                reading.add(field.wrong(node.span, &text, mistake));
                return None;
            }
            steps.push(step);
        }
    }
    if !said {
        reading.add(
            Problem::error(field.node.span, "a reply of nothing but pauses")
                .label("expected a code and its text")
                .help("to wait and say nothing, write `delay: 5s` and `reply: none`"),
        );
        return None;
    }
    Some(Answer::Steps(steps))
}

/// `send`: exactly these bytes.
pub(super) fn send(field: &Field<'_>, reading: &mut Reading) -> Option<Answer> {
    if is_none(field.node) {
        reading.add(
            Problem::error(field.node.span, "`send: none` is no answer")
                .label("`none` is for `reply` and `status`")
                .help("to say nothing, write `reply: none`; to send nothing, `send: \"\"`"),
        );
        return None;
    }
    let mut steps = Vec::new();
    for node in nodes(field, reading)? {
        if let Some(pause) = pause(node) {
            steps.push(pause);
            continue;
        }
        let scalar = field.text_of(node, Numbers::Refused, reading)?;
        steps.push(Step::Say(fill(field, node, &scalar.text, reading)?));
    }
    Some(Answer::Steps(steps))
}

/// `status`: a number and its text, or `none`.
pub(super) fn status(field: &Field<'_>, reading: &mut Reading) -> Option<Status> {
    if is_none(field.node) {
        return Some(Status::Silence);
    }
    let scalar = field.text_of(field.node, Numbers::Allowed, reading)?;
    match status_number(&scalar.text) {
        Ok((number, text)) => {
            fill(field, field.node, text, reading).map(|text| Status::Code(number, text))
        }
        Err(mistake) => {
            reading.add(field.wrong(field.node.span, &scalar.text, mistake));
            None
        }
    }
}

/// The greeting: the lines of one or more replies.
pub(super) fn greeting(field: &Field<'_>, reading: &mut Reading) -> Option<Answer> {
    let greeting = reply(field, reading)?;
    let span = field.node.span;
    let pauses = matches!(&greeting, Answer::Steps(steps) if steps.iter().any(|step| step.pause().is_some()));
    let problem = if greeting == Answer::Silence {
        Problem::error(span, "a server without a greeting")
            .label("no code")
            .help("write a rule: `{when: connect, reply: none}`")
    } else if pauses {
        Problem::error(span, "a greeting has no pauses")
            .label("only lines")
            .help("write a rule: `{when: connect, reply: [120 Wait, 5s, 220 Ready]}`")
    } else if greeting.is_unfinished() {
        Problem::error(span, "the greeting never ends")
            .label("its last line is missing")
            .help("the code and a blank begin the last line of several: `[220-Hello, 220 ready]`")
    } else {
        return Some(greeting);
    };
    reading.add(problem);
    None
}

fn lines(field: &Field<'_>, node: &Node, reading: &mut Reading) -> Option<Vec<(String, Step)>> {
    if let Some(pause) = pause(node) {
        return Some(vec![(String::new(), pause)]);
    }
    let scalar = field.text_of(node, Numbers::Allowed, reading)?;
    let whole = scalar.text.strip_suffix('\n').unwrap_or(&scalar.text);
    let mut steps = Vec::new();
    for line in whole.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        steps.push((line.to_owned(), Step::Say(fill(field, node, line, reading)?)));
    }
    Some(steps)
}

fn fill(field: &Field<'_>, node: &Node, text: &str, reading: &mut Reading) -> Option<Template> {
    for (word, near) in unknown_words(text) {
        let title = format!("`<{word}>` is no placeholder and stands for itself");
        let help = near.map(|near| format!("did you mean `<{near}>`?"));
        reading.add(Problem::warning(node.span, title).label("sent as it is").maybe_help(help));
    }
    match template(text) {
        Ok(template) => Some(template),
        Err(mistake) => {
            reading.add(field.wrong(node.span, text, mistake));
            None
        }
    }
}

/// The text or the texts of an answer; none at all are a mistake.
fn nodes<'n>(field: &Field<'n>, reading: &mut Reading) -> Option<&'n [Node]> {
    match &field.node.value {
        Value::List(items) if items.is_empty() => {
            reading.add(
                Problem::error(field.node.span, format!("`{}` is an empty list", field.name))
                    .label(format!("expected {}", field.holds.expected()))
                    .help("to say nothing, write `reply: none`"),
            );
            None
        }
        Value::List(items) => {
            let none = items.iter().find(|item| is_none(item));
            if let Some(none) = none {
                reading.add(
                    Problem::error(none.span, "`none` says nothing at all, so it stands alone")
                        .label("in a list")
                        .help(format!("write {} for the word itself", in_quotes("none"))),
                );
                return None;
            }
            Some(items)
        }
        _ => Some(std::slice::from_ref(field.node)),
    }
}

/// A pause of a list: an unquoted duration.
fn pause(node: &Node) -> Option<Step> {
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain && is_duration(&scalar.text) => {
            duration(&scalar.text).ok().map(Step::Pause)
        }
        _ => None,
    }
}

fn is_none(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "none")
}

/// Whether a line begins with a text that must be a code, not with a placeholder that may be one.
fn begins_with_text(parts: &[Part]) -> bool {
    matches!(parts.first(), None | Some(Part::Bytes(_)))
}
