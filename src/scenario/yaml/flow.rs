//! A node in one line, as it could have been written: for reports.

use std::sync::Arc;

use super::{Node, Scalar, Style, Value, in_quotes};
use crate::scenario::problem::shown;
use crate::scenario::source::Source;

/// A sentence is told in no more characters than this.
const MOST: usize = 300;

/// `{when: upload, times: 1-4}`
pub(in crate::scenario) fn flow(node: &Node, source: &Source) -> Arc<str> {
    shown(&written(node, source.text()), MOST).into()
}

fn written(node: &Node, text: &str) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match &node.value {
        Value::Scalar(scalar) => scalar_of(scalar, node.span.of(text)),
        Value::List(nodes) => {
            format!("[{}]", list(nodes.iter().map(|node| written(node, text)).collect()))
        }
        Value::Map(entries) => {
            let pair = |entry: &super::Entry| {
                format!("{}: {}", entry.key.value, written(&entry.value, text))
            };
            format!("{{{}}}", list(entries.iter().map(pair).collect()))
        }
        Value::Missing | Value::Broken => String::new(),
    }
}

/// As it was written, where that stands in one line and needs no quotes here.
fn scalar_of(scalar: &Scalar, written: &str) -> String {
    let plain = scalar.style == Style::Plain && scalar.text.contains([',', '[', ']', '{', '}']);
    if plain || written.is_empty() || written.contains('\n') {
        return in_quotes(&scalar.text).trim_matches('`').replace('\n', "\\n");
    }
    written.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::Reading;
    use crate::scenario::yaml::documents;

    #[test]
    fn a_block_is_told_in_one_line() {
        let text =
            "when: [upload, APPE]\ntimes: 1\nreply: 421 Too many, later\nsend: |\n  a\n  b\n";
        let source = Source::inline("s.yaml", text);
        let mut reading = Reading::new(source.clone());
        let nodes = documents(text, &mut reading).unwrap();
        let expected =
            r#"{when: [upload, APPE], times: 1, reply: "421 Too many, later", send: "a\nb\n"}"#;
        assert_eq!(&*flow(&nodes[0], &source), expected);
    }
}
