//! What fills the placeholders of a rule's texts.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;

use super::now;
use crate::engine::{Answer, Part, Step, Template};
use crate::files::{Content, Stat};

/// What only the moment knows. What it has no value for is empty: `check` lets no rule ask for that.
#[derive(Debug, Clone)]
pub struct Filling<'a> {
    /// What would have gone out.
    pub answer: &'a [u8],
    /// The text of that, without its code.
    pub text: &'a [u8],
    /// The command or request.
    pub verb: &'a str,
    /// Its argument, as it was sent.
    pub argument: &'a [u8],
    /// What it is about.
    pub path: &'a [u8],
    /// What is there.
    pub stat: Option<Stat>,
    /// By which number an SFTP request is told from others.
    pub id: u32,
    /// Where the data connection listens, or goes.
    pub data: Option<SocketAddr>,
    /// Who asks.
    pub client: IpAddr,
    /// By which name.
    pub user: &'a str,
}

/// A piece of what a rule sends in the place of a listing or of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Portion {
    /// The rule's own bytes.
    Own(Bytes),
    /// `<answer>`: the listing or the bytes themselves.
    Truth,
}

impl<'a> Filling<'a> {
    /// Of a moment that is about nothing but its client.
    #[must_use]
    pub fn of(client: IpAddr) -> Self {
        Self {
            answer: b"",
            text: b"",
            verb: "",
            argument: b"",
            path: b"",
            stat: None,
            id: 0,
            data: None,
            client,
            user: "",
        }
    }

    /// The same where this would have gone out.
    #[must_use]
    pub fn answering(client: IpAddr, answer: &'a [u8]) -> Self {
        Self { answer, ..Self::of(client) }
    }

    /// Exactly these bytes, each after its pause.
    #[must_use]
    pub fn pieces(&self, send: &Answer) -> Vec<(Duration, Bytes)> {
        let Answer::Steps(steps) = send else {
            return Vec::new();
        };
        let mut pause = Duration::ZERO;
        let mut pieces = Vec::new();
        for step in steps {
            match step {
                Step::Pause(length) => pause += *length,
                Step::Say(template) => {
                    pieces.push((std::mem::take(&mut pause), self.render(template).into()));
                }
            }
        }
        pieces
    }

    /// The pieces of a content, in which the truth may stand.
    #[must_use]
    pub fn portions(&self, send: &Answer) -> Vec<Portion> {
        let mut portions = Vec::new();
        for text in send.texts() {
            for (index, own) in text.0.split(|part| *part == Part::Answer).enumerate() {
                if index > 0 {
                    portions.push(Portion::Truth);
                }
                portions.push(Portion::Own(self.render(&Template(own.to_vec())).into()));
            }
        }
        portions.retain(|portion| !matches!(portion, Portion::Own(bytes) if bytes.is_empty()));
        portions
    }

    /// A content of a rule, in which `truth` may stand.
    #[must_use]
    pub fn content(&self, send: &Answer, truth: impl FnOnce() -> Content) -> Content {
        let portions = self.portions(send);
        let truth = portions.contains(&Portion::Truth).then(truth);
        let mut content = Content::default();
        for portion in portions {
            match (portion, &truth) {
                (Portion::Own(bytes), _) => content.extend(&Content::from_bytes(bytes)),
                (Portion::Truth, Some(truth)) => content.extend(truth),
                (Portion::Truth, None) => {}
            }
        }
        content
    }

    /// A text with its placeholders filled.
    #[must_use]
    pub fn render(&self, template: &Template) -> Vec<u8> {
        template.render(|part, text| self.put(part, text))
    }

    fn put(&self, part: &Part, text: &mut Vec<u8>) {
        let number;
        text.extend_from_slice(match part {
            Part::Answer => self.answer,
            Part::Text => self.text,
            Part::Verb => self.verb.as_bytes(),
            Part::Argument => self.argument,
            Part::Path => self.path,
            Part::Name => self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default(),
            Part::User => self.user.as_bytes(),
            Part::Id => return text.extend_from_slice(&self.id.to_be_bytes()),
            Part::Bytes(_) | Part::Filler(_) => return,
            of_a_number => {
                number = match of_a_number {
                    Part::Size => self.stat.as_ref().map_or(0, |stat| stat.size).to_string(),
                    Part::Modified => {
                        let modified = self.stat.as_ref().map_or_else(now, |stat| stat.modified);
                        modified.strftime("%Y%m%d%H%M%S").to_string()
                    }
                    Part::Port => self.data.map_or(0, |data| data.port()).to_string(),
                    Part::HostPort => self.data.map(host_port).unwrap_or_default(),
                    _ => self.client.to_string(),
                };
                number.as_bytes()
            }
        });
    }
}

/// `h1,h2,h3,h4,p1,p2` (RFC 959, section 4.1.2); an IPv6 address has no such form and becomes zeros.
#[must_use]
pub fn host_port(address: SocketAddr) -> String {
    let octets = match address.ip() {
        IpAddr::V4(ip) => ip.octets(),
        IpAddr::V6(_) => [0; 4],
    };
    let [high, low] = address.port().to_be_bytes();
    let numbers = octets.into_iter().chain([high, low]).map(|number| number.to_string());
    numbers.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(parts: Vec<Part>) -> Vec<u8> {
        let filling = Filling {
            verb: "SITE",
            argument: b"x y",
            text: b"No.",
            path: b"/in/a.csv",
            data: Some(([127, 0, 0, 1], 258).into()),
            id: 7,
            ..Filling::answering([127, 0, 0, 1].into(), b"550 No.\r\n")
        };
        filling.render(&Template(parts))
    }

    #[test]
    fn placeholders_are_filled_with_the_truth() {
        let parts = vec![Part::Path, Part::Bytes(b" ".to_vec()), Part::HostPort, Part::Filler(2)];
        assert_eq!(filled(parts), b"/in/a.csv 127,0,0,1,1,2xx");
        assert_eq!(filled(vec![Part::Name, Part::Verb, Part::Argument]), b"a.csvSITEx y");
        assert_eq!(filled(vec![Part::Answer, Part::Text, Part::Id]), b"550 No.\r\nNo.\0\0\0\x07");
        assert_eq!(filled(vec![Part::Size, Part::Port, Part::Client]), b"0258127.0.0.1");
        assert_eq!(filled(vec![Part::Modified]).len(), 14);
    }

    #[test]
    fn the_truth_stands_where_a_content_quotes_it() {
        let parts = vec![Part::Bytes(b"total 24\r\n".to_vec()), Part::Answer, Part::User];
        let send = Answer::Steps(vec![Step::Say(Template(parts))]);
        let filling = Filling::of([127, 0, 0, 1].into());
        let own = Portion::Own(Bytes::from_static(b"total 24\r\n"));
        assert_eq!(filling.portions(&send), [own, Portion::Truth]);
        assert_eq!(filling.portions(&Answer::Steps(vec![Step::Say(Template::default())])), []);
    }
}
