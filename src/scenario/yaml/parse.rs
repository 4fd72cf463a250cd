//! From text to tree: the events of the YAML crate, put together.

use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle};

use super::syntax::{self, Fault};
use super::{Entry, Node, Scalar, Span, Spanned, Style, Value, in_quotes};
use crate::scenario::keys::Reading;
use crate::scenario::problem::{Problem, quote};

/// Mappings and lists within one another, at most. The language itself needs six.
const MAX_DEPTH: usize = 32;

/// Nodes in a file, at most: some sixty thousand rules.
const MAX_NODES: usize = 1_000_000;

/// The documents of a file. What YAML allows and the language does not is added to `reading`.
///
/// # Errors
/// The first place where the text is no YAML: nothing behind it can be trusted.
pub(in crate::scenario) fn documents(
    text: &str,
    reading: &mut Reading,
) -> Result<Vec<Node>, Problem> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder { text, events, nodes: 0, flow: 0, reading };
    let mut documents = Vec::new();
    while let Some((event, span)) = builder.next()? {
        if let Event::DocumentStart(..) | Event::StreamStart | Event::DocumentEnd = event {
            continue;
        }
        documents.push(builder.node(event, span)?);
    }
    Ok(documents)
}

struct Builder<'a> {
    text: &'a str,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    nodes: usize,
    /// How many `{` or `[` are open.
    flow: usize,
    reading: &'a mut Reading,
}

impl<'a> Builder<'a> {
    /// The next event that is a node or an end, `None` at the end of the file.
    fn next(&mut self) -> Result<Option<(Event<'a>, Tagged)>, Problem> {
        loop {
            let Some(event) = self.events.next() else {
                return Ok(None);
            };
            let (event, span) = event.map_err(|error| self.syntax(&error))?;
            let tag = span.tag_span().map(|tag| self.span(&tag));
            let span = self.span(&span);
            match event {
                Event::StreamEnd => return Ok(None),
                Event::Anchor(..) => self.refuse_anchor(span),
                event => return Ok(Some((event, Tagged { span, tag }))),
            }
        }
    }

