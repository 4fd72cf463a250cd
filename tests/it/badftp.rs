//! The server under test, as a child process of its own.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{end, spawn, wait};
use crate::site::{Family, Site};

/// Starting takes milliseconds; a loaded machine may need more.
const READY: Duration = Duration::from_secs(20);

pub(crate) struct Badftp {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
    control: SocketAddr,
}

impl Badftp {
    /// A shipped scenario by its name, such as `ftp/data-425/bad-ip`, or the path of a file.
    #[track_caller]
    pub(crate) fn serve(scenario: &str) -> Self {
        Self::start(Family::V4, &[scenario])
    }

    /// A scenario written in the test itself.
    #[track_caller]
    pub(crate) fn with_yaml(yaml: &str) -> Self {
        Self::with_yaml_on(Family::V4, yaml)
    }

    #[track_caller]
    pub(crate) fn with_yaml_on(family: Family, yaml: &str) -> Self {
        Self::written("ftp", family, yaml)
    }

    /// The server without any scenario, with which every client must be happy.
    #[track_caller]
    pub(crate) fn healthy(family: Family) -> Self {
        Self::start(family, &[])
    }

    /// `arguments` follow `badftp serve`; the listeners that the tests do not need are off.
    #[track_caller]
    pub(crate) fn start(family: Family, arguments: &[&str]) -> Self {
        Self::start_in(temporary_folder(), "ftp", family, arguments)
    }

    /// The same, speaking FTP, on IPv4.
    #[track_caller]
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        Self::start(Family::V4, arguments)
    }

    /// The server without any scenario, on a port that speaks TLS from the first byte on.
    #[track_caller]
    pub(crate) fn healthy_ftps(family: Family) -> Self {
        Self::start_in(temporary_folder(), "ftps", family, &[])
    }

    /// A scenario written in the test itself, on the port for implicit TLS.
    #[track_caller]
    pub(crate) fn ftps_with_yaml(yaml: &str) -> Self {
        Self::written("ftps", Family::V4, yaml)
    }

    /// A scenario by its name, on the port for implicit TLS.
    #[track_caller]
    pub(crate) fn serve_ftps(scenario: &str) -> Self {
        Self::start_in(temporary_folder(), "ftps", Family::V4, &[scenario])
    }

    /// The server without any scenario, with a variable in its environment.
    #[track_caller]
    pub(crate) fn with_environment(name: &str, value: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badftp"));
        command.env(name, value);
        Self::start_by(command, temporary_folder(), "ftp", Family::V4, &[])
    }

    /// The server without any scenario, by a command that runs another binary than ours.
    #[track_caller]
    pub(crate) fn by(command: Command, protocol: &str) -> Self {
        Self::start_by(command, temporary_folder(), protocol, Family::V4, &[])
    }

    /// The same, speaking SFTP.
    #[track_caller]
    pub(crate) fn sftp(arguments: &[&str]) -> Self {
        Self::start_in(temporary_folder(), "sftp", Family::V4, arguments)
    }

    /// A scenario written in the test itself, over SFTP.
    #[track_caller]
    pub(crate) fn sftp_with_yaml(yaml: &str) -> Self {
        Self::written("sftp", Family::V4, yaml)
    }

    #[track_caller]
    fn written(protocol: &str, family: Family, yaml: &str) -> Self {
        let folder = temporary_folder();
        let path = folder.path().join("scenario.yaml");
        fs::write(&path, yaml).expect("a temporary file can be written");
        Self::start_in(folder, protocol, family, &[&path.to_string_lossy()])
    }

    /// A scenario's own file must stay where it is: when it goes, the server says so.
    #[track_caller]
    fn start_in(folder: TempDir, protocol: &str, family: Family, arguments: &[&str]) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_badftp"));
        Self::start_by(command, folder, protocol, family, arguments)
    }

    #[track_caller]
    fn start_by(
        mut command: Command,
        folder: TempDir,
        protocol: &str,
        family: Family,
        arguments: &[&str],
    ) -> Self {
        let log =
            File::create(folder.path().join("stderr")).expect("a temporary file can be written");
        if !arguments.contains(&"--control") {
            command.env("BADFTP_CONTROL", family.any_port());
        }
        let mut child = spawn(
            command
                .arg("serve")
                .args(arguments)
                .args([
                    "--ftp",
                    if protocol == "ftp" { family.any_port() } else { "off" },
                    "--ftps",
                    if protocol == "ftps" { family.any_port() } else { "off" },
                    "--sftp",
                    if protocol == "sftp" { family.any_port() } else { "off" },
                ])
                .arg("--ready-file")
                .arg(folder.path().join("ready"))
                .arg("--journal")
                .arg(folder.path().join("journal"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log),
        );
        let Some(ready) = wait_until_ready(&mut child, &folder) else {
            end(&mut child);
            let stderr = fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
            panic!(
                "`badftp serve {}` did not become ready\n--- stderr\n{stderr}",
                arguments.join(" ")
            );
        };
        let (address, control) = (address(&ready, protocol), address(&ready, "control"));
        Self { child, folder, address, control }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Any name and password may log in, so it is the account that the peers have.
    pub(crate) fn site(&self) -> Site {
        Site::at(self.address, "/")
    }

    pub(crate) fn process(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Sends it a signal, and tells how it ended; `None` when it still runs after that time.
    pub(crate) fn end_by(&mut self, signal: Signal, within: Duration) -> Option<ExitStatus> {
        kill_process(self.process(), signal).expect("our own child can be signalled");
        wait(&mut self.child, within)
    }

    /// What the server says has happened, a value a line; only whole lines, for the server may be writing.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.journal_path()).expect("the journal can be read");
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let value = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{error} in the journal: {line}"))
        };
        whole.lines().map(value).collect()
    }

    /// What it has printed so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default()
    }

    /// Where `badftp health` asks.
    pub(crate) fn control(&self) -> SocketAddr {
        self.control
    }

    /// A file beside the scenario written in the test; the scenario itself is `scenario.yaml`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn journal_path(&self) -> PathBuf {
        self.folder.path().join("journal")
    }
}

impl Drop for Badftp {
    fn drop(&mut self) {
        end(&mut self.child);
        if thread::panicking() {
            let log = self.log();
            let journal = fs::read_to_string(self.journal_path()).unwrap_or_default();
            eprintln!("--- badftp said\n{log}\n--- its journal\n{journal}---");
        }
    }
}

fn temporary_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// `None` when the server has ended, or the time is over.
fn wait_until_ready(child: &mut Child, folder: &TempDir) -> Option<Value> {
    let deadline = Instant::now() + READY;
    while Instant::now() < deadline {
        if let Ok(text) = fs::read_to_string(folder.path().join("ready")) {
            return Some(
                serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{error} in the ready file: {text}")),
            );
        }
        if child.try_wait().expect("our own child can be waited for").is_some() {
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
    None
}

#[track_caller]
fn address(ready: &Value, listener: &str) -> SocketAddr {
    let address = ready[listener].as_str().and_then(|text| text.parse().ok());
    address.unwrap_or_else(|| {
        panic!("expected an address as `{listener}` in the ready file, got {ready}")
    })
}
