//! `badftp list`

use std::process::ExitCode;

use clap::Args;

use super::{Failure, print};
use crate::scenario::{Entry, catalog};

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those with this word in their names, descriptions or symptoms
    word: Option<String>,
}

impl List {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let word = self.word.unwrap_or_default().to_lowercase();
        let rows: Vec<(String, &str)> =
            catalog().iter().filter(|entry| mentions(entry, &word)).flat_map(rows).collect();
        if rows.is_empty() {
            let hint = "`badftp list` without a word shows all of them";
            return Err(Failure::usage(format!("no scenario mentions `{word}`\n\nhint: {hint}")));
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, description) in rows {
            print(format_args!("{name:width$}  {description}"))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn mentions(entry: &Entry, word: &str) -> bool {
    let texts = [Some(entry.name.as_str()), entry.symptom.as_deref(), Some(entry.source)];
    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(word))
}

/// A line for the file, and one for each further document.
fn rows(entry: &Entry) -> Vec<(String, &str)> {
    let variants = entry.variants.iter().filter_map(|variant| {
        let name = format!("{}/{}", entry.name, variant.name.as_deref()?);
        Some((name, variant.description.as_deref().unwrap_or_default().trim_end()))
    });
    std::iter::once((entry.name.clone(), entry.description.trim_end())).chain(variants).collect()
}
