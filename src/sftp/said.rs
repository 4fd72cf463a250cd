//! A rule's answer, made ready to be said.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;

use super::status::Status;
use crate::engine::{self, Answer, Part, Step, Template};

/// What only the moment knows.
#[derive(Debug)]
pub(super) struct Filling<'a> {
    /// What would have gone out.
    pub(super) answer: &'a [u8],
    pub(super) path: &'a [u8],
    pub(super) size: u64,
    pub(super) client: IpAddr,
    pub(super) user: &'a str,
}

impl Filling<'_> {
    /// A status of a rule, if it says anything.
    pub(super) fn status(&self, status: &engine::Status) -> Option<Status> {
        match status {
            engine::Status::Silence => None,
            engine::Status::Code(code, text) => {
                Some(Status { code: *code, text: self.render(text) })
            }
        }
    }

    /// Exactly these bytes, each after its pause.
    pub(super) fn pieces(&self, send: &Answer) -> Vec<(Duration, Bytes)> {
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

    fn render(&self, template: &Template) -> Vec<u8> {
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
