//! `badftp serve`

use std::process::ExitCode;

use clap::Args;

use super::flags::{Flags, Log};
use super::signals::Signals;
use super::{Failure, load, ready};
use crate::server::Server;

/// Where FTP is when nobody says.
const FTP_PORT: u16 = 2121;

/// Two for each of the sessions a listener may hold.
const MOST_DESCRIPTORS: u64 = 65_536;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// A path (`./retry.yaml`, `retry.yaml/variant`) or a shipped name (`ftp/data-425`: see `badftp list`)
    scenario: Option<String>,
    #[command(flatten)]
    flags: Flags,
    /// Do not print what happens
    #[arg(short, long)]
    quiet: bool,
}

impl Serve {
    #[tokio::main]
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        // A child of `run` would inherit the limit, and may close every descriptor up to it: only `serve` raises it.
        let _ = rlimit::increase_nofile_limit(MOST_DESCRIPTORS);
        let mut signals = Signals::catch().map_err(Failure::ours)?;
        let log = if self.quiet { Log::Quiet } else { Log::Live };
        let mut scenario = load(self.scenario.as_deref())?;
        let title = scenario.title();
        let options = self.flags.options(&mut scenario, FTP_PORT, log)?;
        let server = Server::start(scenario, options).await.map_err(Failure::Start)?;
        if log == Log::Live {
            announce(&title, &server);
        }
        if let Some(path) = &self.flags.ready_file {
            ready::write(path, &server).map_err(|error| {
                Failure::ours(format!("cannot write the ready file {}: {error}", path.display()))
            })?;
        }
        signals.next().await;
        server.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}

fn announce(title: &str, server: &Server) {
    anstream::eprintln!("badftp {} serves {title}", env!("CARGO_PKG_VERSION"));
    let (user, password) = server.run().accounts.sample();
    for (protocol, address) in server.addresses() {
        anstream::eprintln!("  {protocol}://{address}  (user {user}, password {password})");
    }
    anstream::eprintln!("Ctrl-C ends it.");
}
