//! What fills the placeholders of a rule's answer on a channel.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;

use crate::engine::{Answer, Part, Step, Template};

/// What only the moment knows.
#[derive(Debug)]
pub struct Filling<'a> {
    /// What would have gone out.
    pub answer: &'a [u8],
    /// What it is about.
    pub path: &'a [u8],
    /// Its size.
    pub size: u64,
    /// Who asks.
    pub client: IpAddr,
    /// By which name.
    pub user: &'a str,
}

impl Filling<'_> {
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

    /// A text with its placeholders filled.
    #[must_use]
    pub fn render(&self, template: &Template) -> Vec<u8> {
        template.render(|part, text| match part {
            Part::Answer => text.extend_from_slice(self.answer),
            Part::Path => text.extend_from_slice(self.path),
            Part::Size => text.extend_from_slice(self.size.to_string().as_bytes()),
            Part::Client => text.extend_from_slice(self.client.to_string().as_bytes()),
            Part::User => text.extend_from_slice(self.user.as_bytes()),
            // There is no data connection that could have a port.
            Part::Port | Part::HostPort | Part::Bytes(_) | Part::Filler(_) => {}
        })
    }
}
