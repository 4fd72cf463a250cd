//! Plays a transcript against a server of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::thread;
use std::time::Instant;

use super::bytes::{matches, show};
use super::script::{self, Line, Script};
use super::step::{Act, Connection, Expected, Step};
use super::wire::{LOOK, Mismatch, PATIENCE, Wire, accept, connect};
use crate::badftp::Badftp;

/// Where data goes to, or comes from.
enum Data {
    None,
    /// The server has been told to connect here.
    Listening(TcpListener),
    Connected(Wire),
}

/// One control connection with its data connection.
struct Talk {
    control: Wire,
    data: Data,
    /// When something was said last.
    said: Instant,
    is_over: bool,
}

/// Plays the transcript of this name; each line that does not come true is a failed test.
pub(super) fn play(name: &str) {
    let script = script::read(name);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let badftp = serve(&script, &folder.path().join("scenario.yaml"));
    let address = badftp.site().address;
    let mut talks: BTreeMap<usize, Talk> = BTreeMap::new();
    for line in &script.lines {
        if let Err(Mismatch { expected, got }) = step(&mut talks, line, address) {
            let (name, Line { number, text, .. }) = (&script.name, line);
            panic!("{name}:{number}: {text}\n  expected {expected}\n       got {got}");
        }
    }
    drop(talks);
    let ours = badftp.journal().into_iter().find(|record| record["cause"] == "badftp");
    assert!(ours.is_none(), "{}: the journal blames badftp itself: {ours:?}", script.name);
}

fn serve(script: &Script, path: &std::path::Path) -> Badftp {
    let mut arguments: Vec<&str> = script.arguments.iter().map(String::as_str).collect();
    let shown = path.to_string_lossy();
    if let Some(scenario) = &script.scenario {
        fs::write(path, scenario).expect("a temporary file can be written");
        arguments.insert(0, &shown);
    }
    Badftp::start(script.family, &arguments)
}

/// Does a line on its connection, which is made when it is first named, and again after its end.
fn step(
    talks: &mut BTreeMap<usize, Talk>,
    line: &Line,
    address: SocketAddr,
) -> Result<(), Mismatch> {
    if let Step::Wait(time) = line.step {
        thread::sleep(time);
        return Ok(());
    }
    if line.step == Step::Control(Act::Hear(Expected::Refused)) {
        return refused(address);
    }
    let went_on = |talk: &Talk| !talk.is_over || matches!(line.step, Step::Took(_));
    let mut talk = match talks.remove(&line.connection).filter(went_on) {
        Some(talk) => talk,
        None => Talk::begin(address)?,
    };
    let done = talk.step(&line.step, address.ip());
    talk.is_over |= line.step.ends_the_session();
    talks.insert(line.connection, talk);
    done
}

impl Step {
    fn ends_the_session(&self) -> bool {
        let Self::Control(act) = self else { return false };
        matches!(act, Act::Reset | Act::Hear(Expected::End | Expected::Reset))
    }
}

/// A port is shut by a rule a moment after what the rule is about.
fn refused(address: SocketAddr) -> Result<(), Mismatch> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let got = match connect(address, None, PATIENCE) {
            Ok(_) => "a connection".to_owned(),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Ok(()),
            Err(error) => error.to_string(),
        };
        if Instant::now() > deadline {
            return Err(Mismatch { expected: "a refused connection".to_owned(), got });
        }
        thread::sleep(LOOK);
    }
}

/// A connection that must be made, to a port that opens now or in a while.
fn made(address: SocketAddr, from: Option<IpAddr>) -> Result<Wire, Mismatch> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match connect(address, from, PATIENCE) {
            Ok(wire) => return Ok(wire),
            Err(error)
                if error.kind() == ErrorKind::ConnectionRefused && Instant::now() < deadline =>
            {
                thread::sleep(LOOK);
            }
            Err(error) => {
                let (expected, got) = (format!("a connection to {address}"), error.to_string());
                return Err(Mismatch { expected, got });
            }
        }
    }
}

impl Talk {
    fn begin(address: SocketAddr) -> Result<Self, Mismatch> {
        let control = made(address, None)?;
        Ok(Self { control, data: Data::None, said: Instant::now(), is_over: false })
    }

