//! `badftp completions`: a script for a shell, which asks badftp itself what to propose, so that the scenarios
//! are those that there are.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::{CompleteEnv, Shells};

use super::{Arguments, Failure, print};
use crate::scenario::{Entry, catalog};

/// Set by the script where it asks for proposals.
const VARIABLE: &str = "BADFTP_COMPLETE";

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell; in bash: `source <(badftp completions bash)`
    #[arg(value_parser = ["bash", "elvish", "fish", "powershell", "zsh"])]
    shell: String,
}

impl Completions {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let shells = Shells::builtins();
        let Some(shell) = shells.completer(&self.shell) else {
            return Err(Failure::usage(format!("there are no completions for {}", self.shell)));
        };
        let mut script = Vec::new();
        let badftp = called().to_string_lossy().into_owned();
        shell
            .write_registration(VARIABLE, "badftp", "badftp", &badftp, &mut script)
            .map_err(Failure::ours)?;
        print(String::from_utf8_lossy(&script).trim_end()).map(|()| ExitCode::SUCCESS)
    }
}

/// Answers the script, and exits, if it is the script that asks.
pub(super) fn answer() {
    CompleteEnv::with_factory(Arguments::command).var(VARIABLE).complete();
}

/// As the script is to call it: by its name where that was enough.
fn called() -> PathBuf {
    let name = std::env::args_os().next().map_or_else(|| "badftp".into(), PathBuf::from);
    if name.components().count() > 1 { std::path::absolute(&name).unwrap_or(name) } else { name }
}

/// Shipped scenarios, their variants once the name is there, and files.
pub(super) fn scenarios(current: &OsStr) -> Vec<CompletionCandidate> {
    let typed = current.to_string_lossy();
    let shipped = catalog().iter().flat_map(|entry| candidates(entry, &typed));
    shipped.chain(files(current)).collect()
}

/// Scenario files.
pub(super) fn files(current: &OsStr) -> Vec<CompletionCandidate> {
    let is_scenario =
        |path: &Path| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    PathCompleter::file().filter(is_scenario).complete(current)
}

fn candidates(entry: &Entry, typed: &str) -> Vec<CompletionCandidate> {
    let candidate = |name: &str, description: &str| {
        let help = description.lines().next().map(|line| line.to_owned().into());
        CompletionCandidate::new(name).help(help)
    };
    let mut candidates = Vec::new();
    if entry.name.starts_with(typed) {
        candidates.push(candidate(&entry.name, &entry.description));
    }
    if typed.starts_with(&entry.name) {
        for variant in &entry.variants {
            let Some(name) = &variant.name else { continue };
            let name = format!("{}/{name}", entry.name);
            if name.starts_with(typed) {
                candidates.push(candidate(&name, variant.description.as_deref().unwrap_or("")));
            }
        }
    }
    candidates
}
