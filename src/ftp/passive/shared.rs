//! A few passive ports for all sessions, even a single one: what is published of a container.
//!
//! A connection does not say which session it is for; all that tells is its client's address. So a port is announced to
//! one session of each client address at a time, and the next one waits until that client has connected. Behind a port
//! map all clients may come from one address. Then they are told apart by their order alone, which is right: nobody
//! else has been told the port.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::accept_now;
use crate::run::canonical;

/// How long a session waits until a port can be announced. A client connects as soon as it is told a port, unless it is
/// broken or is made to wait by a rule.
const FREE_WITHIN: Duration = Duration::from_secs(5);
/// After a failed accept (mostly: no file descriptor is left) others get the time to end.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// The passive ports that all sessions share.
#[derive(Debug)]
pub struct SharedPorts {
    ports: RangeInclusive<u16>,
    state: Mutex<State>,
    /// A port may have become free.
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    tickets: u64,
    /// Who waits for a port, in order.
    queue: VecDeque<(Ticket, Wanted)>,
    used: HashMap<SocketAddr, Use>,
}

type Ticket = u64;

/// What a session wants of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// To hear of the connection of its client.
    Heard([IpAddr; 2]),
    /// To have it alone.
    Alone,
}

impl Wanted {
    /// Whether both cannot have one port at the same time.
    fn conflicts(self, other: Self) -> bool {
        match (self, other) {
            (Self::Heard(one), Self::Heard(other)) => one.iter().any(|ip| other.contains(ip)),
            _ => true,
        }
    }
}

/// What a port is used for.
#[derive(Debug)]
enum Use {
    /// Clients are expected there.
    Listening(Listening),
    /// A session has it alone.
    Taken,
}

#[derive(Debug)]
struct Listening {
    /// Closed as soon as this is dropped: the port may be wanted again at once.
    listener: TcpListener,
    /// Which one it is of all that there were.
    number: Ticket,
    hearing: AbortHandle,
    expected: Vec<Waiting>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.hearing.abort();
    }
}

/// A session whose client is expected.
#[derive(Debug)]
struct Waiting {
    ticket: Ticket,
    clients: [IpAddr; 2],
    arrived: oneshot::Sender<TcpStream>,
}

impl Listening {
    /// Hands a connection to the session that expects it; a stranger's is closed.
    fn hand_out(&mut self, tcp: TcpStream, peer: SocketAddr) {
        let ip = canonical(peer).ip();
        let place = self.expected.iter().position(|waiting| waiting.clients.contains(&ip));
        if let Some(place) = place {
            // A session that is gone meanwhile needs none.
            let _ = self.expected.remove(place).arrived.send(tcp);
        }
    }
}

impl SharedPorts {
    /// Ports for sessions to share; none is bound as long as nobody needs it.
    #[must_use]
    pub fn new(ports: RangeInclusive<u16>) -> Arc<Self> {
        Arc::new(Self { ports, state: Mutex::default(), freed: Notify::new() })
    }

    /// Whether each of them can be bound at an address; tells which cannot.
    ///
    /// # Errors
    /// Somebody else has that port.
    pub fn try_bind(&self, ip: IpAddr) -> Result<(), (SocketAddr, io::Error)> {
        for port in self.ports.clone() {
            let address = SocketAddr::new(ip, port);
            super::listen(address).map_err(|error| (address, error))?;
        }
        Ok(())
    }

    /// A port where a session's client is expected.
    pub(in crate::ftp) async fn expect(
        self: &Arc<Self>,
        ip: IpAddr,
        clients: [IpAddr; 2],
    ) -> io::Result<Expected> {
        let (arrived, arrival) = oneshot::channel();
        let mut arrived = Some(arrived);
        let queued = Queued::behind_others(self, Wanted::Heard(clients));
        let ticket = queued.ticket;
        let listen = |state: &mut State, address| {
            if let Entry::Vacant(free) = state.used.entry(address) {
                free.insert(Use::Listening(self.listen(address, ticket)?));
            }
            if let Some(Use::Listening(listening)) = state.used.get_mut(&address)
                && let Some(arrived) = arrived.take()
            {
                listening.expected.push(Waiting { ticket, clients, arrived });
            }
            Ok(())
        };
        let address = queued.get(ip, listen).await?;
        Ok(Expected { ports: Arc::clone(self), address, ticket, arrival })
    }

