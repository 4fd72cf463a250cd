//! The control connection: lines in, replies out.

use std::io;

use bytes::BytesMut;

use super::settings::{Charset, Interrupting};
use super::telnet;
use crate::engine::{Ending, Parting};
use crate::fault::{self, After, Handshake, Holds, Shaken, Wire};

/// The longest command line, in bytes. The longest path is 4,096.
const MAX_LINE: usize = 8 * 1024;
/// What a client may send ahead while a transfer is under way, in bytes.
const MAX_AHEAD: usize = 64 * 1024;
/// Read at once, in bytes.
const READ: usize = 512;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A command, without Telnet and line end, in the tree's encoding.
    Command(Vec<u8>),
    /// A line longer than any command; it was dropped.
    TooLong,
    /// The client is gone.
    End,
}

/// What is heard while the server is busy with a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interruption {
    /// One of the commands that are answered meanwhile.
    Command(Interrupting),
    /// The client has ended its half, or is gone.
    End,
}

/// What is known of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    /// It may say more.
    Speaks,
    /// It has ended its half, or reset the connection, and may still listen.
    SaysNoMore,
    /// Nobody hears us any more.
    Gone,
}

/// One control connection.
#[derive(Debug)]
pub(super) struct Control {
    wire: Option<Wire>,
    charset: Charset,
    /// Empty and without memory while a session is idle.
    ahead: BytesMut,
    /// A line too long is being dropped up to its end.
    dropping: bool,
    client: Client,
    /// What comes next is the beginning of TLS.
    expects_tls: bool,
}

impl Control {
    pub(super) fn new(wire: Wire, charset: Charset) -> Self {
        Self {
            wire: Some(wire),
            charset,
            ahead: BytesMut::new(),
            dropping: false,
            client: Client::Speaks,
            expects_tls: false,
        }
    }

    /// Whether nothing can be said any more.
    pub(super) fn is_gone(&self) -> bool {
        self.wire.is_none()
    }

    /// Whether nobody hears what is said: the connection has ended, or the client has reset it.
    pub(super) fn is_broken(&self) -> bool {
        self.is_gone() || self.client == Client::Gone
    }

