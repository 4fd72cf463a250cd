//! A session by hand, which may be left as it is.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

pub(crate) struct Session(BufReader<TcpStream>);

impl Session {
    pub(crate) fn greeted(port: u16) -> Self {
        Self::greeted_at(([127, 0, 0, 1], port).into())
    }

    pub(crate) fn greeted_at(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        let mut session = Self(BufReader::new(stream));
        session.hear();
        session
    }

    pub(crate) fn logged_in(port: u16) -> Self {
        Self::logged_in_at(([127, 0, 0, 1], port).into())
    }

    pub(crate) fn logged_in_at(address: SocketAddr) -> Self {
        let mut session = Self::greeted_at(address);
        session.ask("USER ann");
        session.ask("PASS a-secret");
        session
    }

    pub(crate) fn say(&self, line: &str) {
        self.0.get_ref().write_all(format!("{line}\r\n").as_bytes()).expect("the server reads");
    }

    /// Says it, and hears one line.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.say(line);
        self.hear()
    }

    pub(crate) fn data(&mut self) -> TcpStream {
        let reply = self.ask("EPSV");
        let port = reply.split('|').nth(3).and_then(|port| port.parse::<u16>().ok());
        let port = port.unwrap_or_else(|| panic!("no port in {reply:?}"));
        TcpStream::connect(("127.0.0.1", port)).expect("the passive port accepts")
    }

    pub(crate) fn into_stream(self) -> TcpStream {
        self.0.into_inner()
    }

    pub(crate) fn hear(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("the server answers");
        line
    }
}
