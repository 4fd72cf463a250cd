//! A client of SFTP, which says what it is told to, packet by packet, and leaves when and as it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use russh::client::{Config, Handle, Handler, Msg, connect_stream};
use russh::keys::PublicKeyOrCertificate;
use russh::{Channel, ChannelMsg};
use tokio::task::JoinHandle;

use super::line::Line;
use super::table::Leaving;

/// How far a client comes before the event, and the event itself.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// It connects, and says nothing.
    Connect,
    /// It says who it is, and exchanges keys.
    Handshake,
    Login,
    /// It asks for a channel.
    Channel,
    /// It asks for SFTP on it.
    Subsystem,
    /// It runs this on it instead.
    Exec(&'static str),
    /// It ends its half of the channel.
    Eof,
    /// It asks all of these, and each but the last is answered.
    Ask(Vec<Request>),
}

/// Requests, by what they are about. What is open is what was opened last.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Request {
    Init,
    /// How, and what.
    Open(u32, &'static str),
    Close,
    /// From this byte on.
    Read(u64),
    Write,
    Of(u8),
    Path(u8, &'static str),
    /// A path, and attributes behind it.
    PathAndAttributes(u8, &'static str),
    HandleAndAttributes(u8),
    Two(u8, &'static str, &'static str),
    Extended(&'static str),
}

pub(crate) const READ: u32 = 1;
pub(crate) const WRITE: u32 = 2 | 8;
pub(crate) const APPEND: u32 = 2 | 4 | 8;

/// What a WRITE brings.
const CONTENT: &[u8] = &[b'x'; 1 << 10];
const HANDLE: u8 = 102;

/// A client that trusts any host: it knows whom it called.
struct Trusting;

impl Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A session in whatever state the hold has left it.
pub(crate) struct Client {
    line: Line,
    session: Option<Handle<Trusting>>,
    channel: Option<Channel<Msg>>,
    /// What waits for an answer that does not come.
    waiting: Option<JoinHandle<()>>,
    asked: u32,
    ahead: Vec<u8>,
    handle: Vec<u8>,
}

impl Client {
    /// Does all of it, up to the event itself; what is answered to that, nobody waits for.
    pub(crate) async fn act(at: SocketAddr, act: &Act) -> io::Result<Self> {
        let line = Line::connect(at).await?;
        let mut client = Self {
            line: line.clone(),
            session: None,
            channel: None,
            waiting: None,
            asked: 0,
            ahead: Vec::new(),
            handle: Vec::new(),
        };
        let connecting = connect_stream(Arc::new(Config::default()), line, Trusting);
        match act {
            Act::Connect => return Ok(client),
            Act::Handshake => {
                client.wait_for(async move { connecting.await.map(drop) });
                return Ok(client);
            }
            _ => {}
        }
        let mut session = connecting.await.map_err(io::Error::other)?;
        if matches!(act, Act::Login) {
            client.wait_for(async move {
                session.authenticate_password("ann", "secret").await.map(drop)
            });
            return Ok(client);
        }
        let login =
            session.authenticate_password("ann", "secret").await.map_err(io::Error::other)?;
        if !login.success() {
            return Err(io::Error::other("the login is refused"));
        }
        if matches!(act, Act::Channel) {
            client.wait_for(async move { session.channel_open_session().await.map(drop) });
            return Ok(client);
        }
        let channel = session.channel_open_session().await.map_err(io::Error::other)?;
        let asked = match act {
            Act::Exec(command) => channel.exec(true, *command).await,
            _ => channel.request_subsystem(true, "sftp").await,
        };
        asked.map_err(io::Error::other)?;
        (client.session, client.channel) = (Some(session), Some(channel));
        match act {
            Act::Eof => client.leave(Leaving::EndChannel).await,
            Act::Ask(requests) => client.ask(requests).await?,
            _ => {}
        }
        Ok(client)
    }

    /// Leaves in this way.
    pub(crate) async fn leave(&mut self, leaving: Leaving) {
        match leaving {
            Leaving::Close => self.line.close(),
            Leaving::End => self.line.end_our_half(),
            Leaving::Reset => self.line.reset(),
            Leaving::CloseChannel => {
                if let Some(channel) = &self.channel {
                    let _ = channel.close().await;
                }
            }
            Leaving::EndChannel => {
                if let Some(channel) = &self.channel {
                    let _ = channel.eof().await;
                }
            }
            _ => unreachable!("SSH has no data connections"),
        }
    }

    fn wait_for(&mut self, what: impl Future<Output = Result<(), russh::Error>> + Send + 'static) {
        self.waiting = Some(tokio::spawn(async move {
            let _ = what.await;
        }));
    }

    /// Asks all of it, and waits for every answer but the last.
    async fn ask(&mut self, requests: &[Request]) -> io::Result<()> {
        for (place, request) in requests.iter().enumerate() {
            self.say(*request).await?;
            if place + 1 < requests.len() {
                self.hear().await?;
            }
        }
        Ok(())
    }

    /// Asks, and waits for nothing.
    pub(crate) async fn say(&mut self, request: Request) -> io::Result<()> {
        self.asked += 1;
        self.say_bytes(request.packet(self.asked, &self.handle)).await
    }

    /// Says this on the channel.
    pub(crate) async fn say_bytes(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        let channel = self.channel.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        channel.data_bytes(bytes).await.map_err(io::Error::other)
    }

    /// The next answer, without its length. What it opens is what is open from now on.
    pub(crate) async fn hear(&mut self) -> io::Result<Vec<u8>> {
        let length = self.hear_bytes(4).await?.try_into().expect("four bytes were heard");
        let packet = self.hear_bytes(u32::from_be_bytes(length) as usize).await?;
        if packet.first() == Some(&HANDLE) {
            self.handle = packet[9..].to_vec();
        }
        Ok(packet)
    }

    /// So many bytes of what is said on the channel.
    pub(crate) async fn hear_bytes(&mut self, size: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < size {
            let channel = self.channel.as_mut().ok_or(io::ErrorKind::NotConnected)?;
            match channel.wait().await {
                Some(ChannelMsg::Data { data }) => self.ahead.extend_from_slice(&data),
                Some(ChannelMsg::Eof | ChannelMsg::Close) | None => {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Some(_) => {}
            }
        }
        let rest = self.ahead.split_off(size);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(waiting) = &self.waiting {
            waiting.abort();
        }
    }
}

impl Request {
    fn packet(self, id: u32, open: &[u8]) -> Vec<u8> {
        let open = open.to_vec();
        let (kind, fields) = match self {
            Self::Init => return framed(1, &[&3_u32.to_be_bytes()]),
            Self::Open(how, path) => {
                (3, [text(path), how.to_be_bytes().to_vec(), vec![0; 4]].concat())
            }
            Self::Close => (4, text_of(&open)),
            Self::Read(from) => {
                let (from, length) = (from.to_be_bytes(), (32_u32 << 10).to_be_bytes());
                (5, [&text_of(&open)[..], &from, &length].concat())
            }
            Self::Write => (6, [text_of(&open), vec![0; 8], text_of(CONTENT)].concat()),
            Self::Of(kind) => (kind, text_of(&open)),
            Self::Path(kind, path) => (kind, text(path)),
            Self::PathAndAttributes(kind, path) => (kind, [text(path), vec![0; 4]].concat()),
            Self::HandleAndAttributes(kind) => (kind, [text_of(&open), vec![0; 4]].concat()),
            Self::Two(kind, one, other) => (kind, [text(one), text(other)].concat()),
            Self::Extended(name) => (200, text(name)),
        };
        framed(kind, &[&id.to_be_bytes(), &fields])
    }
}

fn text(text: &str) -> Vec<u8> {
    text_of(text.as_bytes())
}

fn text_of(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or_default();
    [&length.to_be_bytes()[..], bytes].concat()
}

fn framed(kind: u8, fields: &[&[u8]]) -> Vec<u8> {
    text_of(&[&[kind], fields.concat().as_slice()].concat())
}
