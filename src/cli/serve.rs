//! `badftp serve`

use std::process::ExitCode;

use clap::Args;
use clap::builder::FalseyValueParser;
use clap_complete::engine::ArgValueCompleter;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::completions::scenarios;
use super::flags::{Flags, Log, Ports};
use super::reload::Reload;
use super::service::Service;
use super::signals::Signals;
use super::{Failure, load};
use crate::engine::Protocol;
use crate::expect::report;
use crate::scenario::Scenario;
use crate::server::{Replaced, Server};
use crate::ssh;

/// Two for each of the sessions a listener may hold.
const MOST_DESCRIPTORS: u64 = 65_536;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// A path (`./retry.yaml`, `retry.yaml/variant`), a shipped name (`ftp/data-425`: see `badftp list`), or the YAML
    /// itself. A file that changes is loaded again, for connections made from then on
    #[arg(env = "BADFTP_SCENARIO", hide_env_values = true, add = ArgValueCompleter::new(scenarios))]
    scenario: Option<String>,
    #[command(flatten)]
    flags: Flags,
    /// Do not print what happens
    #[arg(short, long, env = "BADFTP_QUIET", value_parser = FalseyValueParser::new())]
    quiet: bool,
}

impl Serve {
    #[tokio::main]
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        raise_descriptor_limit();
        let mut signals = Signals::catch().map_err(Failure::ours)?;
        let log = if self.quiet { Log::Quiet } else { Log::Live };
        let (scenario, reload) = match &self.scenario {
            None => (Scenario::healthy(), None),
            Some(reference) => {
                let found = load(reference)?;
                let reload = Reload::of(reference, &found);
                (found.scenario, reload)
            }
        };
        self.flags.begin_journal()?;
        let title = scenario.title();
        let service = Service::start(scenario, &self.flags, Ports::USUAL, log).await?;
        if log == Log::Live {
            announce(&title, &service);
        }
        let reloading = async {
            match reload {
                Some(reload) => reload.keep_up(&service.server, log).await,
                None => std::future::pending().await,
            }
        };
        let telling = async {
            loop {
                service.server.replacement().await;
                tell_replaced(&service.server, log).await;
            }
        };
        tokio::select! {
            _ = signals.next() => {}
            () = reloading => {}
            () = telling => {}
        }
        let judgement = service.server.verify().await;
        tell_replaced(&service.server, log).await;
        service.stop().await;
        if log == Log::Live {
            anstream::eprint!("{}", report::text(&judgement));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// As far as this process may. A child of `run` would inherit the limit, and may close every descriptor up to it: only
/// `serve` raises it.
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    // The kernel says "without limit" by `None`.
    let most = limit.maximum.map_or(MOST_DESCRIPTORS, |maximum| maximum.min(MOST_DESCRIPTORS));
    if limit.current.is_some_and(|current| current < most) {
        // With fewer it serves fewer clients at a time, and that is all.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit });
    }
}

/// Prints the verdict on each scenario that another one has replaced meanwhile.
async fn tell_replaced(server: &Server, log: Log) {
    for Replaced { scenario, judgement, .. } in server.replaced().await {
        if log == Log::Live && !judgement.findings.is_empty() {
            anstream::eprint!(
                "in {scenario}, before another scenario replaced it:\n{}",
                report::text(&judgement)
            );
        }
    }
}

fn announce(title: &str, service: &Service) {
    anstream::eprintln!("badftp {} serves {title}", env!("CARGO_PKG_VERSION"));
    let (user, password) = service.server.run().accounts.sample();
    for (protocol, address) in service.server.addresses() {
        let host_key = match protocol {
            Protocol::Sftp => format!(", host key {}", ssh::fingerprint()),
            Protocol::Ftp | Protocol::Ftps => String::new(),
        };
        anstream::eprintln!(
            "  {protocol}://{address}  (user {user}, password {password}{host_key})"
        );
    }
    if let Some(url) = service.control_url() {
        anstream::eprintln!("  {url}/health  (asked by `badftp health`)");
    }
    anstream::eprintln!("Ctrl-C ends it.");
}
