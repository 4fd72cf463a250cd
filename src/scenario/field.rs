//! The value of one key, read into what it means. Forms of single values are in `values`; here is what holds
//! for all of them: one or a list, quoted or not, and the words that YAML versions disagree about.

use super::keys::{Holds, Reading};
use super::problem::{Problem, quote};
use super::values::Mistake;
use super::yaml::{Entry, Node, Scalar, Span, Spanned, Style, Value, in_quotes};
use crate::engine::Glob;

/// The value of one key.
pub(super) struct Field<'n> {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) key: Span,
    pub(super) node: &'n Node,
}

/// Whether a bare number may stand where a text is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    Allowed,
    Refused,
}

impl Field<'_> {
    /// A value in a form of its own.
    pub(super) fn one<T>(
        &self,
        parse: impl Fn(&str) -> Result<T, Mistake>,
        reading: &mut Reading,
    ) -> Option<T> {
        self.scalar(self.node, parse, reading)
    }

    /// One such value, or a list of at least one.
    pub(super) fn many<T>(
        &self,
        parse: impl Fn(&str) -> Result<T, Mistake>,
        reading: &mut Reading,
    ) -> Vec<Spanned<T>> {
        self.refuse_empty(reading);
        self.any_number(parse, reading)
    }

    /// One such value, or a list that may be empty: none at all.
    pub(super) fn any_number<T>(
        &self,
        parse: impl Fn(&str) -> Result<T, Mistake>,
        reading: &mut Reading,
    ) -> Vec<Spanned<T>> {
        let mut values = Vec::new();
        for node in self.nodes() {
            if let Some(value) = self.scalar(node, &parse, reading) {
                values.push(Spanned { value, span: node.span });
            }
        }
        values
    }

    /// A free text.
    pub(super) fn text(&self, reading: &mut Reading) -> Option<String> {
        self.text_of(self.node, Numbers::Refused, reading).map(|scalar| scalar.text.clone())
    }

    /// Free texts in a form of their own, or a list of at least one.
    pub(super) fn globs(
        &self,
        parse: impl Fn(&str) -> Result<Glob, Mistake>,
        reading: &mut Reading,
    ) -> Vec<Glob> {
        self.refuse_empty(reading);
        let mut globs = Vec::new();
        for node in self.nodes() {
            let Some(scalar) = self.text_of(node, Numbers::Refused, reading) else {
                continue;
            };
            match parse(&scalar.text) {
                Ok(glob) => globs.push(glob),
                Err(mistake) => reading.add(self.wrong(node.span, &scalar.text, mistake)),
            }
        }
        globs
    }

    /// The free text of a node of this field.
    pub(super) fn text_of<'n>(
        &self,
        node: &'n Node,
        numbers: Numbers,
        reading: &mut Reading,
    ) -> Option<&'n Scalar> {
        let scalar = self.written(node, reading)?;
        if scalar.style == Style::Plain {
            self.warn_of_lost_tail(scalar, node.span, reading);
            if let Some(number) =
                number_or_date(&scalar.text).filter(|_| numbers == Numbers::Refused)
            {
                reading.add(self.text_due(scalar, node.span, number));
                return None;
            }
        }
        Some(scalar)
    }

    /// The pairs of a map.
    pub(super) fn entries<'s>(&'s self, reading: &mut Reading) -> Option<&'s [Entry]> {
        super::keys::entries(&format!("`{}`", self.name), self.node, reading)
    }

    /// A complaint about the value.
    pub(super) fn wrong(&self, span: Span, got: &str, mistake: Mistake) -> Problem {
        let expected = self.holds.expected();
        let title =
            mistake.title.unwrap_or_else(|| format!("expected {expected}, got {}", quote(got)));
        Problem::error(span, title).label(mistake.label).maybe_help(mistake.help)
    }

    /// The items of a list, or the one value.
    fn nodes(&self) -> &[Node] {
        match &self.node.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self.node),
        }
    }

    fn refuse_empty(&self, reading: &mut Reading) {
        if matches!(&self.node.value, Value::List(items) if items.is_empty()) {
            reading.add(
                Problem::error(self.node.span, format!("`{}` is an empty list", self.name))
                    .label(format!("expected {}", self.holds.expected())),
            );
        }
    }

    fn scalar<T>(
        &self,
        node: &Node,
        parse: impl Fn(&str) -> Result<T, Mistake>,
        reading: &mut Reading,
    ) -> Option<T> {
        let scalar = self.written(node, reading)?;
        match parse(&scalar.text) {
            Ok(value) => Some(value),
            Err(mistake) => {
                reading.add(self.wrong(node.span, &scalar.text, mistake));
                None
            }
        }
    }

    /// The scalar that was written, if it is one and no word that YAML 1.1 and 1.2 read differently.
    fn written<'n>(&self, node: &'n Node, reading: &mut Reading) -> Option<&'n Scalar> {
        let expected = self.holds.expected();
        let scalar = match &node.value {
            Value::Scalar(scalar) => scalar,
            Value::Broken => return None,
            Value::Missing => {
                reading.add(
                    Problem::error(self.key, format!("`{}` has no value", self.name))
                        .label(format!("expected {expected}")),
                );
                return None;
            }
            other => {
                let title = format!("expected {expected}, got {}", other.kind());
                reading.add(
                    Problem::error(node.span, title).label(format!("the value of `{}`", self.name)),
                );
                return None;
            }
        };
        if scalar.style == Style::Plain && is_no_value(&scalar.text) {
            let text = &scalar.text;
            reading.add(
                Problem::error(node.span, format!("{} is not a value here", quote(text)))
                    .label(format!("expected {expected}"))
                    .help(format!(
                        "YAML versions differ on it; if you mean the text, quote it: {}",
                        in_quotes(text)
                    )),
            );
            return None;
        }
        self.warn_of_comment(scalar, reading);
        Some(scalar)
    }

    /// A complaint about an unquoted number or date.
    pub(super) fn text_due(&self, scalar: &Scalar, span: Span, kind: &str) -> Problem {
        let text = &scalar.text;
        Problem::error(
            span,
            format!("expected {}, got {} {}", self.holds.expected(), kind, quote(text)),
        )
        .label("a text is due here")
        .help(format!("quote it: {}", in_quotes(text)))
    }

    /// `#3` behind a text is a comment to YAML, and hardly to whoever wrote it.
    fn warn_of_comment(&self, scalar: &Scalar, reading: &mut Reading) {
        let Some(span) = scalar.comment else { return };
        let comment = span.of(reading.source.text());
        if !comment[1..].starts_with([' ', '#', '\t']) && comment.len() > 1 {
            reading.add(self.lost_tail(scalar, span));
        }
    }

    /// The same for a comment with a space behind its `#`, where the value is free text.
    fn warn_of_lost_tail(&self, scalar: &Scalar, node: Span, reading: &mut Reading) {
        let Some(span) = scalar.comment else { return };
        let comment = span.of(reading.source.text());
        if comment[1..].starts_with(' ') && span.start == node.end + 1 {
            reading.add(self.lost_tail(scalar, span));
        }
    }

    fn lost_tail(&self, scalar: &Scalar, comment: Span) -> Problem {
        let text = &scalar.text;
        Problem::warning(comment, format!("`{}` ends before the `#`", self.name))
            .label("this is a comment")
            .help(format!(
                "quote the text if this belongs to it: {}; else put two spaces before the `# `",
                in_quotes(&format!("{text} #…"))
            ))
    }
}

