//! The command line: `serve`, `run`, `check`, `list`, `show`, `completions`, `schema`, `health`.
//!
//! Every flag of `serve` and `run` is a variable of the environment, too, for containers: `--max-hold` is
//! `BADFTP_MAX_HOLD`. What is typed goes before it.
//!
//! Exit codes: 0 all is well; 1 an unhealthy server; 2 a usage or scenario error; 125 badftp itself failed. Under `run`
//! the command's own failure comes first, unless the scenario expects an `exit`; then 120 an unmet expectation and 121 a rule
//! that never fired. 124 is a time-out, 126 and 127 a command that could not be started or not be found, as `timeout` and
//! `env` have them.

mod check;
mod completions;
mod flags;
mod health;
mod list;
mod ready;
mod reload;
mod run;
mod serve;
mod service;
mod show;
mod signals;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::scenario::{self, Found};
use crate::server::StartError;

/// Usage or scenario errors.
const EXIT_SCENARIO: u8 = 2;
/// badftp itself failed.
const EXIT_OURS: u8 = 125;

/// A server that speaks real FTP and fails on command, to test how a client copes.
#[derive(Debug, Parser)]
#[command(name = "badftp", version, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 1 an unhealthy server, 2 usage or scenario error, 125 badftp itself failed; `run` exits as \
                  its command does when that fails and the scenario expects no `exit`, with 120 for an unmet expectation, 121 for a rule that never fired, \
                  124 when the command's time is over, 126 or 127 when it cannot be started or found."
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
    /// Print a script that completes commands, flags and scenarios in a shell
    Completions(completions::Completions),
    /// Print the JSON Schema of scenarios, for editors
    Schema,
    /// Ask a running server whether it answers on its listeners: exit code 0 if it does, 1 if not
    Health(health::Health),
}

/// What went wrong, with the exit code it means.
#[derive(Debug)]
enum Failure {
    /// What is printed says it all already.
    Printed(u8),
    /// A command that did not start.
    Command(u8, Box<dyn Error + Send + Sync>),
    /// The user's mistake.
    Usage(Box<dyn Error + Send + Sync>),
    /// Ours, or the system's.
    Ours(Box<dyn Error + Send + Sync>),
    /// With its own exit code and a hint.
    Start(StartError),
    /// The control listener's port could not be had.
    Control(SocketAddr, io::Error),
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
    completions::answer();
    let done = match arguments().command {
        Command::Serve(serve) => serve.run(),
        Command::Run(run) => run.run(),
        Command::Check(check) => check.run(),
        Command::List(list) => list.run(),
        Command::Show(show) => show.run(),
        Command::Completions(completions) => completions.run(),
        Command::Schema => {
            print(format_args!("{:#}", scenario::schema())).map(|()| ExitCode::SUCCESS)
        }
        Command::Health(health) => health.run(),
    };
    done.unwrap_or_else(|failure| ExitCode::from(failure.report()))
}

/// What was typed, and what the environment says. A variable that is set to nothing says nothing: a container's
/// settings may name one without a value.
fn arguments() -> Arguments {
    let without_empty_variable = |arg: Arg| {
        let is_empty =
            arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if is_empty { arg.env(None::<&str>) } else { arg }
    };
    let command = Arguments::command()
        .mut_subcommands(|subcommand| subcommand.mut_args(without_empty_variable));
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

impl Failure {
    /// Prints the chain of causes once, and tells the exit code.
    fn report(&self) -> u8 {
        match self {
            Self::Printed(code) => *code,
            Self::Command(code, error) => {
                print_chain(&**error);
                *code
            }
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
                match error {
                    StartError::Bind { protocol, address, source } => {
                        print_hint(protocol.word(), *address, source);
                    }
                    StartError::PassivePort { .. } => {
                        anstream::eprintln!("\nhint: choose others with `--passive-ports PORTS`");
                    }
                    _ => {}
                }
                EXIT_OURS
            }
            Self::Control(address, error) => {
                let title = format!("cannot listen on `--control {address}`: {error}");
                print_chain(&*Box::<dyn Error>::from(title));
                print_hint("control", *address, error);
                EXIT_OURS
            }
        }
    }
}

/// Prints a line on standard output. Where nobody reads any more, as behind `| head`, nothing is left to do.
fn print(line: impl Display) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Printed(0),
        _ => Failure::ours(format!("cannot write to standard output: {error}")),
    })
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

/// What to do about a port that cannot be had.
fn print_hint(flag: &str, address: SocketAddr, error: &io::Error) {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => {
            let free = SocketAddr::new(address.ip(), 0);
            format!(
                "choose another port with `--{flag} ADDRESS`, or any free one with `--{flag} {free}`"
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!(
                "ports below 1024 need a privilege; choose a higher one with `--{flag} ADDRESS`"
            )
        }
        _ => return,
    };
    anstream::eprintln!("\nhint: {hint}");
}

/// The scenario a user named, with its warnings printed.
fn load(reference: &str) -> Result<Found, Failure> {
    let found = scenario::find(reference).map_err(|error| Failure::scenario(&error))?;
    warn(&found);
    Ok(found)
}

/// The same, of a glob.
fn load_all(reference: &str) -> Result<Vec<Found>, Failure> {
    let found = scenario::find_all(reference).map_err(|error| Failure::scenario(&error))?;
    found.iter().for_each(warn);
    Ok(found)
}

fn warn(found: &Found) {
    if let Some(warnings) = &found.warnings {
        anstream::eprintln!("{}", warnings.styled());
    }
}