    /// The node an event begins.
    fn node(&mut self, event: Event<'a>, at: Tagged) -> Result<Node, Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Problem::error(
                at.span,
                format!("this file has more than {MAX_NODES} nodes"),
            ));
        }
        if let Some(tag) = at.tag {
            self.refuse_tag(tag);
        }
        let span = at.span;
        match event {
            Event::Scalar(..) if at.tag.is_some() => Ok(Node::new(span, Value::Broken)),
            Event::Scalar(text, style, _, _) => Ok(self.scalar(&text, style, span)),
            Event::SequenceStart(style, _, _) => self.list(style, span),
            Event::MappingStart(style, _, _) => self.map(style, span),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse_alias(span);
                Ok(Node::new(span, Value::Broken))
            }
            _ => Ok(Node::new(span, Value::Broken)),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Node {
        if style != ScalarStyle::Plain {
            let scalar = Scalar { text: text.to_owned(), style: Style::Quoted, comment: None };
            return Node::new(span, Value::Scalar(scalar));
        }
        if span.start == span.end {
            return Node::new(span, Value::Missing);
        }
        if self.flow > 0 && (text.ends_with('?') || text.starts_with(':')) {
            self.warn_of_other_readers(text, span);
        }
        let scalar = Scalar {
            text: text.to_owned(),
            style: Style::Plain,
            comment: comment_behind(self.text, span.end),
        };
        Node::new(span, Value::Scalar(scalar))
    }

    fn list(&mut self, style: StructureStyle, start: Span) -> Result<Node, Problem> {
        self.flow += usize::from(style == StructureStyle::Flow);
        let mut items = Vec::new();
        let mut end = start.end;
        while let Some((event, at)) = self.next()? {
            if event == Event::SequenceEnd {
                end = end.max(end_of(style, at.span, end));
                break;
            }
            let item = self.node(event, at)?;
            end = item.span.end;
            items.push(item);
        }
        self.flow -= usize::from(style == StructureStyle::Flow);
        Ok(Node::new(Span::new(start.start, end), Value::List(items)))
    }

    fn map(&mut self, style: StructureStyle, start: Span) -> Result<Node, Problem> {
        self.flow += usize::from(style == StructureStyle::Flow);
        let mut entries = Vec::new();
        let mut end = start.end;
        while let Some((event, at)) = self.next()? {
            if event == Event::MappingEnd {
                end = end.max(end_of(style, at.span, end));
                break;
            }
            let key = self.node(event, at)?;
            let Some((event, at)) = self.next()? else {
                break;
            };
            let value = self.node(event, at)?;
            end = value.span.end.max(key.span.end);
            entries.extend(self.entry(key, value));
        }
        self.flow -= usize::from(style == StructureStyle::Flow);
        Ok(Node::new(Span::new(start.start, end), Value::Map(entries)))
    }

    fn entry(&mut self, key: Node, value: Node) -> Option<Entry> {
        let span = key.span;
        match key.value {
            Value::Scalar(scalar) => {
                Some(Entry { key: Spanned { value: scalar.text, span }, value })
            }
            Value::Broken => None,
            other => {
                let title = format!("expected a key, got {}", other.kind());
                self.reading.add(
                    Problem::error(span, title)
                        .label("a key is a word")
                        .help("quote a text that begins with `?`, `[` or `{`"),
                );
                None
            }
        }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(self.text.len()..self.text.len());
        Span::new(range.start, range.end)
    }

    fn syntax(&self, error: &granit_parser::ScanError) -> Problem {
        use granit_parser::ErrorKind;

        let offset = syntax::boundary(self.text, error.marker().byte_offset());
        let at_colon = self.text[offset..].starts_with(':');
        let fault = match error.kind() {
            ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator
                if at_colon =>
            {
                Fault::Colon
            }
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Fault::Colon,
            ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::MismatchedFlowCollectionEnd { .. } => Fault::Bracket,
            ErrorKind::UnexpectedCharacter { .. }
            | ErrorKind::MissingAnchorOrAliasName
            | ErrorKind::InvalidBlockScalarHeader
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::MappingKeyNotAllowed
            | ErrorKind::PlainScalarStartsWithDashFlowIndicator => Fault::Beginning,
            ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar => Fault::BehindQuote,
            ErrorKind::InvalidQuotedScalarIndent | ErrorKind::UnclosedQuotedScalar => {
                Fault::OpenQuote
            }
            ErrorKind::UnknownQuotedScalarEscape => Fault::Escape,
            ErrorKind::RecursionLimitExceeded => Fault::Depth,
            _ => Fault::Other(error.info()),
        };
        syntax::problem(self.text, offset, fault)
    }

    fn refuse_alias(&mut self, span: Span) {
        let text = quote(span.of(self.text));
        self.reading.add(
            Problem::error(span, format!("{text} is a YAML alias, and scenarios have none"))
                .label("a text that begins with `*` needs quotes")
                .help(format!("write {}", in_quotes(self.value_at(span)))),
        );
    }

    fn refuse_anchor(&mut self, span: Span) {
        let text = quote(span.of(self.text));
        self.reading.add(
            Problem::error(span, format!("{text} is a YAML anchor, and scenarios have none"))
                .label("write each rule out, or quote a text that begins with `&`"),
        );
    }

    fn refuse_tag(&mut self, span: Span) {
        let text = quote(span.of(self.text));
        self.reading.add(
            Problem::error(span, format!("{text} is a YAML tag, and scenarios have none"))
                .label("a text that begins with `!` needs quotes")
                .help(format!("write {}", in_quotes(self.value_at(span)))),
        );
    }

    /// What was probably meant as one text, from the beginning of `span`.
    fn value_at(&self, span: Span) -> &'a str {
        let rest = self.text.get(span.start..).unwrap_or("");
        // Within brackets a line may be long, so that its end is not looked for.
        let ends = |c: char| c == '\n' || (self.flow > 0 && matches!(c, ',' | '}'));
        rest[..rest.find(ends).unwrap_or(rest.len())].trim_end()
    }

    fn warn_of_other_readers(&mut self, text: &str, span: Span) {
        let title = format!("{} is an error for other YAML readers", quote(text));
        self.reading.add(
            Problem::warning(span, title)
                .label("within `{ }` and `[ ]`, no text may begin with `:` or end in `?` unquoted")
                .help(format!("write {}", in_quotes(text))),
        );
    }
}

/// Where an event stands, and the tag before it.
#[derive(Debug, Clone, Copy)]
struct Tagged {
    span: Span,
    tag: Option<Span>,
}

/// Where a collection ends: behind its bracket, or behind its last item.
fn end_of(style: StructureStyle, end: Span, last: usize) -> usize {
    if style == StructureStyle::Flow { end.end } else { last }
}

/// The comment on the same line, behind an unquoted text that ends at `end`.
fn comment_behind(text: &str, end: usize) -> Option<Span> {
    let rest = text.get(end..)?;
    let comment = rest.trim_start_matches([' ', '\t']);
    let start = end + (rest.len() - comment.len());
    // Most of the time there is none, and a line may be long: it is not looked through for nothing.
    let comment = comment.starts_with('#').then(|| comment.lines().next())??;
    Some(Span::new(start, start + comment.len()))
}
