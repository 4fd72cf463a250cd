//! What is said of a file that is no YAML. The library knows where it stumbled; most of the time the cause is
//! a text that wants quotes, and that is what these sentences say.

use super::{Span, in_quotes};
use crate::scenario::problem::{Problem, quote, shown};

/// What the YAML library stumbled over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A `:` that can belong to no key.
    Colon,
    /// A `{` or `[` without its other half.
    Bracket,
    /// A character that no unquoted text begins with.
    Beginning,
    /// Something behind a closing quote.
    BehindQuote,
    /// A quote without its other half.
    OpenQuote,
    /// A `\` before a character that needs none.
    Escape,
    /// Too many brackets within brackets.
    Depth,
    /// Something else, in the library's words.
    Other(String),
}

/// The longest key that YAML takes without a `?` before it, in characters (YAML 1.2.2, section 7.4.2).
const LONGEST_KEY: usize = 1024;

/// The sentence for a fault at `offset`.
pub(super) fn problem(text: &str, offset: usize, fault: Fault) -> Problem {
    let line = Line::at(text, offset);
    match fault {
        Fault::Colon => colon(&line),
        Fault::Bracket => bracket(text, &line),
        Fault::Beginning => beginning(&line),
        Fault::BehindQuote => behind_quote(&line),
        Fault::OpenQuote => open_quote(text, &line),
        Fault::Escape => Problem::error(line.here(2), "unknown escape in a double-quoted text")
            .label("write `\\\\` for one backslash")
            .help("or use single quotes, within which a backslash is only that"),
        Fault::Depth => Problem::error(line.here(1), "too many brackets within brackets")
            .label("scenarios are flat"),
        Fault::Other(sentence) => Problem::error(line.here(1), format!("not YAML: {sentence}")),
    }
}

fn colon(line: &Line<'_>) -> Problem {
    let before = line.text[..line.column].trim_start_matches([' ', '{', '-']);
    if before.chars().count() > LONGEST_KEY {
        let start = line.offset - before.len();
        return Problem::error(Span::new(start, start + 1), "a key of more than 1,024 characters")
            .label("YAML takes so long a key only behind a `?`")
            .help("write `? \"the key\"` on this line, and `: its value` on the next");
    }
    let Some((key, value)) = line.text_with_colon() else {
        return Problem::error(line.here(1), "a `:` where no key can be")
            .label("does this line stand too far to the right, or is a `{`, `[` or quote above never closed?");
    };
    Problem::error(line.here(1), format!("the text of {} needs quotes", quote(key)))
        .label("`: ` within an unquoted text")
        .help(format!("write `{}: {}", shown(key, 60), &in_quotes(value)[1..]))
}

fn bracket(text: &str, line: &Line<'_>) -> Problem {
    let open = text[line.offset..].starts_with(['{', '[']);
    let comment = line.comment_with_bracket().filter(|_| open);
    if let Some(comment) = comment.or_else(|| line.above_with_comment(text)) {
        return Problem::error(comment, "a comment swallows the closing bracket")
            .label("all behind ` #` is a comment")
            .help("quote the text if the `#` belongs to it");
    }
    let problem = if open {
        let mark = quote(&text[line.offset..=line.offset]);
        Problem::error(line.here(1), format!("{mark} is never closed")).label("opened here")
    } else {
        Problem::error(line.here(1), "expected `,` or a closing bracket")
            .label("is a bracket above never closed?")
    };
    problem.help("quote a text with `[ ] { }` or a comma in it")
}

