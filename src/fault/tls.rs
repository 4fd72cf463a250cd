//! TLS on a wire, record by record. rustls knows the protocol; the socket, the turn of the bytes and their end stay
//! ours, so that a record can be broken, a handshake cut after any byte, and clear text come back behind TLS.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use rustls::server::ServerConnection;
use rustls::{HandshakeKind, ServerConfig};
use tokio::net::TcpStream;

use super::renewal::{Heard, Renewal};
use super::{Pace, Pacer, Wire};
use crate::engine::Parting;

/// Type, version and length (RFC 8446, section 5.1).
const HEADER: usize = 5;
/// The content types that a record may have, from `change_cipher_spec` to `heartbeat`.
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=24;
/// The content type of data.
const APPLICATION_DATA: u8 = 23;
/// So much of the next record is taken along: rustls, which otherwise begins each record with a small buffer of its own
/// and lets it grow, keeps one that is not empty.
const ALONG: usize = 1024;
/// The content type `handshake`, and the message `client_hello`.
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// An alert that rustls also says in TLS 1.2, in clear, which has no such thing but `handshake_failure` (RFC 5246,
/// section 7.4.6).
const CERTIFICATE_REQUIRED: [u8; 7] = [21, 3, 3, 0, 2, 2, 116];
const HANDSHAKE_FAILURE: u8 = 40;
/// The longest `ClientHello` that is waited for, in bytes.
const MAX_HELLO: usize = 64 * 1024;
/// Read at once while hands are shaken, in bytes.
const READ: usize = 4096;

/// One side of TLS: the server's.
#[derive(Debug)]
pub(super) struct Tls {
    session: ServerConnection,
    /// The client has said that it sends no more.
    ended: bool,
    /// The client has sent FIN without having said so.
    torn: bool,
    /// New keys after so many bytes, and how many have gone out since the last.
    rekey: Option<(u64, u64)>,
    /// The rest of a record whose beginning was taken along.
    owed: usize,
    /// The next record that goes out gets a wrong MAC.
    breaks_mac: bool,
    /// What another ticket needs, where one may be asked for.
    renewal: Option<Renewal>,
}

/// What a handshake is to be like.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// What we offer.
    pub config: Arc<ServerConfig>,
    /// How fast and in what pieces our part goes out.
    pub pace: Pace,
    /// Where our part ends, in bytes.
    pub stop: Option<u64>,
    /// New keys after so many bytes.
    pub rekey: Option<u64>,
    /// Whether another ticket may be wanted later.
    pub tickets: Tickets,
}

/// When a client gets tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tickets {
    /// At the end of the handshake.
    AtOnce,
    /// Then, and again by [`Wire::renew_ticket`].
    Renewed,
}

/// Whoever waits where the pace of a handshake allows no more yet.
pub trait Holds: Sync {
    /// Waits for so long, or until the client has gone.
    fn hold(
        &self,
        wait: Duration,
        gone: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = ()> + Send;
}

/// How far hands were shaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shaken {
    /// All the way.
    Done,
    /// To the byte that was asked for.
    Reached,
}