    /// The next line. Dropping the future loses nothing.
    pub(super) async fn line(&mut self) -> Line {
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line = self.ahead.split_to(end + 1);
                if self.ahead.is_empty() {
                    self.ahead = BytesMut::new();
                }
                if std::mem::take(&mut self.dropping) || line.len() > MAX_LINE {
                    return Line::TooLong;
                }
                return Line::Command(self.charset.decode(command(&line)));
            }
            if self.ahead.len() > MAX_LINE {
                self.ahead.clear();
                self.dropping = true;
            }
            if self.client != Client::Speaks {
                return Line::End;
            }
            self.read_more().await;
        }
    }

    /// Waits for one of these commands while the server is busy; all else waits its turn.
    pub(super) async fn interrupted(&mut self, heard: &[Interrupting]) -> Interruption {
        loop {
            if let Some(command) = self.take_interruption(heard) {
                return Interruption::Command(command);
            }
            if self.client != Client::Speaks {
                return Interruption::End;
            }
            if self.ahead.len() >= MAX_AHEAD {
                std::future::pending::<()>().await;
            }
            self.read_more().await;
        }
    }

    /// Waits until the client has ended its half, or reset the connection. What it says meanwhile waits its turn.
    pub(super) async fn departed(&mut self) {
        while self.client == Client::Speaks {
            match &self.wire {
                Some(wire) if self.expects_tls || self.ahead.len() >= MAX_AHEAD => {
                    wire.departed().await;
                    return;
                }
                _ => self.read_more().await,
            }
        }
    }

    /// From now on what the client sends is TLS, and nothing that can be read ahead.
    pub(super) fn expect_tls(&mut self) {
        self.expects_tls = true;
    }

    /// A text as it goes out.
    pub(super) fn encoded(&self, text: Vec<u8>) -> Vec<u8> {
        self.charset.encode(text)
    }

    /// Says this. A client that is gone hears nothing; the next line will tell.
    pub(super) async fn write(&mut self, text: &[u8]) {
        if let Some(wire) = &mut self.wire
            && wire.write_all(text).await.is_err()
        {
            self.client = Client::Gone;
        }
    }

    /// Ends as a rule says.
    pub(super) async fn end(&mut self, ending: Ending) {
        if let Some(wire) = self.wire.take()
            && let After::Stays(wire) = fault::end(wire, ending).await
        {
            self.wire = Some(wire);
        }
    }

    /// Waits for the client to begin TLS; what it has sent before is dropped, as nobody may have said it but a
    /// stranger in between (CVE-2011-0411).
    ///
    /// # Errors
    /// Those of the socket, and that the client is gone.
    pub(super) async fn client_hello(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.ahead.clear();
        self.expects_tls = true;
        self.wire()?.client_hello().await
    }

    /// Shakes hands, and speaks TLS from then on. Tells how far it got.
    ///
    /// # Errors
    /// Those of the socket, and of TLS.
    pub(super) async fn shake_hands(
        &mut self,
        how: Handshake,
        holds: &impl Holds,
    ) -> io::Result<Shaken> {
        let shaken = self.wire()?.shake_hands(how, holds).await;
        self.expects_tls = false;
        shaken
    }

    /// Gives the client another ticket of its TLS session. A client that is gone needs none.
    pub(super) async fn renew_ticket(&mut self) {
        if let Some(wire) = &mut self.wire {
            let _ = wire.renew_ticket().await;
        }
    }

    /// Goes back to clear text.
    ///
    /// # Errors
    /// Those of the socket, and that the client is gone.
    pub(super) async fn lay_off_tls(&mut self) -> io::Result<()> {
        self.wire()?.lay_off_tls().await
    }

    /// Says this below any TLS, or before it.
    pub(super) async fn say_bytes(&mut self, bytes: &[u8]) {
        if let Some(wire) = &mut self.wire
            && wire.write_all(bytes).await.is_err()
        {
            self.client = Client::Gone;
        }
    }

    /// What TLS has agreed on; nothing in clear.
    pub(super) fn secure(&self) -> Option<&Wire> {
        self.wire.as_ref().filter(|wire| wire.is_secure())
    }

    /// Breaks the TLS record of what is said next.
    pub(super) fn break_next_mac(&mut self) {
        if let Some(wire) = &mut self.wire {
            wire.break_next_mac();
        }
    }

    fn wire(&mut self) -> io::Result<&mut Wire> {
        self.wire.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Reads what has come, or notes that nothing more will.
    async fn read_more(&mut self) {
        let Some(wire) = &mut self.wire else {
            self.client = Client::Gone;
            return;
        };
        let read = match wire.readable().await {
            Ok(()) => wire.read(&mut self.ahead, READ).await,
            Err(error) => Err(error),
        };
        if !matches!(read, Ok(1..)) && self.client == Client::Speaks {
            self.client = Client::SaysNoMore;
        }
    }

    /// Takes one of these commands out of what has come. `ABOR` and `STAT`, which a Synch may go before, pass what waits; the
    /// others keep their turn.
    fn take_interruption(&mut self, heard: &[Interrupting]) -> Option<Interrupting> {
        let mut start = 0;
        while let Some(length) = self.ahead[start..].iter().position(|byte| *byte == b'\n') {
            let end = start + length + 1;
            let line = command(&self.ahead[start..end]);
            let is = |heard: &&Interrupting| line.eq_ignore_ascii_case(heard.verb().as_bytes());
            let interrupting = heard.iter().find(is).copied();
            let passes = |it: &Interrupting| matches!(it, Interrupting::Abor | Interrupting::Stat);
            if let Some(found) = interrupting.filter(|it| start == 0 || passes(it)) {
                let rest = self.ahead.split_off(end);
                self.ahead.truncate(start);
                self.ahead.unsplit(rest);
                return Some(found);
            }
            start = end;
        }
        None
    }

    /// How the client has ended its TLS; nothing in clear, and as long as it has not.
    pub(super) fn parting(&self) -> Option<Parting> {
        self.wire.as_ref()?.parting()
    }
}

/// A line without Telnet and line end.
fn command(line: &[u8]) -> Vec<u8> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    telnet::strip(line.strip_suffix(b"\r").unwrap_or(line))
}
