//! The server under attack, and what it costs.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::client::Client;
use crate::badftp::Badftp;
use crate::run::run;
use crate::site::Family;
use crate::until::until;

/// A build that is not optimised spends more on everything; how much says nothing.
pub(super) const GENEROSITY: u64 = if cfg!(debug_assertions) { 4 } else { 1 };

pub(super) const KIB: u64 = 1024;
pub(super) const MIB: u64 = 1024 * KIB;

pub(super) struct Victim {
    badftp: Badftp,
    /// Its process.
    process: PathBuf,
    _folder: TempDir,
}

impl Victim {
    pub(super) fn healthy() -> Self {
        Self::with_yaml("files: {/hello.txt: hello, /big: {size: 256MiB}}\n")
    }

    pub(super) fn with_yaml(yaml: &str) -> Self {
        Self::by(|scenario| Badftp::start(Family::V4, &[scenario]), yaml)
    }

    /// The same, speaking SFTP; nothing is held for longer than a second.
    pub(super) fn sftp_with_yaml(yaml: &str) -> Self {
        Self::by(|scenario| Badftp::sftp(&[scenario, "--max-hold", "1s"]), yaml)
    }

    fn by(start: impl Fn(&str) -> Badftp, yaml: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let scenario = folder.path().join("scenario.yaml");
        fs::write(&scenario, yaml).expect("a temporary file can be written");
        let scenario = scenario.to_string_lossy();
        let badftp = start(&scenario);
        let process = process_with(&scenario).expect("the server's process is in /proc");
        Self { badftp, process, _folder: folder }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.badftp.site().address
    }

    pub(super) fn greeted(&self) -> Client {
        Client::greeted(self.address())
    }

    pub(super) fn logged_in(&self) -> Client {
        Client::logged_in(self.address())
    }

    /// The memory it holds, in bytes.
    pub(super) fn memory(&self) -> u64 {
        let status = fs::read_to_string(self.process.join("status")).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line
            .and_then(|line| line.split_whitespace().next())
            .and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("the status tells the resident memory") * KIB
    }

    /// The files and sockets it has open.
    pub(super) fn descriptors(&self) -> usize {
        fs::read_dir(self.process.join("fd")).expect("the server runs").count()
    }

    /// Waits until it has no more open than at the beginning.
    #[track_caller]
    pub(super) fn let_go_of_all_but(&self, descriptors: usize) {
        until(
            format!("it has no more than {descriptors} descriptors, as at the beginning"),
            || self.descriptors() <= descriptors,
        );
    }

    /// Serves a new client in full, and blames itself for nothing.
    #[track_caller]
    pub(super) fn is_unharmed(&self) {
        let mut client = self.logged_in();
        let mut data = client.data();
        client.ask("RETR hello.txt", "150");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut data, &mut text).expect("the file comes");
        assert_eq!(text, "hello");
        client.hear("226");
        client.ask("QUIT", "221");
        self.is_blameless();
    }

    /// The same over SFTP, where it asks itself.
    #[track_caller]
    pub(super) fn is_well(&self) {
        let mut health = Command::new(env!("CARGO_BIN_EXE_badftp"));
        let control = self.badftp.control().to_string();
        run(health.args(["health", "--control", &control])).ok();
        self.is_blameless();
    }

    #[track_caller]
    fn is_blameless(&self) {
        let ours = self.badftp.journal().into_iter().find(|record| record["cause"] == "badftp");
        assert!(ours.is_none(), "the journal blames badftp itself: {ours:?}");
    }
}

/// The process whose command line names our scenario, which nobody else's does.
fn process_with(argument: &str) -> Option<PathBuf> {
    let processes = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path());
    let names_it = |path: &PathBuf| {
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes())
    };
    processes.into_iter().find(names_it)
}