impl Wire {
    /// Waits for the client's first message, and leaves it where it is. Nothing if what has come is not TLS.
    ///
    /// # Errors
    /// Those of the socket, and that the client is gone.
    pub async fn client_hello(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match first_message(&self.ahead) {
                First::Whole(message) => return Ok(Some(message)),
                First::Strange => return Ok(None),
                First::Part if self.ahead.len() > MAX_HELLO => return Ok(None),
                First::Part => self.more_ahead(READ).await?,
            }
        }
    }

    /// Shakes hands. From then on, all that is read and written is TLS.
    ///
    /// # Errors
    /// Those of the socket, and of TLS: the client has had its alert then.
    pub async fn shake_hands(&mut self, how: Handshake, holds: &impl Holds) -> io::Result<Shaken> {
        let heard = (how.tickets == Tickets::Renewed).then(|| Heard::beside(&how.config.key_log));
        let config = match &heard {
            Some(heard) => {
                let mut config = ServerConfig::clone(&how.config);
                config.key_log = Arc::clone(heard) as _;
                config.into()
            }
            None => how.config,
        };
        let mut session = ServerConnection::new(config).map_err(io::Error::other)?;
        session.set_buffer_limit(None);
        let mut tls = Tls {
            session,
            ended: false,
            torn: false,
            owed: 0,
            rekey: how.rekey.map(|every| (every, 0)),
            breaks_mac: false,
            renewal: None,
        };
        let mut pacer = Pacer::begin(how.pace);
        let mut left = how.stop;
        loop {
            let mut fed = Ok(());
            while fed.is_ok() && tls.session.is_handshaking() && tls.can_take(&self.ahead) {
                fed = tls.take(&mut self.ahead);
            }
            let mut ours = tls.output()?;
            if let (Some(heard), false) = (&heard, tls.session.is_handshaking()) {
                tls.renewal = Renewal::of(&tls.session, heard, &ours);
            }
            if ours.ends_with(&CERTIFICATE_REQUIRED) {
                ours.pop();
                ours.push(HANDSHAKE_FAILURE);
            }
            let reached = left.is_some_and(|left| ours.len() as u64 >= left);
            if let Some(left) = &mut left {
                ours.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= ours.len() as u64;
            }
            for piece in ours.chunks(pacer.piece(ours.len().max(1))) {
                self.write_raw(piece).await?;
                let wait = pacer.moved(piece.len());
                if wait.is_zero() {
                    // The piece should leave as a segment of its own.
                    tokio::task::yield_now().await;
                }
                holds.hold(wait, self.departed()).await;
            }
            fed?;
            if reached {
                return Ok(Shaken::Reached);
            }
            if !tls.session.is_handshaking() {
                self.tls = Some(Box::new(tls));
                return Ok(Shaken::Done);
            }
            self.more_ahead(READ).await?;
        }
    }

    /// Whether what is written is encrypted.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    /// Whether the handshake resumed an earlier session; nothing in clear.
    #[must_use]
    pub fn has_resumed(&self) -> Option<bool> {
        let kind = self.tls.as_ref()?.session.handshake_kind();
        Some(kind == Some(HandshakeKind::Resumed))
    }

    /// How the client has ended its half; nothing in clear, and as long as it has not.
    #[must_use]
    pub fn parting(&self) -> Option<Parting> {
        match self.tls.as_deref()? {
            Tls { ended: true, .. } => Some(Parting::Notified),
            Tls { torn: true, .. } => Some(Parting::Torn),
            Tls { .. } => None,
        }
    }

    /// The version and the cipher suite that were agreed on.
    #[must_use]
    pub fn agreed(&self) -> Option<String> {
        let session = &self.tls.as_ref()?.session;
        let version = session.protocol_version()?.as_str()?.replace("TLSv1_", "TLS1.");
        let suite = session.negotiated_cipher_suite()?.suite().as_str()?;
        Some(format!("{version} {}", suite.replace("TLS13_", "TLS_")))
    }

    /// Gives the client another ticket, if it can be done. It is heard when the client reads on.
    ///
    /// # Errors
    /// Those of the socket.
    pub async fn renew_ticket(&mut self) -> io::Result<()> {
        let Some(tls) = &mut self.tls else { return Ok(()) };
        tls.flush(&self.tcp).await?;
        let Some(mut renewal) = tls.renewal.take() else { return Ok(()) };
        let Some(last) = renewal.last_number() else { return Ok(()) };
        // rustls counts this record, which is never sent, unless new keys are told before it.
        tls.session.writer().write_all(b"\n")?;
        let spent = tls.output()?;
        if first_record(&spent) != Some(spent.len()) {
            return self.write_raw(&spent).await;
        }
        let record = renewal.record(last + 1);
        tls.renewal = Some(renewal);
        self.write_raw(&record.unwrap_or(spent)).await
    }

    /// Breaks the MAC of the next record. Tells whether there will be one.
    pub fn break_next_mac(&mut self) -> bool {
        if let Some(tls) = &mut self.tls {
            tls.breaks_mac = true;
        }
        self.is_secure()
    }

    /// Goes back to clear text (RFC 4217, section 12.3): says `close_notify`, and waits for the client's, or for its
    /// first byte that is no TLS.
    ///
    /// # Errors
    /// Those of the socket, and that the client is gone.
    pub async fn lay_off_tls(&mut self) -> io::Result<()> {
        self.notify_close().await?;
        let mut dropped = BytesMut::new();
        while let Some(tls) = &mut self.tls {
            let is_clear = self.ahead.first().is_some_and(|first| !CONTENT_TYPES.contains(first));
            if tls.ended || is_clear {
                self.tls = None;
            } else if tls.can_take(&self.ahead) {
                tls.take(&mut self.ahead)?;
                while tls.give(&mut dropped, READ)? > 0 {
                    dropped.clear();
                }
            } else {
                self.more_ahead(READ).await?;
            }
        }
        Ok(())
    }

    /// Says `close_notify`, where there is TLS: what was sent is all there is.
    pub(super) async fn notify_close(&mut self) -> io::Result<()> {
        let Some(tls) = &mut self.tls else { return Ok(()) };
        tls.session.send_close_notify();
        tls.flush(&self.tcp).await
    }

    /// Takes TLS off, with all that it had to send gone out. Nothing if there is none.
    pub(super) async fn take_tls(&mut self) -> io::Result<Option<ServerConnection>> {
        let Some(mut tls) = self.tls.take() else { return Ok(None) };
        tls.flush(&self.tcp).await?;
        Ok(Some(tls.session))
    }

    /// Reads what the client has encrypted; 0 at its end, which may lack a `close_notify`.
    pub(super) async fn read_secret(
        &mut self,
        buffer: &mut BytesMut,
        most: usize,
    ) -> io::Result<usize> {
        loop {
            let Some(tls) = &mut self.tls else { return Ok(0) };
            let mut size = tls.give(buffer, most)?;
            let mut taken = Ok(());
            while size < most && taken.is_ok() && tls.can_take(&self.ahead) {
                taken = tls.take(&mut self.ahead);
                size += tls.give(buffer, most - size)?;
            }
            // What came before a record that is wrong counts; rustls finds it wrong again.
            if size == 0 {
                taken?;
                tls.examine()?;
            }
            tls.flush(&self.tcp).await?;
            if size > 0 || tls.ended {
                return Ok(size);
            }
            match self.more_ahead(most.max(READ)).await {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    if let Some(tls) = &mut self.tls {
                        tls.torn = true;
                    }
                    return Ok(0);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Encrypts and writes all of it.
    pub(super) async fn write_secret(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(tls) = &mut self.tls else { return Ok(()) };
        tls.flush(&self.tcp).await?;
        if std::mem::take(&mut tls.breaks_mac) {
            tls.session.writer().write_all(bytes)?;
            let mut records = tls.output()?;
            let end = first_record(&records).unwrap_or(records.len());
            records[end - 1] ^= 1;
            return self.write_raw(&records).await;
        }
        if let Some(renewal) = &mut tls.renewal {
            renewal.writes(bytes);
        }
        tls.session.writer().write_all(bytes)?;
        if let Some((every, since)) = &mut tls.rekey {
            *since += bytes.len() as u64;
            if *since >= *every {
                *since = 0;
                // TLS 1.2 has no such thing.
                let _ = tls.session.refresh_traffic_keys();
            }
        }
        tls.flush(&self.tcp).await
    }
}

impl Tls {
    /// Whether a whole record is there, or what will never be one.
    pub(super) fn can_take(&self, ahead: &[u8]) -> bool {
        self.next_record(ahead).is_some() && !self.ended
    }

    /// Whether its keys are renewed on the way.
    pub(super) fn renews_keys(&self) -> bool {
        self.rekey.is_some()
    }

    /// Whether there is something to give without waiting.
    pub(super) fn can_give(&mut self) -> bool {
        self.ended || matches!(self.session.reader().fill_buf(), Ok(plain) if !plain.is_empty())
    }

    /// The length of what there is of the next record, once all of it is there.
    fn next_record(&self, ahead: &[u8]) -> Option<usize> {
        match self.owed {
            0 => first_record(ahead),
            owed => (ahead.len() >= owed).then_some(owed),
        }
    }

    /// Takes one record, and of data the beginning of the next one.
    fn take(&mut self, ahead: &mut BytesMut) -> io::Result<()> {
        let record = self.next_record(ahead).unwrap_or(ahead.len());
        let (along, owed) = self.along(&ahead[record..]);
        self.owed = owed;
        let mut bytes = &ahead[..record + along];
        while !bytes.is_empty() {
            self.session.read_tls(&mut bytes)?;
            self.examine()?;
        }
        ahead.advance(record + along);
        if ahead.is_empty() {
            *ahead = BytesMut::new();
        }
        Ok(())
    }

    /// How much of these bytes is taken along, and how much of their record is left then.
    fn along(&self, next: &[u8]) -> (usize, usize) {
        let &[APPLICATION_DATA, _, _, high, low, ..] = next else { return (0, 0) };
        let length = HEADER + usize::from(u16::from_be_bytes([high, low]));
        let along = ALONG.min(next.len()).min(length - 1);
        if self.session.is_handshaking() { (0, 0) } else { (along, length - along) }
    }

    /// Looks at what was taken.
    fn examine(&mut self) -> io::Result<()> {
        let state = self.session.process_new_packets();
        let state = state.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.ended |= state.peer_has_closed();
        Ok(())
    }

    /// Gives what was decrypted.
    fn give(&mut self, buffer: &mut BytesMut, most: usize) -> io::Result<usize> {
        let mut reader = self.session.reader();
        let plain = match reader.fill_buf() {
            Ok(plain) => plain,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            Err(error) => return Err(error),
        };
        let size = plain.len().min(most);
        buffer.extend_from_slice(&plain[..size]);
        reader.consume(size);
        Ok(size)
    }

    /// All that is to go out.
    fn output(&mut self) -> io::Result<Vec<u8>> {
        let mut records = Vec::new();
        while self.session.wants_write() {
            self.session.write_tls(&mut records)?;
        }
        Ok(records)
    }

    /// Sends all that is to go out. Dropping the future loses nothing.
    async fn flush(&mut self, tcp: &TcpStream) -> io::Result<()> {
        while self.session.wants_write() {
            let sent = self.renewal.as_mut().map(|renewal| &mut renewal.sent);
            match self.session.write_tls(&mut Ready { tcp, sent }) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => tcp.writable().await?,
                written => drop(written?),
            }
        }
        Ok(())
    }
}

/// A socket as far as it is ready, and what has gone out by it.
struct Ready<'t> {
    tcp: &'t TcpStream,
    sent: Option<&'t mut Vec<u8>>,
}

