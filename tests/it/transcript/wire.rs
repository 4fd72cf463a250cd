//! A connection of which every read is bounded.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use super::bytes::{matches, show};
use super::step::{Act, Expected};

/// No answer takes longer than this, on a busy machine either.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// How long between two looks at what is waited for.
pub(super) const LOOK: Duration = Duration::from_millis(2);

/// What was expected, and what came instead.
pub(super) struct Mismatch {
    pub(super) expected: String,
    pub(super) got: String,
}

/// How the other side has ended its half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Fin,
    Reset,
}

/// One connection, control or data.
pub(super) struct Wire {
    stream: TcpStream,
    /// What has come and was not compared yet.
    heard: Vec<u8>,
    ended: Option<Ending>,
    /// The port that the last 227 or 229 named.
    pub(super) announced: Option<u16>,
}

/// Connects within a bounded time, from another address of this machine if asked.
pub(super) fn connect(
    to: SocketAddr,
    from: Option<IpAddr>,
    within: Duration,
) -> std::io::Result<Wire> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, None)?;
    if let Some(from) = from {
        socket.bind(&SocketAddr::new(from, 0).into())?;
    }
    socket.connect_timeout(&to.into(), within)?;
    Ok(Wire::new(socket.into()))
}

/// Waits for a connection, so long.
pub(super) fn accept(listener: &TcpListener, within: Duration) -> Option<Wire> {
    listener.set_nonblocking(true).expect("our own socket can be configured");
    let deadline = Instant::now() + within;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).expect("our own socket can be configured");
                return Some(Wire::new(stream));
            }
            Err(_) if Instant::now() < deadline => thread::sleep(LOOK),
            Err(_) => return None,
        }
    }
}

impl Wire {
    fn new(stream: TcpStream) -> Self {
        // Each `>raw` is meant to be a segment of its own.
        stream.set_nodelay(true).expect("our own socket can be configured");
        stream.set_write_timeout(Some(PATIENCE)).expect("our own socket can be configured");
        Self { stream, heard: Vec::new(), ended: None, announced: None }
    }

    pub(super) fn act(&mut self, act: &Act) -> Result<(), Mismatch> {
        match act {
            Act::Say(bytes) => return self.say(|mut stream| stream.write_all(bytes)),
            Act::SayUrgent(bytes) => {
                return self.say(|stream| SockRef::from(stream).send_out_of_band(bytes).map(drop));
            }
            // The other side may have ended it already.
            Act::End => drop(self.stream.shutdown(Shutdown::Write)),
            Act::Reset => {
                let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
                self.ended = Some(Ending::Reset);
            }
            Act::Hear(expected) => return self.hear(expected),
        }
        Ok(())
    }

    /// A write to a peer that is gone is no mismatch: what is read next will tell.
    fn say(
        &mut self,
        write: impl FnOnce(&TcpStream) -> std::io::Result<()>,
    ) -> Result<(), Mismatch> {
        match write(&self.stream) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                self.ended = Some(Ending::Reset);
                Ok(())
            }
            Err(error) => {
                Err(Mismatch { expected: "that it is read".to_owned(), got: error.to_string() })
            }
        }
    }

    fn hear(&mut self, expected: &Expected) -> Result<(), Mismatch> {
        match expected {
            Expected::Line(pattern) => {
                self.read_until(|heard| heard.contains(&b'\n'), PATIENCE);
                let end = self.heard.iter().position(|byte| *byte == b'\n');
                let length = end.map_or(self.heard.len(), |end| end + 1);
                self.announced = announced(&self.heard[..length]).or(self.announced);
                self.take(length, show(pattern), |line| matches(pattern, line))
            }
            Expected::Bytes(bytes) => {
                self.read_until(|heard| heard.len() >= bytes.len(), PATIENCE);
                self.take(bytes.len(), show(bytes), |heard| heard == bytes)
            }
            Expected::Any(count) => {
                self.read_until(|heard| heard.len() >= *count, PATIENCE);
                self.take(*count, format!("{count} bytes"), |heard| heard.len() == *count)
            }
            Expected::End => self.hear_ending(Ending::Fin, "the end (FIN)"),
            Expected::Reset => self.hear_ending(Ending::Reset, "a reset (RST)"),
            Expected::Silence(time) => {
                self.read_until(|heard| !heard.is_empty(), *time);
                let silent = self.heard.is_empty() && self.ended.is_none();
                self.judge(silent, format!("{time:?} of silence"))
            }
            Expected::From(address) => {
                let peer = self.stream.peer_addr().map(|peer| peer.ip());
                let got = peer.as_ref().map_or_else(ToString::to_string, ToString::to_string);
                let right = peer.is_ok_and(|peer| peer == *address);
                if right { Ok(()) } else { Err(Mismatch { expected: address.to_string(), got }) }
            }
            Expected::Refused => self.judge(false, "a refused connection".to_owned()),
        }
    }

    /// The next line, whatever it says; nothing more where none comes.
    pub(super) fn line(&mut self) -> Vec<u8> {
        self.read_until(|heard| heard.contains(&b'\n'), PATIENCE);
        let end = self.heard.iter().position(|byte| *byte == b'\n');
        self.heard.drain(..end.map_or(self.heard.len(), |end| end + 1)).collect()
    }

    fn hear_ending(&mut self, ending: Ending, expected: &str) -> Result<(), Mismatch> {
        self.read_until(|heard| !heard.is_empty(), PATIENCE);
        let right = self.heard.is_empty() && self.ended == Some(ending);
        self.judge(right, expected.to_owned())
    }

    /// Takes the next bytes if they are right.
    fn take(
        &mut self,
        length: usize,
        expected: String,
        is_right: impl Fn(&[u8]) -> bool,
    ) -> Result<(), Mismatch> {
        let right = is_right(&self.heard[..length.min(self.heard.len())]);
        let judged = self.judge(right, expected);
        if judged.is_ok() {
            self.heard.drain(..length);
        }
        judged
    }

    fn judge(&self, right: bool, expected: String) -> Result<(), Mismatch> {
        if right { Ok(()) } else { Err(Mismatch { expected, got: self.got() }) }
    }

    fn got(&self) -> String {
        let then = match self.ended {
            None => "nothing more",
            Some(Ending::Fin) => "the end (FIN)",
            Some(Ending::Reset) => "a reset (RST)",
        };
        if self.heard.is_empty() {
            then.to_owned()
        } else {
            format!("{}, then {then}", show(&self.heard))
        }
    }

    /// Reads until enough has come, the other side has ended, or the time is over.
    fn read_until(&mut self, is_enough: impl Fn(&[u8]) -> bool, within: Duration) {
        let deadline = Instant::now() + within;
        let mut buffer = vec![0; 64 * 1024];
        while self.ended.is_none() && !is_enough(&self.heard) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.stream.set_read_timeout(Some(left)).expect("our own socket can be configured");
            match self.stream.read(&mut buffer) {
                Ok(0) => self.ended = Some(Ending::Fin),
                Ok(size) => self.heard.extend_from_slice(&buffer[..size]),
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.ended = Some(Ending::Reset),
            }
        }
    }
}

/// The port that a 227 or a 229 names.
fn announced(line: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(line);
    let numbers = text.get(4..)?.split(|character: char| !character.is_ascii_digit());
    let numbers: Vec<u16> = numbers.filter_map(|number| number.parse().ok()).collect();
    match (text.get(..3)?, &numbers[..]) {
        ("227", [.., high, low]) => Some(high * 256 + low),
        ("229", [.., port]) => Some(*port),
        _ => None,
    }
}
