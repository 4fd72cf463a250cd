//! The command line: `serve`, `run`, `check`, `list`, `show`.
//!
//! Exit codes: the command's own under `run`; 0 all is well; 2 a usage or scenario error; 125 badftp itself
//! failed; 126 and 127 a command that `run` could not start, or not find, as `env` has them.

mod check;
mod flags;
mod list;
mod ready;
mod run;
mod serve;
mod show;
mod signals;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::engine::Protocol;
use crate::scenario::{self, Scenario};
use crate::server::StartError;

/// Usage or scenario errors.
const EXIT_SCENARIO: u8 = 2;
/// badftp itself failed.
const EXIT_OURS: u8 = 125;

/// A server that speaks real FTP and fails on command, to test how a client copes.
#[derive(Debug, Parser)]
#[command(name = "badftp", version, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 2 usage or scenario error, 125 badftp itself failed; `run` exits as its \
                        command does, with 126 or 127 when that cannot be started or found."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a scenario until SIGINT or SIGTERM; a healthy server when none is named
    Serve(serve::Serve),
    /// Serve a scenario on free ports while a command runs, and exit as the command does
    Run(run::Run),
    /// Check scenario files: every mistake, with its line and a hint
    Check(check::Check),
    /// List the scenarios that come with badftp
    List(list::List),
    /// Show a scenario: what it does, what clients show, and its YAML
    Show(show::Show),
}

/// What went wrong, with the exit code it means.
#[derive(Debug)]
enum Failure {
    /// What is printed says it all already.
    Printed(u8),
    /// The user's mistake.
    Usage(Box<dyn Error + Send + Sync>),
    /// Ours, or the system's.
    Ours(Box<dyn Error + Send + Sync>),
    /// With its own exit code and a hint.
    Start(StartError),
}

impl Failure {
    fn usage(message: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Usage(message.into())
    }

    /// Printed here, as only the scenario knows how to show its lines.
    fn scenario(error: &scenario::Error) -> Self {
        anstream::eprintln!("{}", error.report());
        Self::Printed(EXIT_SCENARIO)
    }

    fn ours(message: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Ours(message.into())
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Run(run) => run.run(),
        Command::Check(check) => check.run(),
        Command::List(list) => list.run(),
        Command::Show(show) => show.run(),
    };
    done.unwrap_or_else(|failure| ExitCode::from(failure.report()))
}

impl Failure {
    /// Prints the chain of causes once, and tells the exit code.
    fn report(&self) -> u8 {
        match self {
            Self::Printed(code) => *code,
            Self::Usage(error) => {
                print_chain(&**error);
                EXIT_SCENARIO
            }
            Self::Ours(error) => {
                print_chain(&**error);
                EXIT_OURS
            }
            Self::Start(error) => {
                print_chain(error);
                if let Some(hint) = hint(error) {
                    anstream::eprintln!("\nhint: {hint}");
                }
                EXIT_OURS
            }
        }
    }
}

fn print_chain(error: &dyn Error) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    anstream::eprintln!("{red}error:{red:#} {text}");
}

fn hint(error: &StartError) -> Option<String> {
    let StartError::Bind { protocol, address, source } = error else {
        return None;
    };
    match source.kind() {
        std::io::ErrorKind::AddrInUse => {
            let ip = address.ip();
            let zero = if ip.is_ipv6() { format!("[{ip}]:0") } else { format!("{ip}:0") };
            Some(format!(
                "choose another port with `--{protocol} ADDRESS`, or any free one with `--{protocol} {zero}`"
            ))
        }
        std::io::ErrorKind::PermissionDenied => Some(format!(
            "ports below 1024 need a privilege; choose a higher one with `--{protocol} ADDRESS`"
        )),
        _ => None,
    }
}

/// The scenario a user named, with its warnings printed; a healthy server without a name.
fn load(reference: Option<&str>) -> Result<Scenario, Failure> {
    let Some(reference) = reference else {
        return Ok(Scenario::healthy());
    };
    let found = scenario::find(reference).map_err(|error| Failure::scenario(&error))?;
    if let Some(warnings) = &found.warnings {
        anstream::eprintln!("{}", warnings.styled());
    }
    Ok(found.scenario)
}

/// The protocols this version serves.
const SERVED: [Protocol; 1] = [Protocol::Ftp];