impl Write for Ready<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[io::IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, pieces: &[io::IoSlice<'_>]) -> io::Result<usize> {
        let written = self.tcp.try_write_vectored(pieces)?;
        if let Some(sent) = &mut self.sent {
            let bytes = pieces.iter().flat_map(|piece| piece.iter());
            sent.extend(bytes.take(written));
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The length of the first record, once all of it is there. What is no record is taken as it is: it is TLS's to
/// refuse.
fn first_record(bytes: &[u8]) -> Option<usize> {
    let first = bytes.first()?;
    if !CONTENT_TYPES.contains(first) {
        return Some(bytes.len());
    }
    let &[_, _, _, high, low, ..] = bytes else { return None };
    let length = HEADER + usize::from(u16::from_be_bytes([high, low]));
    (bytes.len() >= length).then_some(length)
}

enum First {
    Part,
    Whole(Vec<u8>),
    Strange,
}

/// The first handshake message, which may come in several records (RFC 8446, section 5.1).
fn first_message(mut bytes: &[u8]) -> First {
    let mut message = Vec::new();
    while !bytes.is_empty() {
        if bytes[0] != HANDSHAKE {
            return First::Strange;
        }
        let Some(length) = first_record(bytes) else { return First::Part };
        message.extend_from_slice(&bytes[HEADER..length]);
        bytes = &bytes[length..];
        if let &[kind, high, middle, low, ..] = &message[..] {
            if kind != CLIENT_HELLO {
                return First::Strange;
            }
            let length = 4 + (u32::from_be_bytes([0, high, middle, low]) as usize);
            if message.len() >= length {
                message.truncate(length);
                return First::Whole(message);
            }
        }
    }
    First::Part
}
