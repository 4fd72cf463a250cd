//! Stands between a client and a real server as a bad firewall does: it sees the control connection, not the data.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::site::{Family, Site};

/// What becomes of a line that the server says.
#[derive(Clone)]
pub(crate) enum Fate {
    Passes,
    /// The client never sees it.
    IsLost,
    /// The client gets these bytes in its place.
    Becomes(String),
    /// It comes byte by byte, each in a segment of its own.
    Dribbles,
    /// In its place the client's control connection is closed.
    IsAnEnd,
    /// In its place the client's control connection is reset.
    IsAReset,
    /// It passes; a quarter of a second later this is said, and the client's control connection is closed.
    PassesThen(&'static str),
}

/// What becomes of the bytes of TLS that the server says, once the client has begun.
#[derive(Clone, Copy)]
pub(crate) enum Flight {
    Passes,
    /// So much passes, and nothing more is ever said.
    StopsAfter(usize),
    /// One byte after the other.
    Dribbles,
    /// This is said in its place.
    Becomes(&'static [u8]),
    IsAnEnd,
    IsAReset,
}

pub(crate) struct Relay;

impl Relay {
    /// Sends the client's data connections to another port than the server's.
    pub(crate) fn misrouting(server: &Site, port: u16) -> Site {
        let (high, low) = (port >> 8, port & 0xFF);
        Self::to(server, move |line| match line.get(..3) {
            Some("227") => {
                Fate::Becomes(format!("227 Entering Passive Mode (127,0,0,1,{high},{low}).\r\n"))
            }
            Some("229") => {
                Fate::Becomes(format!("229 Entering Extended Passive Mode (|||{port}|)\r\n"))
            }
            _ => Fate::Passes,
        })
    }

    /// A server whose replies that begin so have this fate.
    pub(crate) fn of(server: &Site, start: &'static str, fate: Fate) -> Site {
        Self::to(
            server,
            move |line| {
                if line.starts_with(start) { fate.clone() } else { Fate::Passes }
            },
        )
    }

    /// Sends the server's data connections to another port than the client's.
    pub(crate) fn misrouting_back(server: &Site, port: u16) -> Site {
        let (high, low) = (port >> 8, port & 0xFF);
        let announce = move |line: &[u8]| match line.get(..4) {
            Some(b"PORT") => format!("PORT 127,0,0,1,{high},{low}\r\n").into_bytes(),
            Some(b"EPRT") => format!("EPRT |1|127.0.0.1|{port}|\r\n").into_bytes(),
            _ => line.to_vec(),
        };
        Self::between(server, announce, |_| Fate::Passes, Flight::Passes)
    }

    /// A server with TLS, whose part of the handshake has this fate.
    pub(crate) fn of_tls(server: &Site, flight: Flight) -> Site {
        Self::between(server, <[u8]>::to_vec, |_| Fate::Passes, flight)
    }

    pub(crate) fn to(server: &Site, fate: impl Fn(&str) -> Fate + Clone + Send + 'static) -> Site {
        Self::between(server, <[u8]>::to_vec, fate, Flight::Passes)
    }

    /// Serves until the test process ends: a thread that waits in `accept` harms nobody.
    fn between(
        server: &Site,
        hear: impl Fn(&[u8]) -> Vec<u8> + Clone + Send + 'static,
        fate: impl Fn(&str) -> Fate + Clone + Send + 'static,
        flight: Flight,
    ) -> Site {
        let listener =
            TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
        let address = listener.local_addr().expect("a bound socket has an address");
        let upstream = server.address;
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (hear, fate) = (hear.clone(), fate.clone());
                // A connection that breaks is what this is for.
                thread::spawn(move || session(&client, upstream, hear, fate, flight));
            }
        });
        Site { address, ..server.clone() }
    }
}

fn session(
    client: &TcpStream,
    upstream: SocketAddr,
    hear: impl Fn(&[u8]) -> Vec<u8> + Send + 'static,
    fate: impl Fn(&str) -> Fate,
    flight: Flight,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(upstream)?;
    let (mut from_client, mut to_client) = (client.try_clone()?, client);
    let mut to_server = server.try_clone()?;
    thread::spawn(move || -> std::io::Result<()> {
        // Clients send each command in a segment of its own, and wait for the answer.
        let mut command = [0; 4096];
        loop {
            match from_client.read(&mut command)? {
                0 => return Ok(()),
                size => to_server.write_all(&hear(&command[..size]))?,
            }
        }
    });
    let mut from_server = BufReader::new(server.try_clone()?);
    loop {
        let mut line = Vec::new();
        if from_server.read_until(b'\n', &mut line)? == 0 {
            return client.shutdown(Shutdown::Both);
        }
        match fate(&String::from_utf8_lossy(&line)) {
            Fate::Passes => to_client.write_all(&line)?,
            Fate::IsLost => {}
            Fate::Becomes(text) => to_client.write_all(text.as_bytes())?,
            Fate::Dribbles => {
                for byte in &line {
                    to_client.write_all(&[*byte])?;
                    thread::sleep(Duration::from_millis(1));
                }
            }
            Fate::IsAnEnd => return client.shutdown(Shutdown::Both),
            Fate::IsAReset => return reset(client),
            Fate::PassesThen(text) => {
                to_client.write_all(&line)?;
                thread::sleep(Duration::from_millis(250));
                to_client.write_all(text.as_bytes())?;
                return leave(client, &mut server);
            }
        }
        if line.starts_with(b"234") {
            return fly(&mut from_server, client, flight);
        }
    }
}

/// What the server says is TLS from here on: it is its answer to what the client has begun.
fn fly(
    mut server: &mut impl BufRead,
    mut client: &TcpStream,
    flight: Flight,
) -> std::io::Result<()> {
    server.fill_buf()?;
    match flight {
        Flight::Passes => drop(std::io::copy(&mut server, &mut client)?),
        Flight::StopsAfter(size) => {
            std::io::copy(&mut server.by_ref().take(size as u64), &mut client)?;
            std::io::copy(&mut server, &mut std::io::sink())?;
        }
        Flight::Dribbles => {
            for byte in server.bytes() {
                client.write_all(&[byte?])?;
            }
        }
        Flight::Becomes(bytes) => {
            client.write_all(bytes)?;
            std::io::copy(&mut server, &mut std::io::sink())?;
        }
        Flight::IsAnEnd => {}
        Flight::IsAReset => return reset(client),
    }
    client.shutdown(Shutdown::Both)
}

/// The RST goes out with the last handle: the thread that reads from the client ends, too.
fn reset(client: &TcpStream) -> std::io::Result<()> {
    SockRef::from(client).set_linger(Some(Duration::ZERO))?;
    client.shutdown(Shutdown::Read)
}

/// The server notices nothing and ends its transfer: only then is its connection given up.
fn leave(client: &TcpStream, server: &mut TcpStream) -> std::io::Result<()> {
    client.shutdown(Shutdown::Both)?;
    std::io::copy(server, &mut std::io::sink()).map(drop)
}
