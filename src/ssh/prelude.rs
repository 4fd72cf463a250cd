//! The moments before anything is encrypted: the connection itself, whose answer is the identification, and the first
//! `SSH_MSG_KEXINIT`. Here a rule may say any bytes (RFC 4253, sections 4.2 and 7.1).

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connection::{Connection, Counted};
use super::message;
use super::moment::{Ended, Until, by_nature};
use crate::engine::{
    Answer, Ending, HostKey, Natural, Operation, Own, Part, Repeat, Say, Step, Task, Template,
};
use crate::fault::reset::until_noticed;
use crate::fault::{Held, Leashed, Pace, Pacer, hold};
use crate::run::{Filling, Pending, Wait};

/// No client's identification and `SSH_MSG_KEXINIT` are longer (RFC 4253, section 6.1).
const MOST_HEARD: usize = 64 << 10;

impl Connection {
    /// The moment of the connection. Tells the identification, if a rule has said one of its own.
    pub(super) async fn identify(
        &self,
        leashed: &mut Leashed,
    ) -> Result<Option<String>, russh::Error> {
        let event = self.decide(&self.event(None).operation(Operation::Connect));
        self.open.lock().insert(Counted::Connection, None);
        match self.say_who(&event, leashed).await {
            Ok((said, None)) => {
                self.over(event, Some(Counted::Connection));
                Ok(said.filter(|said| *said != self.shape.settings.identification))
            }
            Ok((said, then)) => {
                if then == Some(Ending::Reset) {
                    until_noticed().await;
                }
                if self.conclude(event, then).await { Err(Ended.into()) } else { Ok(said) }
            }
            Err(error) => Err(self.fall_silent(event, error)),
        }
    }

    /// Says the identification, or what a rule says in its place. Tells the last one that a rule has said, and how the
    /// session ends.
    async fn say_who(
        &self,
        event: &Pending,
        leashed: &mut Leashed,
    ) -> Result<(Option<String>, Option<Ending>), russh::Error> {
        let truth = format!("{}\r\n", self.shape.settings.identification);
        let performs = event.verdict().plan(Task::Answer).perform;
        let natural = if performs { Natural::Done(truth.len()) } else { Natural::NotDone };
        let course = event.verdict().course(Task::Answer, natural);
        self.before(event).await?;
        let leaves = matches!(course.then, Some(Ending::Disconnect(_)));
        if course.say == Say::Nothing && (performs || leaves) {
            // It has been said when the rule acts at the end of it.
            self.write(event, leashed, truth.as_bytes()).await?;
        }
        self.point(event, natural).await?;
        let (bytes, own) = match &course.say {
            Say::Natural => (truth.as_bytes(), None),
            Say::Cut(size, own) => (&truth.as_bytes()[..*size], own.as_ref()),
            Say::Own(own) => (&[][..], Some(own)),
            Say::Stand(_) | Say::Nothing => (&[][..], None),
        };
        self.write(event, leashed, bytes).await?;
        let mut said = None;
        if let Some(Own::Exactly(answer)) = own {
            let filling = Filling::answering(self.peer.ip(), truth.as_bytes());
            let pieces = pieces(answer, |template| filling.render(template));
            let whole: Vec<u8> = pieces.iter().flat_map(|(_, text)| text).copied().collect();
            event.said(&whole);
            said = identification(&whole);
            self.recite(event, leashed, &pieces).await?;
        }
        self.say_farewell(event, leashed, course.then).await?;
        if course.say != Say::Nothing {
            event.answered();
        }
        Ok((said, course.then))
    }

    /// Waits for the client's identification, which `heard` has then, and asks what the handshake will be. Tells the key
    /// that is shown, if our `SSH_MSG_KEXINIT` is said.
    pub(super) async fn shake_hands(
        &self,
        leashed: &mut Leashed,
        heard: &mut BytesMut,
    ) -> Result<Option<HostKey>, russh::Error> {
        if leashed.read_buf(heard).await? == 0 {
            return Ok(None);
        }
        let event = self.event(None).operation(Operation::Handshake).wire("SSH_MSG_KEXINIT");
        let (key, acts) = match self.run.decide_if_ruled(&event, self.peer) {
            Some(event) => self.spoil(event, leashed).await?,
            None => (Some(HostKey::Own), false),
        };
        let Some(offer) = self.shape.offer.as_ref().filter(|_| key.is_some() && !acts) else {
            return Ok(key);
        };
        leashed.write_all(&offer.packet()).await?;
        // The client looks at the lists as soon as it has said its own.
        while !has_kexinit(heard) && heard.len() < MOST_HEARD && leashed.read_buf(heard).await? > 0
        {
        }
        self.run_out(Ending::Close(Duration::ZERO)).await;
        Ok(None)
    }

