//! `badftp run`

mod command;
mod environment;
mod exit;
mod summary;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::completions::scenarios;
use super::flags::{Flags, Log, Ports};
use super::service::Service;
use super::signals::Signals;
use super::{Failure, load_all};
use crate::expect::{Ended, report};
use crate::scenario::{HEALTHY, Scenario, duration};
use crate::server::Server;

use command::Running;
use environment::Environment;
use summary::{Case, Summary};

#[derive(Debug, Args)]
pub(super) struct Run {
    /// A path (`./retry.yaml`, `retry.yaml/variant`), a shipped name (`ftp/data-425`: see `badftp list`), or a glob of
    /// either (`'sftp/**'`); a healthy server when none is named. With several, the command runs once for each
    #[arg(value_name = "SCENARIO", add = ArgValueCompleter::new(scenarios))]
    scenarios: Vec<String>,
    #[command(flatten)]
    flags: Flags,
    /// Print what happens on standard error
    #[arg(short, long, env = "BADFTP_VERBOSE", value_parser = FalseyValueParser::new())]
    verbose: bool,
    /// End the command when it takes longer, with exit code 124
    #[arg(long, value_name = "DURATION", value_parser = duration, env = "BADFTP_TIMEOUT")]
    timeout: Option<Duration>,
    /// Write the verdict to this file, as the JUnit XML that CI systems read
    #[arg(long, value_name = "FILE", env = "BADFTP_JUNIT")]
    junit: Option<PathBuf>,
    /// Write the verdict to this file, as a JSON object
    #[arg(long, value_name = "FILE", env = "BADFTP_REPORT")]
    report: Option<PathBuf>,
    /// The command to run. Its environment names the scenario, `BADFTP_RUN_SCENARIO`, and says where to go:
    /// `BADFTP_HOST`, `BADFTP_FTP_URL`, `BADFTP_FTP_PORT`, the same for `FTPS` and `SFTP`, `BADFTP_CA_CERT`,
    /// `BADFTP_KNOWN_HOSTS`, `BADFTP_IDENTITY`, `BADFTP_USER`, `BADFTP_PASSWORD`, `BADFTP_CONTROL_URL`
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

impl Run {
    #[tokio::main]
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::catch().map_err(Failure::ours)?;
        let scenarios = self.scenarios()?;
        self.flags.begin_journal()?;
        let mut summary = Summary::of(self.command_line(), scenarios.len());
        for (name, scenario) in scenarios {
            summary.begin(&name);
            let cases = self.run_in(name, scenario, &mut signals).await?;
            let is_over =
                cases.iter().any(|case| matches!(case.ended, Some(Ended::Interrupted(_))));
            summary.add(cases);
            if is_over {
                break;
            }
        }
        summary.print();
        write(self.junit.as_ref(), || summary.junit())?;
        write(self.report.as_ref(), || summary.json())?;
        Ok(ExitCode::from(summary.exit_code()))
    }

    /// The scenarios that were named, each by its name.
    fn scenarios(&self) -> Result<Vec<(String, Scenario)>, Failure> {
        if self.scenarios.is_empty() {
            return Ok(vec![(HEALTHY.to_owned(), Scenario::healthy())]);
        }
        let mut scenarios = Vec::new();
        for reference in &self.scenarios {
            let found = load_all(reference)?.into_iter();
            scenarios.extend(found.map(|found| (found.reference, found.scenario)));
        }
        Ok(scenarios)
    }

    fn command_line(&self) -> String {
        let words = self.command.iter().map(|word| word.to_string_lossy());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Runs the command beside a server of its own, and judges it: in the scenario that it was started for, and behind
    /// that in each that it has loaded itself.
    async fn run_in(
        &self,
        name: String,
        scenario: Scenario,
        signals: &mut Signals,
    ) -> Result<Vec<Case>, Failure> {
        let log = if self.verbose { Log::Live } else { Log::Quiet };
        let mut service = Service::start(scenario, &self.flags, Ports::FREE, log).await?;
        let environment = Environment::of(&name, &service, &self.flags).map_err(|error| {
            Failure::ours(format!("cannot write the files that the command is told of: {error}"))
        })?;
        let running = Running::start(&self.command, environment.variables.clone())?;
        let began = Instant::now();
        let ended = running.end(signals, self.timeout).await.map_err(Failure::ours)?;
        let took = began.elapsed();
        service.end_control().await;
        let mut cases = judged(&service.server, ended).await;
        if let Some(first) = cases.first_mut() {
            (first.ended, first.took) = (Some(ended), took);
        }
        service.stop().await;
        self.print(&cases);
        Ok(cases)
    }

    /// Prints what is to be said of each scenario, under its name if there are several.
    fn print(&self, cases: &[Case]) {
        for Case { scenario, judgement, .. } in cases {
            let is_all_well = judgement.passes() && judgement.skipped().next().is_none();
            if is_all_well && !self.verbose {
                continue;
            }
            if cases.len() > 1 {
                anstream::eprintln!("in {scenario}:");
            }
            anstream::eprint!("{}", report::text(judgement));
        }
    }
}

/// The verdict on each scenario that a server has played: first on the one that it began with, for which the command was
/// started that has ended so.
async fn judged(server: &Server, ended: Ended) -> Vec<Case> {
    let judgement = server.verify_after(ended).await;
    let (scenario, took) = (server.scenario(), server.run().elapsed());
    let running = Case { scenario, ended: None, took, judgement };
    let replaced = server.replaced().await.into_iter().map(|replaced| Case {
        scenario: replaced.scenario,
        ended: None,
        took: replaced.time,
        judgement: replaced.judgement,
    });
    let mut cases: Vec<Case> = replaced.chain([running]).collect();
    let mut loaded = cases.split_off(1);
    // What `DELETE /scenario` leaves, nobody has loaded.
    loaded.retain(|case| case.scenario != HEALTHY || !case.judgement.findings.is_empty());
    cases.append(&mut loaded);
    cases
}

/// Writes a report, if it is asked for.
fn write(path: Option<&PathBuf>, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, text()).map_err(|error| {
        Failure::ours(format!("cannot write the report {}: {error}", path.display()))
    })
}
