//! Texts of a rule, with the placeholders that only the moment can fill.

use std::time::Duration;

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These bytes. Also `<x00FF>`.
    Bytes(Vec<u8>),
    /// So many bytes of filler: `<17KiB>`.
    Filler(u64),
    /// `<answer>`: what would have gone out.
    Answer,
    /// `<text>`: the text of that answer, without its code.
    Text,
    /// `<verb>`: the command or request, as the wire has it.
    Verb,
    /// `<argument>`: its argument, as it was sent.
    Argument,
    /// `<path>`: the event's path.
    Path,
    /// `<name>`: the last part of that path.
    Name,
    /// `<size>`: the size of the file at the path, in bytes; 0 where there is none.
    Size,
    /// `<modified>`: when that file was modified, as `YYYYMMDDHHMMSS` (RFC 3659, section 2.3); now where there is none.
    Modified,
    /// `<id>`: the four bytes by which an SFTP request is told from others.
    Id,
    /// `<port>`: the port of the data connection.
    Port,
    /// `<host-port>`: address and port as RFC 959 writes them, `h1,h2,h3,h4,p1,p2`.
    HostPort,
    /// `<client>`: the client's address.
    Client,
    /// `<user>`: the user's name.
    User,
}

/// A text as a rule has it. See [`Part`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

impl Template {
    /// A text without placeholders.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(vec![Part::Bytes(text.as_bytes().to_vec())])
    }

    /// The text with every placeholder filled by `fill`; bytes and filler need nobody's help.
    pub fn render(&self, mut fill: impl FnMut(&Part, &mut Vec<u8>)) -> Vec<u8> {
        let mut text = Vec::new();
        for part in &self.0 {
            match part {
                Part::Bytes(bytes) => text.extend_from_slice(bytes),
                Part::Filler(size) => {
                    let size = usize::try_from(*size).unwrap_or(usize::MAX);
                    text.resize(text.len().saturating_add(size), b'x');
                }
                other => fill(other, &mut text),
            }
        }
        text
    }

    /// Whether it has this placeholder.
    #[must_use]
    pub fn has(&self, part: &Part) -> bool {
        self.0.contains(part)
    }

    fn begins_with(&self, text: &str) -> bool {
        matches!(self.0.first(), Some(Part::Bytes(bytes)) if bytes.starts_with(text.as_bytes()))
    }
}

/// A step of an answer: something said, or a pause before the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Say this.
    Say(Template),
    /// Wait so long.
    Pause(Duration),
}

impl Step {
    /// How long it waits, if it is a pause.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        match self {
            Self::Pause(length) => Some(*length),
            Self::Say(_) => None,
        }
    }

    fn begins_with(&self, text: &str) -> bool {
        matches!(self, Self::Say(template) if template.begins_with(text))
    }
}

/// What a rule answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `none`: nothing at all.
    Silence,
    /// These steps, in order.
    Steps(Vec<Step>),
}

/// What a rule answers with where the protocol speaks in numbered statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// `none`: nothing at all.
    Silence,
    /// A number, which goes out as it is, and its text.
    Code(u32, Template),
}

impl Answer {
    /// Whether the first thing said begins with this text.
    #[must_use]
    pub fn begins_with(&self, text: &str) -> bool {
        matches!(self, Self::Steps(steps) if steps.first().is_some_and(|step| step.begins_with(text)))
    }

    /// Its texts, without the pauses between them.
    pub fn texts(&self) -> impl Iterator<Item = &Template> {
        let steps = match self {
            Self::Steps(steps) => steps.as_slice(),
            Self::Silence => &[],
        };
        steps.iter().filter_map(|step| match step {
            Step::Say(template) => Some(template),
            Step::Pause(_) => None,
        })
    }

    /// Whether a placeholder in it needs the operation done: its answer, or its port.
    #[must_use]
    pub fn quotes_the_operation(&self) -> bool {
        const OF_THE_OPERATION: [Part; 4] = [Part::Answer, Part::Text, Part::Port, Part::HostPort];
        self.texts().any(|text| OF_THE_OPERATION.iter().any(|part| text.has(part)))
    }
}