    /// A rule acts on the handshake. Tells the key that is shown, if any is, and whether the rule ends the session when our
    /// `SSH_MSG_KEXINIT` is out.
    async fn spoil(
        &self,
        event: Pending,
        leashed: &mut Leashed,
    ) -> Result<(Option<HostKey>, bool), russh::Error> {
        let natural = by_nature(&event, true);
        let course = event.verdict().course(Task::Answer, natural);
        let own =
            if let Say::Own(Own::Exactly(answer)) = &course.say { Some(*answer) } else { None };
        let is_quoted = own.is_none_or(Answer::quotes_the_operation);
        let truth_comes = natural != Natural::NotDone && is_quoted;
        let (then, key) = (course.then, event.verdict().host_key());
        let told = async {
            self.before(&event).await?;
            if own.is_some() || !truth_comes || (then.is_none() && !course.delay.is_zero()) {
                self.point(&event, natural).await?;
            }
            if let Some(answer) = own {
                let pieces = pieces(answer, |template| self.in_clear(template));
                self.recite(&event, leashed, &pieces).await?;
            }
            if !truth_comes {
                self.say_farewell(&event, leashed, then).await?;
            }
            Ok(())
        };
        if let Err(error) = told.await {
            return Err(self.fall_silent(event, error));
        }
        if !truth_comes {
            // Without our message, nobody gets any further.
            self.conclude(event, Some(then.unwrap_or(Ending::Stall))).await;
            return Ok((None, false));
        }
        self.wait(event, if then.is_some() { Until::Begun } else { Until::KeyShown });
        Ok((Some(key), then.is_some()))
    }

    /// `SSH_MSG_DISCONNECT`, where a session ends so.
    async fn say_farewell(
        &self,
        event: &Pending,
        leashed: &mut Leashed,
        then: Option<Ending>,
    ) -> io::Result<()> {
        let Some(Ending::Disconnect(reason)) = then else { return Ok(()) };
        leashed.write_all(&message::disconnect(reason, event.verdict().farewell())).await
    }

    /// A message or a text of a rule. Our own message is russh's to say, when all else is said.
    fn in_clear(&self, template: &Template) -> Vec<u8> {
        if template.has(&Part::Answer) {
            return Vec::new();
        }
        let text = Filling::of(self.peer.ip()).render(template);
        message::in_clear(&text).unwrap_or(text)
    }

    /// What was to be said could not be.
    fn fall_silent(&self, event: Pending, error: russh::Error) -> russh::Error {
        let why = if self.leash.is_over() { "" } else { "the client left" };
        event.fail(self.blame.cause(), why);
        self.over(event, None);
        if matches!(error, russh::Error::IO(_)) { russh::Error::HUP } else { error }
    }

    /// Says a rule's own answer, as often as it wants. What has no end of its own ends with the client, or at the cap on
    /// holds, as a stall does.
    async fn recite(
        &self,
        event: &Pending,
        leashed: &mut Leashed,
        pieces: &[(Duration, Vec<u8>)],
    ) -> Result<(), russh::Error> {
        let repeat = event.verdict().repeat();
        let reciting = async {
            let mut left = repeat;
            while left.take_one() {
                for (pause, text) in pieces {
                    self.hold(event, Wait::For(*pause)).await?;
                    self.write(event, leashed, text).await?;
                }
                // Where nothing is said, nothing else waits.
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        if repeat != Repeat::Endless {
            return reciting.await;
        }
        tokio::select! {
            recited = reciting => recited,
            held = hold(Duration::MAX, self.run.max_hold, self.leash.departed()) => {
                if held == Held::Capped {
                    event.note("an endless answer ended at the cap on holds");
                    self.run_out(Ending::Cut).await;
                }
                Err(Ended.into())
            }
        }
    }

    /// Says this at the rule's pace.
    async fn write(
        &self,
        event: &Pending,
        leashed: &mut Leashed,
        bytes: &[u8],
    ) -> Result<(), russh::Error> {
        let verdict = event.verdict();
        let mut pacer = Pacer::begin(Pace { rate: verdict.rate(), chunk: verdict.chunk() });
        for piece in bytes.chunks(pacer.piece(bytes.len().max(1))) {
            leashed.write_all(piece).await?;
            let wait = pacer.moved(piece.len());
            if wait.is_zero() {
                // The piece should leave as a segment of its own.
                tokio::task::yield_now().await;
            }
            self.hold(event, Wait::Pace(wait)).await?;
        }
        Ok(())
    }
}

/// The texts of an answer, and its pauses, in their order.
fn pieces(answer: &Answer, render: impl Fn(&Template) -> Vec<u8>) -> Vec<(Duration, Vec<u8>)> {
    let Answer::Steps(steps) = answer else { return Vec::new() };
    let pieces = steps.iter().map(|step| match step {
        Step::Pause(length) => (*length, Vec::new()),
        Step::Say(template) => (Duration::ZERO, render(template)),
    });
    pieces.collect()
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
