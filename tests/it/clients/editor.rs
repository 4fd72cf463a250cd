//! An editor with YAML support, driven by `tests/clients/editor.mjs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::TESTS;
use crate::run::run;

/// The schema that scenarios are written by.
pub(crate) const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/schema.json");

/// What the editor underlines in each file, `line: message`; without a schema only what a file itself asks for.
pub(crate) fn underlined(
    schema: Option<&str>,
    files: &[impl AsRef<Path>],
) -> BTreeMap<String, Vec<String>> {
    let mut command = editor("check", schema.unwrap_or("none"));
    command.args(files.iter().map(AsRef::as_ref));
    serde_json::from_str(&run(&mut command).ok()).expect("the script prints JSON")
}

/// The words it proposes at a place; lines and columns are from 0.
pub(crate) fn proposed(file: &Path, line: u32, column: u32) -> Vec<String> {
    let mut command = editor("propose", SCHEMA);
    command.arg(file).args([line.to_string(), column.to_string()]);
    serde_json::from_str(&run(&mut command).ok()).expect("the script prints JSON")
}

fn editor(what: &str, schema: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(format!("{TESTS}/clients/editor.mjs")).args([what, schema]);
    command
}