/// Words that YAML 1.1 or 1.2 take for a boolean or for nothing.
pub(super) fn is_no_value(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "null", "~", "yes", "no", "on", "off"];
    text.len() <= 5 && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// What YAML 1.1 or 1.2 would take an unquoted text for, if not for a text.
pub(super) fn number_or_date(text: &str) -> Option<&'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if is_date(text) {
        return Some("the date");
    }
    let lower = digits.to_ascii_lowercase();
    if [".inf", ".nan"].contains(&lower.as_str()) {
        return Some("the number");
    }
    let has_digit = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit());
    let radix = ["0x", "0o", "0b"].iter().any(|prefix| {
        lower.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_ascii_hexdigit() || c == '_')
        })
    });
    let decimal = lower.chars().all(|c| c.is_ascii_digit() || "._e+-:".contains(c))
        && lower.matches('.').count() <= 1
        && lower.matches('e').count() <= 1
        && !lower.contains("--")
        && digits.split(['+', '-']).count() <= 2
        && (digits.split(['+', '-']).count() == 1 || lower.contains('e'));
    (has_digit && (radix || decimal)).then_some("the number")
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    };
    shape(0..4)
        && shape(5..7)
        && shape(8..10)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && (bytes.len() == 10 || matches!(bytes[10], b'T' | b't' | b' ') && shape(11..13))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_of_either_yaml_are_recognized() {
        for number in
            ["0", "42", "-7", "1e3", "0x1F", "0o17", "010", "1_000", "1.5", "1:30", ".5", ".inf"]
        {
            assert_eq!(number_or_date(number), Some("the number"), "{number}");
        }
        for date in ["2031-01-01", "2031-01-01T00:00:00Z"] {
            assert_eq!(number_or_date(date), Some("the date"), "{date}");
        }
        for text in [
            "550 No",
            "a1",
            "64KiB",
            "1s-3s",
            "10.0.0.1",
            "-*",
            "1.2.3",
            "30000-30009",
            "e3",
            "-",
            ".",
            "0x",
        ] {
            assert_eq!(number_or_date(text), None, "{text}");
        }
    }

    #[test]
    fn booleans_and_null_are_no_values_however_they_are_written() {
        assert!(["no", "No", "ON", "true", "~", "Null"].into_iter().all(is_no_value));
        assert!(!["none", "nope", "start", ""].into_iter().any(is_no_value));
    }
}