    fn step(&mut self, step: &Step, server: IpAddr) -> Result<(), Mismatch> {
        match step {
            Step::Login { user, password } => {
                self.hear("220 *")?;
                self.ask(&format!("USER {user}"), "331 *")?;
                self.ask(&format!("PASS {password}"), "230 *")
            }
            Step::Control(act) => self.control(act),
            Step::Data(act) => self.data(act),
            Step::Passive(verb) => {
                let expected = if *verb == "PASV" { "227 *" } else { "229 *" };
                self.ask(verb, expected)?;
                self.connect(server, None, &Connection::Made)
            }
            Step::Active(verb) => self.announce(verb, server),
            Step::Connect { from, expected } => self.connect(server, *from, expected),
            Step::Until { line, expected } => self.until(line, expected),
            Step::Wait(_) => Ok(()),
            Step::Took(least) => {
                let took = self.said.elapsed();
                let slow = took >= *least;
                let mismatch = || Mismatch {
                    expected: format!("at least {least:?}"),
                    got: format!("{took:?}"),
                };
                if slow { Ok(()) } else { Err(mismatch()) }
            }
        }
    }

    fn control(&mut self, act: &Act) -> Result<(), Mismatch> {
        if !matches!(act, Act::Hear(_)) {
            self.said = Instant::now();
        }
        self.control.act(act)
    }

    fn hear(&mut self, line: &str) -> Result<(), Mismatch> {
        let line = [line.as_bytes(), b"\r\n"].concat();
        self.control(&Act::Hear(Expected::Line(line)))
    }

    fn ask(&mut self, line: &str, expected: &str) -> Result<(), Mismatch> {
        self.control(&Act::Say([line.as_bytes(), b"\r\n"].concat()))?;
        self.hear(expected)
    }

    fn until(&mut self, line: &str, expected: &str) -> Result<(), Mismatch> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.control(&Act::Say([line.as_bytes(), b"\r\n"].concat()))?;
            let reply = self.control.line();
            if matches(expected.as_bytes(), reply.trim_ascii_end()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(Mismatch { expected: expected.to_owned(), got: show(&reply) });
            }
            thread::sleep(LOOK);
        }
    }

    /// Listens, and tells the server where.
    fn announce(&mut self, verb: &str, server: IpAddr) -> Result<(), Mismatch> {
        let listener = TcpListener::bind((server, 0)).expect("a port is free");
        let port = listener.local_addr().expect("our own socket has an address").port();
        let family = if server.is_ipv4() { 1 } else { 2 };
        let [high, low] = port.to_be_bytes();
        let argument = match verb {
            "PORT" => format!("{},{high},{low}", server.to_string().replace('.', ",")),
            _ => format!("|{family}|{server}|{port}|"),
        };
        self.data = Data::Listening(listener);
        self.ask(&format!("{verb} {argument}"), "200 *")
    }

    fn connect(
        &mut self,
        server: IpAddr,
        from: Option<IpAddr>,
        expected: &Connection,
    ) -> Result<(), Mismatch> {
        let unknown =
            || Mismatch { expected: "a port".to_owned(), got: "no 227 or 229".to_owned() };
        let port = self.control.announced.ok_or_else(unknown)?;
        let address = SocketAddr::new(server, port);
        match expected {
            Connection::Made => self.data = Data::Connected(made(address, from)?),
            Connection::Refused => return refused(address),
            Connection::Silence(time) => {
                let got = match connect(address, None, *time) {
                    Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(()),
                    Err(error) => error.to_string(),
                    Ok(_) => "a connection".to_owned(),
                };
                return Err(Mismatch { expected: format!("{time:?} of silence"), got });
            }
        }
        Ok(())
    }

    fn data(&mut self, act: &Act) -> Result<(), Mismatch> {
        if let Data::Listening(listener) = &self.data {
            let silence = match act {
                Act::Hear(Expected::Silence(time)) => Some(*time),
                _ => None,
            };
            match (accept(listener, silence.unwrap_or(PATIENCE)), silence) {
                (None, Some(_)) => return Ok(()),
                (None, None) => {
                    let (expected, got) = ("a data connection".to_owned(), "none".to_owned());
                    return Err(Mismatch { expected, got });
                }
                (Some(wire), _) => self.data = Data::Connected(wire),
            }
        }
        let Data::Connected(wire) = &mut self.data else {
            let (expected, got) =
                ("a data connection".to_owned(), "nobody asked for one".to_owned());
            return Err(Mismatch { expected, got });
        };
        let done = wire.act(act);
        if *act == Act::Reset {
            self.data = Data::None;
        }
        done
    }
}
