//! The moments before anything is encrypted: the connection itself, whose answer is the identification, and the first
//! `SSH_MSG_KEXINIT`. Here a rule may say any bytes (RFC 4253, sections 4.2 and 7.1).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::connection::Connection;
use super::message;
use super::shape::Shape;
use crate::engine::{
    Answer, At, Ending, Event, HostKey, Operation, Part, Repeat, Step, Template, Verdict,
};
use crate::fault::pace::{self, pause};
use crate::fault::reset::UNTIL_NOTICED;
use crate::fault::{Leashed, Pace, Wire};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{Open, Run};

/// No client's identification and `SSH_MSG_KEXINIT` are longer (RFC 4253, section 6.1).
const MOST_HEARD: usize = 64 << 10;

/// A connection on which an identification was said, or what a rule says in its place.
pub(super) struct Met {
    pub(super) wire: Wire,
    pub(super) open: Open,
    /// The identification, if a rule has said one of its own.
    pub(super) said: Option<String>,
}

/// The moment of the connection. Tells what is left of it.
pub(super) async fn meet(
    run: &Arc<Run>,
    shape: &Shape,
    event: Event<'_>,
    peer: SocketAddr,
    mut wire: Wire,
) -> Option<Met> {
    let event = event.operation(Operation::Connect);
    let (verdict, open) = run.decide(&event);
    let happening = Happening::of(&event, peer, Some(&verdict), Secrecy::Open);
    let mut outcome = Outcome { fired: verdict.rule.is_some(), ..Outcome::default() };
    let action = Arc::clone(&verdict.action);
    pause(verdict.delay).await;
    let truth = &shape.settings.identification;
    let identifying = identify(&mut wire, &verdict, truth, peer, &mut outcome);
    let said = within(action.repeat, run.max_hold, identifying).await.ok()?;
    if let Some(Ending::Disconnect(reason)) = action.then {
        if action.send.is_none() {
            let _ = wire.write_all(line(truth).as_bytes()).await;
        }
        let _ = wire.write_all(&message::disconnect(reason, &action.farewell)).await;
    }
    if action.then.is_some() {
        outcome.fail(Cause::Rule, verdict.description());
    }
    run.record(happening, outcome);
    let Some(ending) = action.then else {
        return Some(Met { wire, open, said: said.filter(|said| said != truth) });
    };
    drop(open);
    match ending {
        Ending::Restart(time) => run.go_down(time).await,
        Ending::Reset => pause(UNTIL_NOTICED).await,
        _ => {}
    }
    crate::fault::end(wire, ending, run.max_hold).await;
    None
}

/// Says the identification, or what a rule says in its place. Tells the last identification that a rule has said.
async fn identify(
    wire: &mut Wire,
    verdict: &Verdict,
    truth: &str,
    peer: SocketAddr,
    outcome: &mut Outcome,
) -> io::Result<Option<String>> {
    let action = &verdict.action;
    let pace = Pace { rate: action.rate, chunk: action.chunk };
    let truth = line(truth);
    let Some(answer) = &action.send else {
        if action.then.is_none() || verdict.at == At::End {
            pace::write(wire, truth.as_bytes(), pace).await?;
        }
        return Ok(None);
    };
    let (mut repeat, mut said) = (action.repeat, None);
    while repeat.take_one() {
        let mut whole = Vec::new();
        for step in steps(answer) {
            match step {
                Step::Pause(length) => pause(*length).await,
                Step::Say(template) => {
                    let bytes = rendered(template, truth.as_bytes(), peer);
                    pace::write(wire, &bytes, pace).await?;
                    whole.extend_from_slice(&bytes);
                }
            }
        }
        if outcome.answer.is_empty() {
            outcome.said(&whole);
        }
        said = identification(&whole).or(said);
    }
    Ok(said)
}

