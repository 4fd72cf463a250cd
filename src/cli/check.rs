//! `badftp check`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::{EXIT_SCENARIO, Failure, completions, print};
use crate::scenario;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario files
    #[arg(required = true, value_name = "FILE", add = ArgValueCompleter::new(completions::files))]
    files: Vec<PathBuf>,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let mut wrong = false;
        for file in &self.files {
            match scenario::check(file) {
                Ok(checked) => {
                    if let Some(warnings) = &checked.warnings {
                        anstream::eprintln!("{}", warnings.styled());
                    }
                    print(format_args!("{}: ok, {checked}", file.display()))?;
                }
                Err(error) => {
                    if wrong {
                        anstream::eprintln!();
                    }
                    wrong = true;
                    anstream::eprintln!("{}", error.report());
                }
            }
        }
        if wrong { Err(Failure::Printed(EXIT_SCENARIO)) } else { Ok(ExitCode::SUCCESS) }
    }
}
