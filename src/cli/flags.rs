//! Flags that `serve` and `run` share.

use std::fs::OpenOptions;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::Failure;
use crate::control::Token;
use crate::engine::Protocol;
use crate::journal::{JsonLines, LiveLog, Writer};
use crate::scenario::{duration, size};
use crate::server::{Builder, Server};

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
        let local = text.strip_prefix("localhost").map(|rest| format!("127.0.0.1{rest}"));
        let text = local.as_deref().unwrap_or(text);
        if let Ok(port) = text.trim_start_matches(':').parse() {
            return Ok(Self::local(port));
        }
        text.parse().map(Self::At).map_err(|_| {
            "expected `off`, or an address and port such as `127.0.0.1:2121`, `[::1]:0` or `2121`; port 0 picks a \
             free one"
                .to_owned()
        })
    }
}

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Where to speak FTP: an address, or `off`; port 0 picks a free one [default: 127.0.0.1:2121, under `run` any
    /// free port]
    #[arg(long, value_name = "ADDRESS")]
    ftp: Option<Listen>,
    /// Where to speak FTPS with implicit TLS: an address, or `off` [default: 127.0.0.1:2990, under `run` any free port]
    #[arg(long, value_name = "ADDRESS")]
    ftps: Option<Listen>,
    /// Where to speak SFTP: an address, or `off`; port 0 picks a free one [default: 127.0.0.1:2222, under `run` any
    /// free port]
    #[arg(long, value_name = "ADDRESS")]
    sftp: Option<Listen>,
    /// Where to answer tests and `badftp health`, over HTTP: an address, or `off` [default: 127.0.0.1:2180, under `run`
    /// any free port]
    #[arg(long, value_name = "ADDRESS")]
    control: Option<Listen>,
    /// What tests have to show there, as `Authorization: Bearer TOKEN`; needed where it is not on loopback. `none` lets
    /// everybody ask who can reach it
    #[arg(long, value_name = "TOKEN", env = CONTROL_TOKEN, hide_env_values = true)]
    control_token: Option<String>,
    /// A name of this server that its valid certificate is for, besides localhost and the name a client asks for
    #[arg(long, value_name = "NAME")]
    hostname: Vec<String>,
    /// When every listener answers, write a JSON object with their addresses to this file
    #[arg(long, value_name = "FILE")]
    pub(super) ready_file: Option<PathBuf>,
    /// Draw chances and delays from this seed instead of the scenario's
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Write the journal to this file, a JSON object a line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// The longest a rule may hold a connection still
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    max_hold: Duration,
    /// The most bytes that clients may store
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
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
        if log == Log::Live {
            let live = Writer::start("live log", LiveLog).map_err(Failure::ours)?;
            builder = builder.journal_to(live);
        }
        if let Some(path) = &self.journal {
            let file = OpenOptions::new().append(true).create(true).open(path);
            let file = file.map_err(|error| cannot_write(path, &error))?;
            let lines = Writer::start("journal", JsonLines::new(file)).map_err(Failure::ours)?;
            builder = builder.journal_to(lines);
        }
        Ok(builder)
    }

    /// Makes an empty journal, to which every server of this process appends.
    pub(super) fn begin_journal(&self) -> Result<(), Failure> {
        let Some(path) = &self.journal else { return Ok(()) };
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

    /// What is asked for there, if anything is.
    ///
    /// # Errors
    /// It can be reached from elsewhere, and nobody says who may ask.
    pub(super) fn token(&self, control: SocketAddr) -> Result<Option<Token>, Failure> {
        match self.control_token.as_deref() {
            Some("none") => Ok(None),
            Some(token) => match Token::new(token) {
                Some(token) => Ok(Some(token)),
                None => Err(Failure::usage("the control token is empty")),
            },
            None if control.ip().is_loopback() => Ok(None),
            None => Err(Failure::usage(format!(
                "`--control {control}` can be reached from elsewhere\n\nhint: say who may ask by `--control-token TOKEN`, \
                 or `--control-token none` for everybody"
            ))),
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
        assert_eq!("off".parse(), Ok(Listen::Off));
        assert!("127.0.0.1".parse::<Listen>().is_err());
    }
}
