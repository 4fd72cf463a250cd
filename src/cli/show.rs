//! `badftp show`

use std::process::ExitCode;

use anstyle::Style;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions::scenarios;
use super::{Failure, print};
use crate::scenario;

const HEADING: Style = Style::new().bold();

#[derive(Debug, Args)]
pub(super) struct Show {
    /// A shipped name (`ftp/data-425`: see `badftp list`) or a path, with or without a variant
    #[arg(add = ArgValueCompleter::new(scenarios))]
    scenario: String,
}

impl Show {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let found = scenario::find(&self.scenario).map_err(|error| Failure::scenario(&error))?;
        let scenario = &found.scenario;
        print(format_args!("{HEADING}{}{HEADING:#}: {}", self.scenario, scenario.title()))?;
        if let Some(symptom) = &scenario.symptom {
            print(format_args!("\n{HEADING}What clients show{HEADING:#}"))?;
            for line in symptom.lines() {
                print(format_args!("  {line}"))?;
            }
        }
        print(format_args!("\n{HEADING}Its YAML{HEADING:#} ({})", found.source.name()))?;
        print(found.source.text().trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