    /// A port that nobody else is told, to be shut.
    pub(in crate::ftp) async fn take(self: &Arc<Self>, ip: IpAddr) -> io::Result<Taken> {
        let queued = Queued::behind_others(self, Wanted::Alone);
        let take = |state: &mut State, address| {
            state.used.insert(address, Use::Taken);
            Ok(())
        };
        let address = queued.get(ip, take).await?;
        Ok(Taken { ports: Arc::clone(self), address })
    }

    fn listen(self: &Arc<Self>, address: SocketAddr, number: Ticket) -> io::Result<Listening> {
        let listener = TcpListener::from_std(super::listen(address)?)?;
        let hearing = tokio::spawn(hear(Arc::downgrade(self), address, number)).abort_handle();
        Ok(Listening { listener, number, hearing, expected: Vec::new() })
    }

    /// Hands out what waits at a port, and is told when there is more; ready only when that fails.
    fn poll_hand_out(
        &self,
        address: SocketAddr,
        number: Ticket,
        context: &mut Context<'_>,
    ) -> Poll<io::Error> {
        self.hand_out(address, |listening| {
            // Who hears of a later one must not be kept from it.
            while listening.number == number {
                match listening.listener.poll_accept(context) {
                    Poll::Ready(Ok((tcp, peer))) => listening.hand_out(tcp, peer),
                    Poll::Ready(Err(error)) => return Poll::Ready(error),
                    Poll::Pending => break,
                }
            }
            Poll::Pending
        })
        .unwrap_or(Poll::Pending)
    }

    /// Hands out what waits at a port now.
    fn hand_out_now(&self, address: SocketAddr) {
        self.hand_out(address, |listening| {
            while let Some((tcp, peer)) = accept_now(&listening.listener) {
                listening.hand_out(tcp, peer);
            }
        });
    }

    fn hand_out<T>(
        &self,
        address: SocketAddr,
        hand_out: impl FnOnce(&mut Listening) -> T,
    ) -> Option<T> {
        let mut state = self.state.lock();
        let Some(Use::Listening(listening)) = state.used.get_mut(&address) else { return None };
        let before = listening.expected.len();
        let handed_out = hand_out(listening);
        let is_free = listening.expected.len() < before;
        state.close_unexpected(address);
        drop(state);
        if is_free {
            self.freed.notify_waiters();
        }
        Some(handed_out)
    }

    fn free(&self, address: SocketAddr, ticket: Option<Ticket>) {
        let mut state = self.state.lock();
        match (state.used.get_mut(&address), ticket) {
            (Some(Use::Listening(listening)), Some(ticket)) => {
                listening.expected.retain(|waiting| waiting.ticket != ticket);
                state.close_unexpected(address);
            }
            (Some(Use::Taken), None) => {
                state.used.remove(&address);
            }
            _ => {}
        }
        drop(state);
        self.freed.notify_waiters();
    }
}

/// Hears of connections as long as somebody is expected.
#[allow(clippy::disallowed_methods, reason = "others get the time to end")]
async fn hear(ports: Weak<SharedPorts>, address: SocketAddr, number: Ticket) {
    loop {
        poll_fn(|context| match ports.upgrade() {
            Some(ports) => ports.poll_hand_out(address, number, context),
            None => Poll::Pending,
        })
        .await;
        sleep(AFTER_FAILURE).await;
    }
}

impl State {
    /// A port without anybody to wait for is closed, as any server does.
    fn close_unexpected(&mut self, address: SocketAddr) {
        if let Some(Use::Listening(listening)) = self.used.get(&address)
            && listening.expected.is_empty()
        {
            self.used.remove(&address);
        }
    }

    /// Whether somebody who came earlier wants what this one wants.
    fn is_behind(&self, ticket: Ticket, wanted: Wanted) -> bool {
        let mut earlier = self.queue.iter().take_while(|(other, _)| *other != ticket);
        earlier.any(|(_, other)| other.conflicts(wanted))
    }