/// What has no end of its own ends with the client, or at the cap on stalls.
async fn within<T>(
    repeat: Repeat,
    max_hold: Duration,
    saying: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    if repeat != Repeat::Endless {
        return saying.await;
    }
    timeout(max_hold, saying).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn line(identification: &str) -> String {
    format!("{identification}\r\n")
}

/// What becomes of our first `SSH_MSG_KEXINIT`.
pub(super) enum Exchange {
    /// It is said, with this key behind it, and a rule may act on it then.
    Begins(HostKey, Option<Verdict>),
    /// There is none, and the connection has ended.
    Ended,
}

impl Connection {
    /// Waits for the client's identification, and asks what the handshake will be. What was heard is in `heard`.
    pub(super) async fn shake_hands(
        &self,
        leashed: &mut Leashed,
        heard: &mut BytesMut,
    ) -> io::Result<Exchange> {
        if leashed.read_buf(heard).await? == 0 {
            return Ok(Exchange::Ended);
        }
        let event = self.event(None).operation(Operation::Handshake).wire("SSH_MSG_KEXINIT");
        let (verdict, _open) = self.run.decide(&event);
        let exchange = if verdict.rule.is_some() {
            self.spoil(&event, verdict, leashed).await?
        } else {
            Exchange::Begins(HostKey::Own, None)
        };
        match (&exchange, &self.shape.offer) {
            (Exchange::Begins(_, None), Some(offer)) => {
                leashed.write_all(&offer.packet()).await?;
                // The client looks at the lists as soon as it has said its own.
                while !has_kexinit(heard)
                    && heard.len() < MOST_HEARD
                    && leashed.read_buf(heard).await? > 0
                {}
                self.run_out(Ending::Close(Duration::ZERO)).await;
                Ok(Exchange::Ended)
            }
            _ => Ok(exchange),
        }
    }

    /// A rule acts on the handshake.
    async fn spoil(
        &self,
        event: &Event<'_>,
        verdict: Verdict,
        leashed: &mut Leashed,
    ) -> io::Result<Exchange> {
        let action = Arc::clone(&verdict.action);
        let happening = Happening::of(event, self.peer, Some(&verdict), Secrecy::Open);
        let mut outcome = Outcome { fired: true, ..Outcome::default() };
        outcome.note(verdict.description());
        if action.then.is_some() || action.host_key != HostKey::Own {
            outcome.fail(Cause::Rule, "");
        }
        self.run.record(happening, outcome);
        pause(verdict.delay).await;
        let saying = self.say_in_clear(&verdict, leashed);
        let truth_comes = within(action.repeat, self.run.max_hold, saying).await?;
        let replaced = action.send.is_some() && !truth_comes;
        match action.then {
            Some(_) if truth_comes => {
                Ok(Exchange::Begins(action.host_key, Some(Verdict { at: At::End, ..verdict })))
            }
            Some(ending) => {
                if let Ending::Disconnect(reason) = ending {
                    leashed.write_all(&message::disconnect(reason, &action.farewell)).await?;
                }
                self.run_out(ending).await;
                Ok(Exchange::Ended)
            }
            None if replaced => {
                Ok(Exchange::Begins(action.host_key, Some(Verdict { at: At::Start, ..verdict })))
            }
            None => Ok(Exchange::Begins(action.host_key, None)),
        }
    }

    /// Says the messages and texts of a rule. Tells whether our own `SSH_MSG_KEXINIT` follows.
    async fn say_in_clear(&self, verdict: &Verdict, leashed: &mut Leashed) -> io::Result<bool> {
        let Some(answer) = &verdict.action.send else { return Ok(verdict.at == At::End) };
        let (mut repeat, mut truth_comes) = (verdict.action.repeat, false);
        while repeat.take_one() {
            for step in steps(answer) {
                match step {
                    Step::Pause(length) => pause(*length).await,
                    Step::Say(Template(parts)) if parts.contains(&Part::Answer) => {
                        truth_comes = true;
                    }
                    Step::Say(template) => {
                        let text = rendered(template, b"", self.peer);
                        leashed.write_all(&message::in_clear(&text).unwrap_or(text)).await?;
                    }
                }
            }
        }
        Ok(truth_comes)
    }
}

fn steps(answer: &Answer) -> &[Step] {
    match answer {
        Answer::Silence => &[],
        Answer::Steps(steps) => steps,
    }
}

fn rendered(template: &Template, answer: &[u8], peer: SocketAddr) -> Vec<u8> {
    template.render(|part, text| match part {
        Part::Answer => text.extend_from_slice(answer),
        Part::Client => text.extend_from_slice(peer.ip().to_string().as_bytes()),
        _ => {}
    })
}

/// The identification in what was said, without its line end: it is part of what a host signs.
fn identification(said: &[u8]) -> Option<String> {
    let lines = said.split(|byte| *byte == b'\n');
    let mut lines = lines.filter(|line| line.starts_with(b"SSH-"));
    let line = lines.next_back()?;
    String::from_utf8(line.strip_suffix(b"\r").unwrap_or(line).to_vec()).ok()
}

/// Whether the client has said its identification and a packet.
fn has_kexinit(heard: &[u8]) -> bool {
    let Some(end) = heard.iter().position(|byte| *byte == b'\n') else { return false };
    let packet = &heard[end + 1..];
    packet.first_chunk().is_some_and(|length| {
        packet.len() >= usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_identification_that_was_said_counts() {
        let said = |text: &[u8]| identification(text);
        assert_eq!(said(b"Welcome\r\nSSH-2.0-x y\r\n").as_deref(), Some("SSH-2.0-x y"));
        assert_eq!(said(b"SSH-2.0-x\n").as_deref(), Some("SSH-2.0-x"));
        assert_eq!(said(b"220 FTP\r\n"), None);
    }
}