fn beginning(line: &Line<'_>) -> Problem {
    let mark = line.text[line.column..].chars().next().unwrap_or(' ');
    let (mark, span) = match line.glob_before() {
        // `[ab]*`: the list is what looks wrong to a reader, not the `*` behind it.
        Some(start) if mark == '*' => ('[', Span::new(start, line.offset + 1)),
        _ => (mark, line.here(mark.len_utf8())),
    };
    let value = line.value_from(span.start);
    let title = match mark {
        control if control.is_control() => {
            format!("{} is no character of YAML", quote(&control.to_string()))
        }
        mark => format!("an unquoted text may not begin with `{mark}`"),
    };
    let label = if mark.is_control() { "write it as `<x..>`" } else { "quote the text" };
    let problem = Problem::error(span, title).label(label);
    if mark.is_control() { problem } else { problem.help(format!("write {}", in_quotes(value))) }
}

fn behind_quote(line: &Line<'_>) -> Problem {
    Problem::error(line.here(1), "the text goes on behind its closing quote")
        .label("unexpected")
        .help("quote the whole text; within single quotes, write a quote twice: `'it''s'`")
}

/// The library notices an open quote a line or more behind it, so it is looked for.
fn open_quote(text: &str, line: &Line<'_>) -> Problem {
    let before = &text[..line.offset];
    let start = before.rfind([':', '[', ',', '-']).map_or(0, |at| at + 1);
    let quote_at = before[start..].find(['"', '\'']).map(|at| start + at);
    let span = quote_at.map_or(line.here(1), |at| Span::new(at, at + 1));
    Problem::error(span, "a quote is never closed").label("the text that begins here has no end")
}

/// The place, or the last one before it that does not part a character; the end, if nobody knows.
pub(in crate::scenario) fn boundary(text: &str, offset: Option<usize>) -> usize {
    let mut offset = offset.unwrap_or(text.len()).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The line an error is in.
struct Line<'a> {
    text: &'a str,
    start: usize,
    offset: usize,
    /// The offset within the line.
    column: usize,
}

impl<'a> Line<'a> {
    fn at(text: &'a str, offset: usize) -> Self {
        let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or("");
        Self { text: line, start, offset, column: (offset - start).min(line.len()) }
    }

    fn here(&self, length: usize) -> Span {
        Span::new(self.offset, self.offset + length)
    }

    /// Whether the place is within `{` or `[` that this line opens.
    fn in_brackets(&self) -> bool {
        self.text[..self.column].contains(['{', '['])
    }

    /// The key and the whole text, where the text holds the `:` that is wrong.
    fn text_with_colon(&self) -> Option<(&'a str, &'a str)> {
        let before = &self.text[..self.column];
        let mut start = before.rfind(['{', '[']).map_or(0, |at| at + 1);
        if self.in_brackets() {
            start = before.rfind(", ").map_or(start, |at| start.max(at + 2));
        }
        let (key, _) = before[start..].split_once(": ")?;
        let value = self.value_from(self.start + start + key.len() + 2);
        Some((key.trim_start_matches([' ', '-']).trim(), value))
    }

    /// What was meant as one text, from an offset of the file to where this line's text must end.
    fn value_from(&self, offset: usize) -> &'a str {
        let rest = &self.text[offset.saturating_sub(self.start).min(self.text.len())..];
        let end = if self.in_brackets() { rest.find([',', '}']) } else { None };
        rest[..end.unwrap_or(rest.len())].trim()
    }

    /// Where a `[…]` begins that ends right before the place.
    fn glob_before(&self) -> Option<usize> {
        let before = self.text[..self.column].strip_suffix(']')?;
        before.rfind('[').map(|at| self.start + at)
    }

    /// A comment on this line that has a closing bracket in it.
    fn comment_with_bracket(&self) -> Option<Span> {
        let comment = self.text.find(" #")? + 1;
        let swallows = self.text[comment..].contains(['}', ']']);
        swallows.then(|| Span::new(self.start + comment, self.start + self.text.len()))
    }

    /// The same on the line above.
    fn above_with_comment(&self, text: &'a str) -> Option<Span> {
        let above = Line::at(text, self.start.checked_sub(1)?);
        above.text.contains(['{', '[']).then(|| above.comment_with_bracket()).flatten()
    }
}
