//! `badftp run`

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;
use tokio::process::{Child, Command};
use tokio::signal::unix::SignalKind;
use tokio::time::timeout;

use super::completions::scenarios;
use super::flags::{Flags, Log, Ports};
use super::health::CONTROL_URL;
use super::service::Service;
use super::signals::Signals;
use super::{Failure, load};
use crate::engine::Protocol;
use crate::server::Server;

/// The command was found but cannot be started, as `env` has it.
const EXIT_CANNOT_START: u8 = 126;
/// The command was not found, as `env` has it.
const EXIT_NOT_FOUND: u8 = 127;
/// A signal ends a command with this and its number, as shells have it.
const EXIT_SIGNAL: i32 = 128;
/// How long a command may take to heed a signal that was passed on.
const HEED_WITHIN: Duration = Duration::from_millis(1500);

#[derive(Debug, Args)]
pub(super) struct Run {
    /// A path (`./retry.yaml`, `retry.yaml/variant`) or a shipped name (`ftp/data-425`: see `badftp list`)
    #[arg(add = ArgValueCompleter::new(scenarios))]
    scenario: String,
    #[command(flatten)]
    flags: Flags,
    /// Print what happens on standard error
    #[arg(short, long)]
    verbose: bool,
    /// The command to run. Its environment says where to go: `BADFTP_HOST`, `BADFTP_FTP_URL`, `BADFTP_FTP_PORT`,
    /// the same for `SFTP`,
    /// `BADFTP_FTPS_PORT`, `BADFTP_CA_CERT`, `BADFTP_USER`, `BADFTP_PASSWORD`, `BADFTP_CONTROL_URL`
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

impl Run {
    #[tokio::main]
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::catch().map_err(Failure::ours)?;
        let log = if self.verbose { Log::Live } else { Log::Quiet };
        let scenario = load(&self.scenario)?.scenario;
        let service = Service::start(scenario, &self.flags, Ports::FREE, log).await?;
        let ca = ca_file().map_err(|error| {
            Failure::ours(format!("cannot write the CA for the command: {error}"))
        })?;
        let status = match self.start(&service, ca.path()) {
            Ok(mut child) => wait(&mut child, &mut signals).await.map_err(Failure::ours)?,
            Err(failure) => return Err(failure),
        };
        service.stop().await;
        Ok(ExitCode::from(exit_code(status)))
    }

    fn start(&self, service: &Service, ca: &Path) -> Result<Child, Failure> {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).envs(environment(service)).kill_on_drop(true);
        command.env("BADFTP_CA_CERT", ca);
        command.spawn().map_err(|error| {
            let name = self.command[0].to_string_lossy();
            if error.kind() == ErrorKind::NotFound {
                let message = format!("the command `{name}` was not found");
                return Failure::Command(EXIT_NOT_FOUND, message.into());
            }
            let message = format!("cannot start the command `{name}`: {error}");
            Failure::Command(EXIT_CANNOT_START, message.into())
        })
    }
}

/// What clients have to trust, in a file for as long as the command runs.
fn ca_file() -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("badftp-ca-").suffix(".pem").tempfile()?;
    file.write_all(Server::ca_pem().as_bytes())?;
    Ok(file)
}

/// What tells the command where to go.
fn environment(service: &Service) -> Vec<(String, String)> {
    let server = &service.server;
    let mut variables = vec![
        ("BADFTP_USER".to_owned(), server.user()),
        ("BADFTP_PASSWORD".to_owned(), server.password()),
    ];
    for protocol in Protocol::ALL {
        if let (Some(address), Some(url)) = (server.address(protocol), server.url(protocol)) {
            let name = protocol.word().to_uppercase();
            variables.push((format!("BADFTP_{name}_PORT"), address.port().to_string()));
            variables.push((format!("BADFTP_{name}_URL"), url));
            variables.push(("BADFTP_HOST".to_owned(), address.ip().to_string()));
        }
    }
    if let Some(url) = service.control_url() {
        variables.push((CONTROL_URL.to_owned(), url));
    }
    variables
}

/// Waits for the command, and passes signals on to it.
async fn wait(child: &mut Child, signals: &mut Signals) -> std::io::Result<ExitStatus> {
    loop {
        let kind = tokio::select! {
            status = child.wait() => return status,
            kind = signals.next() => kind,
        };
        // A terminal's Ctrl-C goes to the whole foreground group: the command has had it.
        let has_it = kind == SignalKind::interrupt() && std::io::stdin().is_terminal();
        if !has_it {
            pass_on(child, kind);
        }
        if let Ok(status) = timeout(HEED_WITHIN, child.wait()).await {
            return status;
        }
        child.kill().await?;
    }
}

fn pass_on(child: &Child, kind: SignalKind) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let signal = Signal::from_named_raw(kind.as_raw_value());
    if let (Some(pid), Some(signal)) = (pid, signal) {
        // It fails only when the command has ended meanwhile.
        let _ = kill_process(pid, signal);
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| EXIT_SIGNAL + signal));
    u8::try_from(code.unwrap_or(1)).unwrap_or(1)
}
