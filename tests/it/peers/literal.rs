//! A server of exact bytes, for what no package can be brought to.
//!
//! Where a script says nothing it speaks as vsftpd does. Data connections are passive. A 421 ends the session, as its
//! text has it (RFC 959, section 4.2).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::site::{Family, Site};

/// What is said to a verb, in place of vsftpd's words.
#[derive(Clone, Copy)]
enum Line {
    Reply(&'static str),
    /// The preliminary reply, the data, what becomes of its connection, and the final reply.
    Moves(&'static str, Data, Leaves, &'static str),
    /// The reply, after which the session is closed.
    Ends(&'static str),
    /// No reply but an RST.
    Resets,
}

/// What goes over the data connection.
#[derive(Clone, Copy)]
enum Data {
    Sent(&'static [u8]),
    /// So many bytes of the client's.
    Taken(usize),
}

/// What becomes of the data connection before the final reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    Closed,
    Open,
    Reset,
}

/// The first line whose verb, or verb and argument, begins what the client says is the answer.
#[derive(Clone)]
pub(crate) struct Literal {
    script: Vec<(&'static str, Line)>,
}

const VSFTPD: [(&str, Line); 17] = [
    ("220", Line::Reply("220 (vsFTPd 3.0.3)")),
    ("USER", Line::Reply("331 Please specify the password.")),
    ("PASS", Line::Reply("230 Login successful.")),
    ("PWD", Line::Reply("257 \"/\" is the current directory")),
    ("TYPE", Line::Reply("200 Switching to Binary mode.")),
    ("CWD", Line::Reply("250 Directory successfully changed.")),
    ("SYST", Line::Reply("215 UNIX Type: L8")),
    ("FEAT", Line::Reply("211-Features:\r\n EPSV\r\n PASV\r\n REST STREAM\r\n SIZE\r\n211 End")),
    ("OPTS UTF8 ON", Line::Reply("200 Always in UTF8 mode.")),
    ("REST", Line::Reply("350 Restart position accepted.")),
    ("NOOP", Line::Reply("200 NOOP ok.")),
    ("ABOR", Line::Reply("225 No transfer to ABOR.")),
    ("AUTH", Line::Reply("234 Proceed with negotiation.")),
    ("PBSZ", Line::Reply("200 PBSZ set to 0.")),
    ("PROT", Line::Reply("200 PROT now Private.")),
    ("QUIT", Line::Ends("221 Goodbye.")),
    ("", Line::Reply("500 Unknown command.")),
];

impl Literal {
    pub(crate) fn new() -> Self {
        Self { script: Vec::new() }
    }

    /// The greeting is what is said to `220`.
    pub(crate) fn says(self, to: &'static str, reply: &'static str) -> Self {
        self.with(to, Line::Reply(reply))
    }

    pub(crate) fn sends(self, to: &'static str, data: &'static [u8], then: &'static str) -> Self {
        self.sends_after("150 Here comes the data.", to, data, then)
    }

    /// With a preliminary reply of its own, or none if it is empty.
    pub(crate) fn sends_after(
        self,
        first: &'static str,
        to: &'static str,
        data: &'static [u8],
        then: &'static str,
    ) -> Self {
        self.with(to, Line::Moves(first, Data::Sent(data), Leaves::Closed, then))
    }

    pub(crate) fn takes(
        self,
        to: &'static str,
        first: &'static str,
        size: usize,
        then: &'static str,
    ) -> Self {
        self.with(to, Line::Moves(first, Data::Taken(size), Leaves::Closed, then))
    }

    /// What the transfers of this script do with their data connections.
    pub(crate) fn leaving(mut self, fate: Leaves) -> Self {
        for (_, line) in &mut self.script {
            if let Line::Moves(_, _, leaves, _) = line {
                *leaves = fate;
            }
        }
        self
    }

    /// The connection is reset.
    pub(crate) fn resets(self, at: &'static str) -> Self {
        self.with(at, Line::Resets)
    }

    fn with(mut self, to: &'static str, line: Line) -> Self {
        self.script.push((to, line));
        self
    }

    /// The connection is accepted and closed without a word.
    pub(crate) fn closes_at_once(self) -> Self {
        self.says_last("220", "")
    }

    /// After this reply the session is closed.
    pub(crate) fn says_last(self, to: &'static str, reply: &'static str) -> Self {
        self.with(to, Line::Ends(reply))
    }

    /// Serves until the test process ends: a thread that waits in `accept` harms nobody.
    pub(crate) fn site(self) -> Site {
        let listener =
            TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
        let address: SocketAddr = listener.local_addr().expect("a bound socket has an address");
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let literal = self.clone();
                // A client that leaves in the middle is what many tests are about.
                thread::spawn(move || literal.session(&client));
            }
        });
        Site::at(address, "/")
    }

