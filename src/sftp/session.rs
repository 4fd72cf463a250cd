//! One session: its state, and the loop of its requests. The loop is the reader; it never waits for the client to
//! listen (see [`writer`](super::writer)).

use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::codec::Fields;
use super::frames::{Frames, TooLong};
use super::opened::{OpenThings, Opened};
use super::request::{Asked, INIT, REQUESTS, UNKNOWN};
use super::settings::Settings;
use super::writer::{Full, Item, Queue, queue, write};
use crate::engine::{Event, Operation, Stored};
use crate::fault::channel::{Heard, Incoming, Outgoing};
use crate::files::{Account, Scope};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{self, Caller, Run};

/// The exit status of a subsystem whose client cannot be understood, as OpenSSH's `fatal` has it.
const EXIT_FATAL: u32 = 255;
/// That of one whose client sends too long a packet.
const EXIT_TOO_LONG: u32 = 11;

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    /// The channel ends, with this exit status if it is we who end it.
    Over(Option<u32>),
}

/// The state of one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) run: Arc<Run>,
    pub(super) settings: Arc<Settings>,
    pub(super) caller: Caller,
    pub(super) open: OpenThings,
    pub(super) queue: Queue,
    /// Versions were exchanged.
    pub(super) begun: bool,
    /// Answers that the network has delayed so far.
    pub(super) answers: u64,
    /// A rule has ended the channel or the connection, or froze it: nothing more is done.
    pub(super) deaf: bool,
}

/// Serves one channel until it ends.
pub async fn serve(
    caller: Caller,
    mut incoming: impl Incoming,
    outgoing: impl Outgoing,
    run: Arc<Run>,
    settings: Arc<Settings>,
) {
    let (queue, queued) = queue();
    let writer = Writing(tokio::spawn(write(queued, outgoing)));
    let mut session = Session {
        run,
        settings,
        caller,
        open: OpenThings::default(),
        queue,
        begun: false,
        answers: 0,
        deaf: false,
    };
    let next = session.converse(&mut incoming).await;
    session.let_go(next);
    if let Next::Over(status) = next {
        let _ = session.queue.put(Item::Finish(status.unwrap_or(0)));
    }
    drop(session);
    if next != Next::Continue {
        // What was asked for is still answered, as long as somebody is there.
        tokio::select! {
            () = writer.done() => {}
            () = gone(&mut incoming) => {}
        }
    }
}

async fn gone(incoming: &mut impl Incoming) {
    while incoming.hear().await != Heard::Gone {}
}

/// The writer's task, which ends with the session at the latest.
struct Writing(JoinHandle<()>);

impl Writing {
    async fn done(mut self) {
        let _ = (&mut self.0).await;
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Session {
    /// From the versions to the last request.
    async fn converse(&mut self, incoming: &mut impl Incoming) -> Next {
        let mut frames = Frames::up_to(self.settings.packet);
        loop {
            match incoming.hear().await {
                Heard::Data(bytes) => frames.feed(bytes),
                Heard::Eof => return Next::Over(None),
                Heard::Gone => return Next::Continue,
            }
            loop {
                let packet = match frames.next() {
                    Ok(Some(packet)) => packet,
                    Ok(None) => break,
                    Err(TooLong(length)) => {
                        self.complain(&format!("a packet of {length} bytes is too long"));
                        return Next::Over(Some(EXIT_TOO_LONG));
                    }
                };
                if let Next::Over(status) = self.packet(packet) {
                    return Next::Over(status);
                }
            }
        }
    }

    /// One packet. A client that cannot be understood is left at once, as OpenSSH leaves it.
    fn packet(&mut self, packet: Bytes) -> Next {
        if self.deaf {
            return Next::Continue;
        }
        let mut fields = Fields(packet);
        let kind = fields.byte();
        let done = match kind {
            Ok(kind) if kind != INIT && !self.begun => {
                return self.give_up("a request came before SSH_FXP_INIT");
            }
            Ok(kind) => {
                let known = REQUESTS.iter().find(|request| request.kind == kind);
                match Asked::read(known.unwrap_or(&UNKNOWN), fields, &self.settings) {
                    Ok(asked) => self.request(asked),
                    Err(_) => return self.give_up("a request ends before its fields do"),
                }
            }
            Err(_) => return self.give_up("an empty packet"),
        };
        match done {
            Ok(next) => next,
            Err(Full) => self.give_up("the client asks for too much and does not listen"),
        }
    }

    pub(super) fn give_up(&mut self, why: &str) -> Next {
        self.complain(why);
        Next::Over(Some(EXIT_FATAL))
    }

    /// What every event of this session says.
    pub(super) fn event(&self) -> Event<'_> {
        self.caller.event(&self.run)
    }

    /// The event of a request.
    pub(super) fn event_of<'a>(&'a self, asked: &'a Asked) -> Event<'a> {
        let opened = self.open.get(asked.handle);
        let path = asked.path.as_ref().or(opened.map(|opened| &opened.path));
        let files = &self.run.files;
        let targets = asked.path.is_some();
        Event {
            operation: asked.operation,
            path: path.map(crate::files::Path::as_bytes),
            target: path.filter(|_| targets).map(|path| files.kind_at(self.account(), path)),
            argument: asked.argument.as_deref(),
            stored: self.stored(asked),
            ..self.event().wire(asked.wire)
        }
    }

    /// What is stored, besides what an upload replaces.
    fn stored(&self, asked: &Asked) -> Stored {
        let (Some(path), true) = (&asked.path, asked.operation.is_some_and(Operation::stores))
        else {
            return Stored::default();
        };
        let (files, account) = (&self.run.files, self.account());
        let at = files.stored(Scope::At(account, path));
        let gone = if asked.empties() { at } else { 0 };
        Stored {
            server: files.stored(Scope::Everything).saturating_sub(gone),
            user: files.stored(Scope::By(account.login())).saturating_sub(gone),
            path: at - gone,
        }
    }

    pub(super) fn account(&self) -> &Account {
        &self.caller.account
    }

    /// Writes down what was never closed.
    fn let_go(&mut self, next: Next) {
        let how = match next {
            Next::Continue => "the connection ended before it was closed",
            Next::Over(_) => "the session ended before it was closed",
        };
        let things: Vec<Opened> = self.open.drain().collect();
        for opened in things {
            let mut outcome = opened.outcome;
            outcome.bytes = Some(opened.moved);
            let cause = self.caller.who_ended_it();
            outcome.fail(if self.deaf { Cause::Rule } else { cause }, how);
            self.run.record(opened.happening, outcome);
        }
    }

    /// Writes down a client that cannot be served.
    fn complain(&self, why: &str) {
        let peer = run::canonical(self.caller.peer);
        let happening = Happening::of(&self.event(), peer, None, Secrecy::Open);
        let mut outcome = Outcome::default();
        outcome.fail(Cause::Client, why);
        self.run.record(happening, outcome);
    }
}
