//! Flags that `serve` and `run` share.

use std::fs::OpenOptions;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU16;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use socket2::{Domain, Socket, Type};

use super::Failure;
use crate::control::{Access, Token};
use crate::engine::Protocol;
use crate::journal::{JsonLines, LiveLog, Writer};
use crate::scenario::{duration, size};
use crate::server::{Builder, Server};

/// Names the control listener to `serve`, and so to `health`.
pub(super) const CONTROL: &str = "BADFTP_CONTROL";
/// Names the control listener's token.
pub(super) const CONTROL_TOKEN: &str = "BADFTP_CONTROL_TOKEN";

/// Where one listener is, if it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listen {
    Off,
    At(SocketAddr),
}

impl Listen {
    fn local(port: u16) -> Self {
        Self::At(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        if let Some(Ok(port)) = text.strip_prefix("*:").map(str::parse) {
            return Ok(Self::At(SocketAddr::new(everywhere(), port)));
        }
        let local = text.strip_prefix("localhost").map(|rest| format!("127.0.0.1{rest}"));
        let text = local.as_deref().unwrap_or(text);
        if let Ok(port) = text.trim_start_matches(':').parse() {
            return Ok(Self::local(port));
        }
        text.parse().map(Self::At).map_err(|_| {
            "expected `off`, or an address and port such as `127.0.0.1:2121`, `[::1]:0`, `2121`, or `*:2121` for all \
             addresses; port 0 picks a free one"
                .to_owned()
        })
    }
}

/// Every address of this machine: of both families, where it has IPv6 at all.
fn everywhere() -> IpAddr {
    match Socket::new(Domain::IPV6, Type::STREAM, None) {
        Ok(_) => Ipv6Addr::UNSPECIFIED.into(),
        Err(_) => Ipv4Addr::UNSPECIFIED.into(),
    }
}

/// `30000` or `30000-30009`
fn ports(text: &str) -> Result<RangeInclusive<u16>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if 0 < first && first <= last => Ok(first..=last),
        _ => Err("expected a port such as `30000`, or a range such as `30000-30009`".to_owned()),
    }
}

/// `30000=49153`
fn published(text: &str) -> Result<(NonZeroU16, NonZeroU16), String> {
    let ports = text.split_once('=').map(|(inside, outside)| (inside.parse(), outside.parse()));
    match ports {
        Some((Ok(inside), Ok(outside))) => Ok((inside, outside)),
        _ => {
            Err("expected our port and the one it is published as, such as `30000=49153`"
                .to_owned())
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Where to speak FTP: an address, `*:PORT` for all of this machine, or `off`; port 0 picks a free one [default:
    /// 127.0.0.1:2121, under `run` any free port]
    #[arg(long, value_name = "ADDRESS", env = "BADFTP_FTP")]
    ftp: Option<Listen>,
    /// Where to speak FTPS with implicit TLS: an address, or `off` [default: 127.0.0.1:2990, under `run` any free port]
    #[arg(long, value_name = "ADDRESS", env = "BADFTP_FTPS")]
    ftps: Option<Listen>,
    /// Where to speak SFTP: an address, or `off`; port 0 picks a free one [default: 127.0.0.1:2222, under `run` any
    /// free port]
    #[arg(long, value_name = "ADDRESS", env = "BADFTP_SFTP")]
    sftp: Option<Listen>,
    /// Where to answer tests and `badftp health`, over HTTP: an address, or `off` [default: 127.0.0.1:2180, under `run`
    /// any free port]
    #[arg(long, value_name = "ADDRESS", env = CONTROL)]
    control: Option<Listen>,
    /// What tests have to show there, as `Authorization: Bearer TOKEN`; without one, and where it is not on loopback, only
    /// `GET /health` is answered. `none` lets everybody ask who can reach it
    #[arg(long, value_name = "TOKEN", env = CONTROL_TOKEN, hide_env_values = true)]
    control_token: Option<String>,
    /// A name of this server that its valid certificate is for, besides localhost and the name a client asks for
    #[arg(long, value_name = "NAME", env = "BADFTP_HOSTNAME", value_delimiter = ',')]
    hostname: Vec<String>,
    /// Ports for FTP's data connections (`30000`, `30000-30009`), shared by all sessions: one is enough [default: any
    /// free ones]
    #[arg(long, value_name = "PORTS", value_parser = ports, env = "BADFTP_PASSIVE_PORTS")]
    passive_ports: Option<RangeInclusive<u16>>,
    /// The host that clients reach us at, where addresses are translated on the way: what PASV tells, and what an active
    /// data connection does not ask about
    #[arg(long, value_name = "HOST", env = "BADFTP_ADVERTISE")]
    advertise: Option<String>,
    /// A port of ours, and what it is outside (`30000=49153`): what PASV and EPSV tell
    #[arg(long, value_name = "INSIDE=OUTSIDE", value_parser = published, env = "BADFTP_ADVERTISE_PORT", value_delimiter = ',')]
    advertise_port: Vec<(NonZeroU16, NonZeroU16)>,
    /// When every listener answers, write a JSON object with their addresses to this file
    #[arg(long, value_name = "FILE", env = "BADFTP_READY_FILE")]
    pub(super) ready_file: Option<PathBuf>,
    /// Draw chances and delays from this seed instead of the scenario's
    #[arg(long, value_name = "NUMBER", env = "BADFTP_SEED")]
    seed: Option<u64>,
    /// Write the journal to this file, a JSON object a line; `-` is standard output
    #[arg(long, value_name = "FILE", env = "BADFTP_JOURNAL")]
    journal: Option<PathBuf>,
    /// The longest a rule may hold a connection still
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration, env = "BADFTP_MAX_HOLD")]
    max_hold: Duration,
    /// The most bytes that clients may store
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size, env = "BADFTP_CAPACITY")]
    capacity: u64,
}

