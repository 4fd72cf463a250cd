//! A client of FTP and FTPS, which leaves when and as it is told to.

use std::io;
use std::net::SocketAddr;

use badftp::engine::Protocol;
use badftp::tls::trusting;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::line::Line;
use super::table::{Act, Deed, Leaving, Way};

/// What an upload brings.
const CONTENT: &[u8] = &[b'x'; 1 << 10];

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A session in whatever state the hold has left it.
pub(super) struct Client {
    line: Line,
    control: Option<BufReader<Box<dyn Stream>>>,
    data: Option<Data>,
    /// A handshake that does not come to its end.
    shaking: Option<JoinHandle<()>>,
}

/// A data connection, and what is done on it.
struct Data {
    line: Line,
    moving: JoinHandle<io::Result<()>>,
    /// Ends TLS, but not TCP.
    notify: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Client {
    /// Does all of it, up to the event itself; what is answered to that, nobody waits for.
    pub(super) async fn act(at: SocketAddr, protocol: Protocol, act: &Act) -> io::Result<Self> {
        let line = Line::connect(at).await?;
        let mut client = Self { line: line.clone(), control: None, data: None, shaking: None };
        if act.is_secure {
            let secure = secured(line.clone()).await?;
            client.control = Some(BufReader::new(Box::new(secure)));
        } else if protocol == Protocol::Ftps {
            // TLS comes first, in the connection or in the handshake that is held.
            client.begin_tls();
            return Ok(client);
        } else {
            client.control = Some(BufReader::new(Box::new(line)));
        }
        if matches!(act.event, Deed::Connect) {
            return Ok(client);
        }
        client.hear().await?;
        for line in &act.before {
            client.ask(line).await?;
        }
        match act.event {
            Deed::Connect | Deed::Silence => {}
            Deed::Handshake => client.begin_tls(),
            Deed::Say(line) => {
                let data = match act.data {
                    Some(way) => Some((way, client.passive(at).await?)),
                    None => None,
                };
                client.say(line).await?;
                client.data = data.map(|(way, line)| Data::begin(line, way, act.protects));
            }
        }
        Ok(client)
    }

    /// Leaves in this way.
    pub(super) async fn leave(&mut self, leaving: Leaving) {
        match leaving {
            Leaving::Close => {
                if let Some(data) = &self.data {
                    data.line.close();
                }
                self.line.close();
            }
            Leaving::End => self.line.end_our_half(),
            Leaving::Reset => {
                if let Some(data) = &self.data {
                    data.line.reset();
                }
                self.line.reset();
            }
            Leaving::CloseNotify => {
                if let Some(control) = &mut self.control {
                    let _ = control.get_mut().shutdown().await;
                }
            }
            Leaving::CloseData | Leaving::ResetData | Leaving::CloseNotifyData => {
                let Some(data) = &mut self.data else { return };
                match leaving {
                    Leaving::CloseNotifyData => drop(data.notify.take()),
                    Leaving::ResetData => data.line.reset(),
                    _ => data.line.close(),
                }
            }
            Leaving::CloseChannel | Leaving::EndChannel => unreachable!("FTP has no channels"),
        }
    }

    fn begin_tls(&mut self) {
        self.control = None;
        let line = self.line.clone();
        self.shaking = Some(tokio::spawn(async move {
            let _ = secured(line).await;
        }));
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        let control = self.control.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        control.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        control.get_mut().flush().await
    }

    async fn ask(&mut self, line: &str) -> io::Result<String> {
        self.say(line).await?;
        self.hear().await
    }

    /// The last line of an answer, which is no refusal.
    async fn hear(&mut self) -> io::Result<String> {
        let control = self.control.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let mut line = String::new();
        while line.as_bytes().get(3) != Some(&b' ') {
            line.clear();
            if control.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if line.starts_with(['4', '5']) { Err(io::Error::other(line)) } else { Ok(line) }
    }

    async fn passive(&mut self, at: SocketAddr) -> io::Result<Line> {
        let reply = self.ask("EPSV").await?;
        let port = reply.split('|').nth(3).and_then(|port| port.parse::<u16>().ok());
        let port = port.ok_or_else(|| io::Error::other(reply))?;
        Line::connect((at.ip(), port).into()).await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(shaking) = &self.shaking {
            shaking.abort();
        }
        if let Some(data) = &self.data {
            data.moving.abort();
        }
    }
}

impl Data {
    /// Sends all and ends its half, or takes all that comes.
    fn begin(line: Line, way: Way, protects: bool) -> Self {
        let (notify, notified) = tokio::sync::oneshot::channel();
        let ours = line.clone();
        let moving = tokio::spawn(async move {
            if !protects {
                return moved(&mut ours.clone(), &ours, way).await;
            }
            let mut stream = secured(ours.clone()).await?;
            if way == Way::Up {
                return moved(&mut stream, &ours, way).await;
            }
            tokio::select! {
                moved = moved(&mut stream, &ours, way) => moved,
                _ = notified => stream.shutdown().await,
            }
        });
        Self { line, moving, notify: Some(notify) }
    }
}

async fn moved<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    line: &Line,
    way: Way,
) -> io::Result<()> {
    if way == Way::Down {
        return stream.read_to_end(&mut Vec::new()).await.map(drop);
    }
    stream.write_all(CONTENT).await?;
    stream.shutdown().await?;
    line.end_our_half();
    Ok(())
}

/// Shakes hands.
pub(crate) async fn secured(line: Line) -> io::Result<TlsStream<Line>> {
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    TlsConnector::from(trusting()?).connect(name, line).await
}