    fn session(&self, mut client: &TcpStream) -> std::io::Result<()> {
        let mut data = None;
        let mut left = Vec::new();
        // Names need not be UTF-8.
        let mut lines = BufReader::new(client).split(b'\n');
        let greeting = self.line("220");
        client.write_all(greeting.reply().as_bytes())?;
        if greeting.ends() {
            return greeting.end(client);
        }
        while let Some(line) = lines.next().transpose()? {
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            if answering(&self.script, &command).is_none()
                && let Some(reply) = passive(&command, &mut data)?
            {
                client.write_all(reply.as_bytes())?;
                continue;
            }
            let scripted = self.line(&command);
            client.write_all(scripted.reply().as_bytes())?;
            match scripted {
                Line::Reply(_) | Line::Ends(_) | Line::Resets => {}
                Line::Moves(_, moved, leaves, then) => {
                    let mut wire = accepted(data.take())?;
                    match moved {
                        Data::Sent(bytes) => wire.write_all(bytes)?,
                        Data::Taken(size) => wire.read_exact(&mut vec![0; size])?,
                    }
                    left.extend(leave(wire, leaves)?);
                    client.write_all(ended(then).as_bytes())?;
                }
            }
            if scripted.ends() {
                return scripted.end(client);
            }
        }
        Ok(())
    }

    fn line(&self, command: &str) -> Line {
        let line = answering(&self.script, command).or_else(|| answering(&VSFTPD, command));
        line.expect("the last line answers everything")
    }
}

fn answering(script: &[(&'static str, Line)], command: &str) -> Option<Line> {
    let said = |to: &str| command.get(..to.len()).is_some_and(|it| it.eq_ignore_ascii_case(to));
    script.iter().find(|(to, _)| said(to)).map(|(_, line)| *line)
}

impl Line {
    fn reply(self) -> String {
        match self {
            Line::Reply(text) | Line::Ends(text) | Line::Moves(text, ..) => ended(text),
            Line::Resets => String::new(),
        }
    }

    /// Whether the session is over then.
    fn ends(self) -> bool {
        match self {
            Line::Ends(_) | Line::Resets => true,
            Line::Reply(last) | Line::Moves(.., last) => last.starts_with("421"),
        }
    }

    /// Ends it by RST, or by FIN, which what nobody has read would turn into an RST.
    fn end(self, mut client: &TcpStream) -> std::io::Result<()> {
        if matches!(self, Line::Resets) {
            return SockRef::from(client).set_linger(Some(Duration::ZERO));
        }
        client.shutdown(Shutdown::Write)?;
        client.set_read_timeout(Some(Duration::from_secs(1)))?;
        std::io::copy(&mut client, &mut std::io::sink())?;
        Ok(())
    }
}

/// Nothing stays nothing.
fn ended(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\r\n") }
}

/// Hands back a connection that stays open.
fn leave(wire: TcpStream, fate: Leaves) -> std::io::Result<Option<TcpStream>> {
    match fate {
        Leaves::Closed => Ok(None),
        Leaves::Open => Ok(Some(wire)),
        Leaves::Reset => {
            // The client must have read what was sent, which an RST would take from it.
            thread::sleep(Duration::from_millis(50));
            SockRef::from(&wire).set_linger(Some(Duration::ZERO))?;
            Ok(None)
        }
    }
}

fn passive(command: &str, data: &mut Option<TcpListener>) -> std::io::Result<Option<String>> {
    let is_extended = command.eq_ignore_ascii_case("EPSV");
    if !is_extended && !command.eq_ignore_ascii_case("PASV") {
        return Ok(None);
    }
    let listener = TcpListener::bind(Family::V4.any_port())?;
    let port = listener.local_addr()?.port();
    *data = Some(listener);
    Ok(Some(if is_extended {
        format!("229 Entering Extended Passive Mode (|||{port}|)\r\n")
    } else {
        format!("227 Entering Passive Mode (127,0,0,1,{},{}).\r\n", port >> 8, port & 0xFF)
    }))
}

fn accepted(data: Option<TcpListener>) -> std::io::Result<TcpStream> {
    let listener = data.ok_or_else(|| std::io::Error::other("no PASV came before"))?;
    Ok(listener.accept()?.0)
}