/// Where the listeners are when nobody says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    ftp: u16,
    ftps: u16,
    sftp: u16,
    pub(super) control: u16,
}

impl Ports {
    /// Those that people know.
    pub(super) const USUAL: Self = Self { ftp: 2121, ftps: 2990, sftp: 2222, control: 2180 };
    /// Any that are free.
    pub(super) const FREE: Self = Self { ftp: 0, ftps: 0, sftp: 0, control: 0 };

    fn of(self, protocol: Protocol) -> Listen {
        Listen::local(match protocol {
            Protocol::Ftp => self.ftp,
            Protocol::Ftps => self.ftps,
            Protocol::Sftp => self.sftp,
        })
    }
}

/// Whether people read along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    Live,
    Quiet,
}

impl Flags {
    /// The server that they ask for.
    pub(super) fn builder(&self, ports: Ports, log: Log) -> Result<Builder, Failure> {
        let mut builder =
            Server::builder().unverified().max_hold(self.max_hold).capacity(self.capacity);
        for (protocol, asked) in Protocol::ALL.into_iter().zip([self.ftp, self.ftps, self.sftp]) {
            builder = match asked.unwrap_or(ports.of(protocol)) {
                Listen::Off => builder.without(protocol),
                Listen::At(address) => builder.listen(protocol, address),
            };
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        for hostname in &self.hostname {
            builder = builder.hostname(hostname);
        }
        if let Some(ports) = &self.passive_ports {
            builder = builder.passive_ports(ports.clone());
        }
        if let Some(host) = &self.advertise {
            builder = builder.advertise(host);
        }
        for (inside, outside) in &self.advertise_port {
            builder = builder.advertise_port(*inside, *outside);
        }
        if log == Log::Live {
            let live = Writer::start("live log", LiveLog).map_err(Failure::ours)?;
            builder = builder.journal_to(live);
        }
        if self.journal.is_some() {
            let lines = match self.journal_file() {
                None => Writer::start("journal", JsonLines::new(io::stdout())),
                Some(path) => {
                    let file = OpenOptions::new().append(true).create(true).open(path);
                    let file = file.map_err(|error| cannot_write(path, &error))?;
                    Writer::start("journal", JsonLines::new(file))
                }
            };
            builder = builder.journal_to(lines.map_err(Failure::ours)?);
        }
        Ok(builder)
    }

    /// The file of the journal, if it is in one.
    fn journal_file(&self) -> Option<&Path> {
        self.journal.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Makes an empty journal, to which every server of this process appends.
    pub(super) fn begin_journal(&self) -> Result<(), Failure> {
        let Some(path) = self.journal_file() else { return Ok(()) };
        std::fs::write(path, "").map_err(|error| cannot_write(path, &error))
    }

    /// What is asked for by the control listener, for the command under `run`.
    pub(super) fn control_token(&self) -> Option<&str> {
        self.control_token.as_deref().filter(|token| *token != "none")
    }

    /// Where the control listener is, if it is on.
    pub(super) fn control(&self, ports: Ports) -> Option<SocketAddr> {
        match self.control.unwrap_or(Listen::local(ports.control)) {
            Listen::Off => None,
            Listen::At(address) => Some(address),
        }
    }

    /// Who may ask there.
    pub(super) fn access(&self, control: SocketAddr) -> Result<Access, Failure> {
        match self.control_token.as_deref() {
            Some("none") => Ok(Access::Everybody),
            Some(token) => match Token::new(token) {
                Some(token) => Ok(Access::Holders(token)),
                None => Err(Failure::usage("the control token is empty")),
            },
            None if control.ip().is_loopback() => Ok(Access::Everybody),
            None => Ok(Access::Nobody),
        }
    }
}

fn cannot_write(journal: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write the journal {}: {error}", journal.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_short() {
        let at = |text: &str| Listen::At(text.parse().unwrap());
        assert_eq!("2121".parse(), Ok(at("127.0.0.1:2121")));
        assert_eq!(":0".parse(), Ok(at("127.0.0.1:0")));
        assert_eq!("localhost:21".parse(), Ok(at("127.0.0.1:21")));
        assert_eq!("[::1]:0".parse(), Ok(at("[::1]:0")));
        assert!(
            matches!("*:2121".parse(), Ok(Listen::At(at)) if at.ip().is_unspecified() && at.port() == 2121)
        );
        assert_eq!("off".parse(), Ok(Listen::Off));
        assert!("127.0.0.1".parse::<Listen>().is_err());
        assert!("*".parse::<Listen>().is_err());
    }

    #[test]
    fn ports_may_be_one_or_a_range() {
        assert_eq!(ports("30000"), Ok(30_000..=30_000));
        assert_eq!(ports("30000-30009"), Ok(30_000..=30_009));
        for wrong in ["", "0", "30009-30000", "30000-", "70000", "a"] {
            assert!(ports(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_published_port_has_two_numbers() {
        let port = |number| NonZeroU16::new(number).unwrap();
        assert_eq!(published("30000=49153"), Ok((port(30_000), port(49_153))));
        for wrong in ["", "30000", "30000=", "0=1", "1=0", "1=70000", "1:2"] {
            assert!(published(wrong).is_err(), "{wrong}");
        }
    }
}
