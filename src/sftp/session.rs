//! One session: the loop of its requests. The loop is the reader; it never waits for the client to listen (see
//! [`writer`](super::writer)).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::codec::Fields;
use super::frames::{Frames, TooLong};
use super::opened::OpenThings;
use super::owed::Presence;
use super::request::{INIT, Request};
use super::settings::Settings;
use super::state::State;
use super::writer::{Full, Item, Queue, queue, write};
use crate::engine::{Details, Event, Operation, Stored};
use crate::fault::channel::{Heard, Incoming, Outgoing};
use crate::files::{Path, Scope};
use crate::journal::{Cause, Happening, Outcome, Secrecy};
use crate::run::{self, Caller, Run};

/// The exit status of a subsystem whose client cannot be understood, as OpenSSH's `fatal` has it.
const EXIT_FATAL: u32 = 255;
/// That of one whose client sends too long a packet.
const EXIT_TOO_LONG: u32 = 11;
/// How long the writer may take to end what is still queued for a client that is gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    /// The channel ends, with this exit status if it is we who end it.
    Over(Option<u32>),
}

/// One session: its state, and what it says.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) state: State,
    pub(super) queue: Queue,
    pub(super) presence: Presence,
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
    let caller = Caller { blame: caller.blame.of_a_channel(), ..caller };
    let presence = Presence::of(caller.clone());
    let (queue, queued) = queue();
    let writing = write(queued, outgoing, Arc::clone(&run), presence.clone());
    let mut writer = Writing(tokio::spawn(writing));
    let state = State { run, settings, caller, open: OpenThings::default(), begun: false };
    let mut session = Session { state, queue, presence: presence.clone(), answers: 0, deaf: false };
    let next = session.converse(&mut incoming).await;
    let Session { mut state, queue, .. } = session;
    if let Next::Over(status) = next {
        let _ = queue.put(Item::Finish(status.unwrap_or(0)));
    }
    if !matches!(next, Next::Over(Some(_))) {
        presence.leave();
    }
    drop(queue);
    tokio::select! {
        // What was asked for is still answered, as long as somebody is there.
        () = writer.done() => {}
        () = gone(&mut incoming, next, &presence) => {
            let _ = timeout(PATIENCE, writer.done()).await;
        }
    }
    writer.0.abort();
    writer.done().await;
    state.let_go(next);
}

/// Waits until the client is gone.
async fn gone(incoming: &mut impl Incoming, next: Next, presence: &Presence) {
    let mut is_gone = next == Next::Continue;
    while !is_gone {
        let heard = incoming.hear().await;
        is_gone = heard == Heard::Gone;
        if !matches!(heard, Heard::Data(_)) {
            presence.leave();
        }
    }
}

/// The writer's task, which ends with the session at the latest.
struct Writing(JoinHandle<()>);

impl Writing {
    async fn done(&mut self) {
        if !self.0.is_finished() {
            let _ = (&mut self.0).await;
        }
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
        let mut frames = Frames::up_to(self.state.settings.packet);
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
        let Ok(kind) = fields.byte() else { return self.give_up("an empty packet") };
        if kind != INIT && !self.state.begun {
            return self.give_up("a request came before SSH_FXP_INIT");
        }
        let Ok(request) = Request::read(kind, fields, &self.state.settings, self.state.account())
        else {
            return self.give_up("a request ends before its fields do");
        };
        match self.request(&request) {
            Ok(()) => Next::Continue,
            Err(Full) => self.give_up("the client asks for too much and does not listen"),
        }
    }

    fn give_up(&mut self, why: &str) -> Next {
        self.complain(why);
        Next::Over(Some(EXIT_FATAL))
    }

    /// The event of a request.
    pub(super) fn event_of<'a>(&'a self, request: &'a Request) -> Event<'a> {
        let (files, account) = (&self.state.run.files, self.state.account());
        let name = request.name.as_ref();
        Event {
            operation: request.operation,
            path: self.path_of(request).map(Path::as_bytes),
            target: name.map(|name| files.kind_at(account, &name.path)),
            argument: request.argument(),
            stored: self.stored(request),
            details: self.details(request),
            ..self.state.caller.event(&self.state.run).wire(request.kind.wire)
        }
    }

    /// What a request carries.
    fn details<'a>(&self, request: &'a Request) -> Details<'a> {
        let part = request.ask.part();
        let opened = self.state.open.get(request.number).filter(|_| part.is_some());
        Details {
            flags: &request.flags,
            offset: part.map(|(offset, _)| offset),
            length: request.ask.length(),
            order: opened.and_then(|opened| opened.order),
            attributes: &request.attributes,
        }
    }

    /// The path that a request is about, perhaps by what is open.
    pub(super) fn path_of<'a>(&'a self, request: &'a Request) -> Option<&'a Path> {
        let name = request.name.as_ref().map(|name| &name.path);
        let opened = || self.state.open.get(request.number).map(|opened| &opened.path);
        name.or_else(opened)
    }

    /// What is stored, besides what an upload replaces.
    fn stored(&self, request: &Request) -> Stored {
        let Some(name) =
            request.name.as_ref().filter(|_| request.operation.is_some_and(Operation::stores))
        else {
            return Stored::default();
        };
        let (files, account) = (&self.state.run.files, self.state.account());
        let at = files.stored(Scope::At(account, &name.path));
        let gone = if request.ask.empties() { at } else { 0 };
        Stored {
            server: files.stored(Scope::Everything).saturating_sub(gone),
            user: files.stored(Scope::By(account.login())).saturating_sub(gone),
            path: at - gone,
        }
    }

    /// Writes down a client that cannot be served.
    fn complain(&self, why: &str) {
        let (run, caller) = (&self.state.run, &self.state.caller);
        let peer = run::canonical(caller.peer);
        let happening = Happening::of(&caller.event(run), peer, None, Secrecy::Open);
        let mut outcome = Outcome::default();
        outcome.fail(Cause::Client, why);
        run.tell(happening, outcome);
    }
}

impl State {
    /// Ends what was never closed.
    fn let_go(&mut self, next: Next) {
        let how = match next {
            Next::Continue => "the connection ended before it was closed",
            Next::Over(_) => "the session ended before it was closed",
        };
        for opened in self.open.drain() {
            let cause = self.caller.who_ended_it();
            let pending = opened.over();
            pending.fail(cause, how);
            pending.end();
        }
    }
}