    /// Whether a port can be had for this.
    fn allows(&self, address: SocketAddr, wanted: Wanted) -> bool {
        match self.used.get(&address) {
            None => true,
            Some(Use::Taken) => false,
            Some(Use::Listening(listening)) => {
                let mut others = listening.expected.iter();
                !others.any(|waiting| Wanted::Heard(waiting.clients).conflicts(wanted))
            }
        }
    }
}

/// A place in the queue, until it is dropped.
struct Queued<'p> {
    ports: &'p SharedPorts,
    ticket: Ticket,
    wanted: Wanted,
}

impl<'p> Queued<'p> {
    fn behind_others(ports: &'p SharedPorts, wanted: Wanted) -> Self {
        let mut state = ports.state.lock();
        state.tickets += 1;
        let ticket = state.tickets;
        state.queue.push_back((ticket, wanted));
        Self { ports, ticket, wanted }
    }

    /// The first port that can be had, made ready.
    async fn get(
        self,
        ip: IpAddr,
        mut ready: impl FnMut(&mut State, SocketAddr) -> io::Result<()>,
    ) -> io::Result<SocketAddr> {
        let get = async {
            loop {
                let freed = self.ports.freed.notified();
                if let Some(address) = self.try_get(ip, &mut ready)? {
                    return Ok(address);
                }
                freed.await;
            }
        };
        timeout(FREE_WITHIN, get).await.unwrap_or_else(|_| Err(self.none_is_free()))
    }

    fn try_get(
        &self,
        ip: IpAddr,
        ready: &mut impl FnMut(&mut State, SocketAddr) -> io::Result<()>,
    ) -> io::Result<Option<SocketAddr>> {
        let mut state = self.ports.state.lock();
        if state.is_behind(self.ticket, self.wanted) {
            return Ok(None);
        }
        let mut refusal = None;
        // Rather one that nobody uses, so that a stranger's connection is nobody's.
        for is_used in [false, true] {
            for port in self.ports.ports.clone() {
                let address = SocketAddr::new(ip, port);
                if state.used.contains_key(&address) != is_used {
                    continue;
                }
                if !state.allows(address, self.wanted) {
                    // It may become free.
                    refusal.get_or_insert(Ok(None));
                    continue;
                }
                match ready(&mut state, address) {
                    Ok(()) => return Ok(Some(address)),
                    Err(error) => refusal = refusal.or(Some(Err(error))),
                }
            }
        }
        refusal.unwrap_or(Ok(None))
    }

    fn none_is_free(&self) -> io::Error {
        let (first, last) = self.ports.ports.clone().into_inner();
        let ports =
            if first == last { format!("port {first}") } else { format!("ports {first}-{last}") };
        let others = "announced to other clients, which have not connected";
        io::Error::new(io::ErrorKind::AddrInUse, format!("{ports}: {others}"))
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.ports.state.lock().queue.retain(|(ticket, _)| *ticket != self.ticket);
        self.ports.freed.notify_waiters();
    }
}

/// A port where a session's client is expected; dropping it gives it back.
#[derive(Debug)]
pub(in crate::ftp) struct Expected {
    ports: Arc<SharedPorts>,
    address: SocketAddr,
    ticket: Ticket,
    arrival: oneshot::Receiver<TcpStream>,
}

impl Expected {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the client.
    pub(super) async fn arrive(mut self) -> io::Result<TcpStream> {
        (&mut self.arrival).await.map_err(|_| io::ErrorKind::ConnectionAborted.into())
    }

    /// The client's connection if it is there already.
    pub(super) fn arrived(&mut self) -> Option<TcpStream> {
        self.ports.hand_out_now(self.address);
        self.arrival.try_recv().ok()
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.ports.free(self.address, Some(self.ticket));
    }
}

/// A port that a session has alone; dropping it gives it back.
#[derive(Debug)]
pub(in crate::ftp) struct Taken {
    ports: Arc<SharedPorts>,
    address: SocketAddr,
}

impl Taken {
    pub(in crate::ftp) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.ports.free(self.address, None);
    }
}
