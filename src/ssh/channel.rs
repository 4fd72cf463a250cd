//! A channel of SSH, lent to SFTP or scp.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use russh::server::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::connection::Connection;
use super::message::split;
use super::moment::by_nature;
use crate::engine::{DataFate, Ending, Exit, Task};
use crate::fault::channel::{Gone, Heard, Incoming, Outgoing};

/// The kind of extended data that a program writes to its stderr (RFC 4254, section 5.2).
pub(super) const STDERR: u32 = 1;
/// How long what was said may take to the socket before a rule ends the connection all the same.
const PATIENCE: Duration = Duration::from_millis(500);
/// A socket that has taken nothing for so long has been given nothing.
const QUIET: Duration = Duration::from_millis(10);

/// A client that has said its last and takes nothing for so long takes no more. OpenSSH's, whose own reader is gone,
/// grants no more window when it has dropped what came, and waits for the end of the channel.
const UNHEARD: Duration = Duration::from_secs(2);

/// Both halves of a channel.
pub(super) fn halves(
    reader: ChannelReadHalf,
    writer: ChannelWriteHalf<Msg>,
    connection: &Arc<Connection>,
) -> (Hearing, Speaking) {
    let (has_said_all, heard_all) = watch::channel(false);
    let connection = Arc::clone(connection);
    (Hearing { channel: reader, has_said_all }, Speaking { channel: writer, connection, heard_all })
}

/// The client's half.
#[derive(Debug)]
pub(super) struct Hearing {
    channel: ChannelReadHalf,
    /// The client says no more.
    has_said_all: watch::Sender<bool>,
}

impl Incoming for Hearing {
    async fn hear(&mut self) -> Heard {
        loop {
            match self.channel.wait().await {
                Some(ChannelMsg::Data { data }) => return Heard::Data(data),
                Some(ChannelMsg::Eof) => {
                    self.has_said_all.send_replace(true);
                    return Heard::Eof;
                }
                Some(ChannelMsg::Close) | None => return Heard::Gone,
                Some(_) => {}
            }
        }
    }
}

/// Our half.
#[derive(Debug)]
pub(super) struct Speaking {
    channel: ChannelWriteHalf<Msg>,
    connection: Arc<Connection>,
    heard_all: watch::Receiver<bool>,
}

impl Speaking {
    /// Waits until a client that says no more has had its time to listen.
    #[allow(clippy::disallowed_methods, reason = "the client's time, and not a rule's")]
    async fn unheard(&self) {
        if self.heard_all.clone().wait_for(|all| *all).await.is_err() {
            // The session is over, and this with it.
            pending::<()>().await;
        }
        sleep(UNHEARD).await;
    }

    /// The end of what ran on the channel. A channel that is gone hears nothing of it.
    async fn exit(&self, exit: Exit) {
        match exit {
            Exit::Status(status) => {
                let _ = self.channel.exit_status(status).await;
            }
            Exit::Signal(name) => {
                if let Some(handle) = self.connection.handle.get() {
                    let (id, name) = (self.channel.id(), Sig::Custom(name.to_owned()));
                    let nothing = String::new();
                    let _ =
                        handle.exit_signal_request(id, name, false, nothing.clone(), nothing).await;
                }
            }
        }
        let _ = self.channel.eof().await;
        let _ = self.channel.close().await;
    }

    /// Waits until the socket has what was said: it goes through russh's own task, which tells nobody.
    #[allow(clippy::disallowed_methods, reason = "russh's time, and not a rule's")]
    async fn settle(&self) {
        let deadline = Instant::now() + PATIENCE;
        let leash = &self.connection.leash;
        let mut written = leash.written();
        while !leash.is_over() {
            sleep(QUIET).await;
            let now = leash.written();
            if now == written || Instant::now() > deadline {
                return;
            }
            written = now;
        }
    }
}

impl Outgoing for Speaking {
    async fn say(&self, bytes: Bytes) -> Result<(), Gone> {
        tokio::select! {
            said = self.channel.data_bytes(bytes) => said.map_err(|_| Gone),
            () = self.unheard() => {
                self.exit(Exit::Status(0)).await;
                Err(Gone)
            }
        }
    }

    async fn message(&self, message: Bytes) -> Result<(), Gone> {
        let said = match split(&message) {
            ("SSH_MSG_CHANNEL_EXTENDED_DATA", text) => {
                self.channel.extended_data_bytes(STDERR, message.slice_ref(text)).await
            }
            ("SSH_MSG_CHANNEL_EOF", _) => self.channel.eof().await,
            _ => self.channel.data_bytes(message.clone()).await,
        };
        said.map_err(|_| Gone)
    }

    /// The client says no more. A rule may have something to say to that.
    async fn finish(&self, exit_status: u32) {
        let connection = &self.connection;
        let user = connection.user();
        let event = connection.event(user.as_deref()).wire("SSH_MSG_CHANNEL_EOF");
        let Some(event) = connection.run.decide_if_ruled(&event, connection.peer) else {
            return self.exit(Exit::Status(exit_status)).await;
        };
        let natural = by_nature(&event, true);
        let Ok(event) = connection.meet(event, natural).await else { return };
        let course = event.verdict().course(Task::Answer, natural);
        let ending = match (course.then, course.data) {
            (None, DataFate::Ends(ending)) => Some(ending),
            (then, _) => then,
        };
        let (of_channel, farewell) = (course.then.is_none(), event.verdict().farewell().to_vec());
        let end = async |ending| {
            if of_channel {
                self.end_channel(ending).await;
            } else {
                self.end_connection(ending, &farewell).await;
            }
        };
        let Some(ending) = ending else {
            self.exit(Exit::Status(exit_status)).await;
            self.settle().await;
            event.answered();
            return connection.over(event, None);
        };
        if ending == Ending::Stall {
            end(ending).await;
        }
        let ending = connection.hold_ending(&event, ending).await;
        connection.over(event, None);
        end(ending).await;
    }

    async fn end_channel(&self, ending: Ending) {
        match ending {
            Ending::Flow | Ending::Elsewhere => {}
            Ending::Eof => {
                let _ = self.channel.eof().await;
            }
            Ending::Close(_) => self.exit(Exit::Status(0)).await,
            Ending::Exit(exit) => self.exit(exit).await,
            Ending::Stall => self.connection.grants_nothing.store(true, Ordering::Relaxed),
            // A channel knows no reset: it is closed without an exit status.
            Ending::Cut
            | Ending::Reset
            | Ending::Refuse
            | Ending::Blackhole
            | Ending::Restart(_)
            | Ending::Alert(_)
            | Ending::Disconnect(_) => {
                let _ = self.channel.close().await;
            }
        }
    }

    async fn end_connection(&self, ending: Ending, farewell: &[u8]) {
        match ending {
            Ending::Exit(exit) => return self.exit(exit).await,
            Ending::Close(_) => self.exit(Exit::Status(0)).await,
            _ => {}
        }
        self.settle().await;
        self.connection.end(ending, farewell).await;
    }

    async fn departed(&self) {
        self.connection.departed().await;
    }
}
