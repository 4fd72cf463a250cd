//! A client that says what it is told to, and waits for nothing too long.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer takes longer, however busy the server is with others.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    /// Connects and hears the greeting.
    #[track_caller]
    pub(super) fn greeted(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("our own socket can be configured");
        stream.set_write_timeout(Some(PATIENCE)).expect("our own socket can be configured");
        // A small buffer is enough for thousands of idle clients.
        let mut client = Self { reader: BufReader::with_capacity(512, stream) };
        client.hear("220");
        client
    }

    #[track_caller]
    pub(super) fn logged_in(address: SocketAddr) -> Self {
        let mut client = Self::greeted(address);
        client.ask("USER ann", "331");
        client.ask("PASS secret", "230");
        client.ask("TYPE I", "200");
        client
    }

    pub(super) fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    #[track_caller]
    pub(super) fn say(&self, bytes: &[u8]) {
        self.stream().write_all(bytes).expect("the server reads");
    }

    /// The next line of an answer.
    #[track_caller]
    pub(super) fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line).expect("the server answers");
        String::from_utf8_lossy(&line).into_owned()
    }

    #[track_caller]
    pub(super) fn hear(&mut self, code: &str) -> String {
        let line = self.line();
        assert!(line.starts_with(code), "expected {code}, got {line:?}");
        line
    }

    #[track_caller]
    pub(super) fn ask(&mut self, line: &str, code: &str) -> String {
        self.say(format!("{line}\r\n").as_bytes());
        self.hear(code)
    }

    /// Asks for a passive port and tells where it is.
    #[track_caller]
    pub(super) fn port(&mut self) -> SocketAddr {
        let line = self.ask("EPSV", "229");
        let port = line.split('|').nth(3).and_then(|port| port.parse().ok());
        let host = self.stream().peer_addr().expect("we are connected").ip();
        SocketAddr::new(host, port.unwrap_or_else(|| panic!("no port in {line:?}")))
    }

    /// A data connection that is made before the command that uses it.
    #[track_caller]
    pub(super) fn data(&mut self) -> TcpStream {
        let data = TcpStream::connect(self.port()).expect("the passive port accepts");
        data.set_read_timeout(Some(PATIENCE)).expect("our own socket can be configured");
        data
    }

    /// Whatever the server says until it falls silent or hangs up.
    pub(super) fn drain(mut self) {
        let _ = self.stream().set_read_timeout(Some(Duration::from_millis(100)));
        let mut buffer = [0; 4096];
        while matches!(self.reader.read(&mut buffer), Ok(size) if size > 0) {}
    }
}
