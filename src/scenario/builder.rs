//! A scenario put together in Rust.

use std::fmt::Write as _;
use std::panic::Location;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::find::Error;
use super::sentence::{Sentence, quoted};
use super::{Checked, Problems, Scenario, Source, read};

/// Puts a scenario together; begun by [`Scenario::builder`].
///
/// What it takes is written down as a scenario file would have it, and read as one: there is one language, with
/// one set of checks and errors.
///
/// ```
/// use badftp::scenario::{Scenario, when};
///
/// let scenario = Scenario::builder()
///     .user("ann", "secret")
///     .file("/in/a.csv", "a,b\n1,2\n")
///     .rule(when("download").times(1).reply("425 Can't open data connection"))
///     .expect(when("download").times(2))
///     .build()?;
/// # Ok::<(), badftp::scenario::Problems>(())
/// ```
///
/// A mistake is told as in a file:
///
/// ```
/// use badftp::scenario::{Scenario, when};
///
/// let error = Scenario::builder().rule(when("uplaod").reply(425)).build().unwrap_err();
/// assert!(error.to_string().contains("did you mean `upload`?"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "it is no scenario until it is built"]
pub struct Builder {
    place: &'static Location<'static>,
    description: Option<String>,
    seed: Option<u64>,
    server: Option<String>,
    users: Vec<String>,
    files: Vec<String>,
    rules: Vec<Sentence>,
    expectations: Vec<Sentence>,
}

impl Builder {
    #[track_caller]
    pub(super) fn new() -> Self {
        Self {
            place: Location::caller(),
            description: None,
            seed: None,
            server: None,
            users: Vec::new(),
            files: Vec::new(),
            rules: Vec::new(),
            expectations: Vec::new(),
        }
    }

    /// What it does, in a sentence for reports.
    pub fn description(self, sentence: &str) -> Self {
        Self { description: Some(sentence.to_owned()), ..self }
    }

    /// What all chances are drawn from, instead of 0.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The static shape of the server, as a scenario file has it: `{ftp: {listing: dos}}`.
    pub fn server(self, yaml: &str) -> Self {
        Self { server: Some(yaml.trim().replace('\n', "\n  ")), ..self }
    }

    /// Somebody who may log in; without any, everybody may.
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.users.push(format!("{}: {}", quoted(name), quoted(password)));
        self
    }

    /// A file in the tree, with the directories above it; a path that ends in `/` is a directory. Without any
    /// there is a `/hello.txt`.
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let content = if path.ends_with('/') {
            "{}".to_owned()
        } else {
            format!("{{base64: {}}}", quoted(&BASE64_STANDARD.encode(content)))
        };
        self.files.push(format!("{}: {content}", quoted(path)));
        self
    }

    /// A file of so many bytes, made up from the seed as they are read: it costs no memory.
    pub fn big_file(mut self, path: &str, bytes: u64) -> Self {
        self.files.push(format!("{}: {{size: {bytes}B}}", quoted(path)));
        self
    }

    /// A rule, behind those before it.
    pub fn rule(mut self, rule: Sentence) -> Self {
        self.rules.push(rule);
        self
    }

    /// What the client is expected to do, or the files it is expected to leave.
    pub fn expect(mut self, expectation: Sentence) -> Self {
        self.expectations.push(expectation);
        self
    }

    /// The scenario, whose rules and expectations are named by the place in Rust where each was begun.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn build(self) -> Result<Scenario, Problems> {
        let name = format!("the scenario of {}", shown(self.place));
        let mut checked = read(&Source::inline(&name, &self.yaml()))?;
        let mut scenario = checked.scenarios.swap_remove(0);
        scenario.reference = self.description.is_none().then_some(name);
        let rules = scenario.rules.iter_mut().map(|rule| &mut rule.origin);
        let expectations = scenario.expectations.iter_mut().map(|expected| &mut expected.origin);
        let sentences = self.rules.iter().chain(&self.expectations);
        for (origin, sentence) in rules.chain(expectations).zip(sentences) {
            origin.file = sentence.place.file().into();
            origin.line = sentence.place.line() as usize;
        }
        Ok(scenario)
    }

    /// The file that says the same.
    fn yaml(&self) -> String {
        let mut yaml = String::new();
        let description = self.description.as_deref().unwrap_or("put together in Rust");
        let _ = writeln!(yaml, "description: {}", quoted(description));
        if let Some(seed) = self.seed {
            let _ = writeln!(yaml, "seed: {seed}");
        }
        if let Some(server) = &self.server {
            let _ = writeln!(yaml, "server:\n  {server}");
        }
        for (key, lines) in [("users", &self.users), ("files", &self.files)] {
            if !lines.is_empty() {
                let _ = writeln!(yaml, "{key}:\n  {}", lines.join("\n  "));
            }
        }
        for (key, sentences) in [("rules", &self.rules), ("expect", &self.expectations)] {
            if !sentences.is_empty() {
                let _ = writeln!(yaml, "{key}:");
            }
            for sentence in sentences {
                let _ = writeln!(yaml, "  - {sentence}");
            }
        }
        yaml
    }
}

impl Scenario {
    /// Begins a scenario that is put together in Rust; as it is, it is a healthy server.
    #[track_caller]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The first scenario of a YAML text.
    ///
    /// # Errors
    /// All that is wrong with it.
    ///
    /// ```
    /// use badftp::scenario::Scenario;
    ///
    /// let scenario = Scenario::from_yaml("rules: [{when: upload, times: 1, reply: 451 Try again}]")?;
    /// assert_eq!(scenario.rules.len(), 1);
    /// # Ok::<(), badftp::scenario::Problems>(())
    /// ```
    #[track_caller]
    pub fn from_yaml(text: &str) -> Result<Self, Problems> {
        let name = format!("the scenario of {}", shown(Location::caller()));
        let Checked { mut scenarios, .. } = read(&Source::inline(&name, text))?;
        let mut scenario = scenarios.swap_remove(0);
        let has_own_name = scenario.name.is_some() || scenario.description.is_some();
        scenario.reference = (!has_own_name).then_some(name);
        Ok(scenario)
    }

    /// The scenario that a reference names, as on the command line: a path (`tests/retry.yaml`), a shipped name
    /// (`ftp/data-425`), either with a variant behind it (`ftp/data-425/bad-ip`).
    ///
    /// # Errors
    /// It names nothing, or what it names cannot be read or has mistakes.
    pub fn find(reference: &str) -> Result<Self, Error> {
        super::find(reference).map(|found| found.scenario)
    }
}

fn shown(place: &Location<'_>) -> String {
    format!("{}:{}", place.file(), place.line())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Origin;
    use crate::scenario::when;

    #[test]
    fn what_is_put_together_is_what_a_file_says() {
        let built = Scenario::builder()
            .seed(7)
            .server("{ftp: {listing: dos}}")
            .user("ann", "no")
            .file("/in/a \"b\".csv", b"\x00\xFF<x00>")
            .file("/out/", "")
            .big_file("/big.bin", 5 << 30)
            .rule(when("upload").per("path").times(1).at("64KiB").reply("426 Cut").status("4 Cut"))
            .build()
            .unwrap();
        let read = Scenario::from_yaml(
            r#"
description: put together in Rust
seed: 7
server: {ftp: {listing: dos}}
users: {ann: "no"}
files: {'/in/a "b".csv': {base64: AP88eDAwPg==}, /out/: {}, /big.bin: {size: 5GiB}}
rules:
  - {when: upload, per: path, times: 1, at: 64KiB, reply: 426 Cut, status: 4 Cut}
"#,
        )
        .unwrap();
        let without_origin = |mut scenario: Scenario| {
            scenario.reference = None;
            for rule in &mut scenario.rules {
                rule.origin = Origin { file: "".into(), line: 0, sentence: "".into() };
            }
            format!("{scenario:?}")
        };
        assert_eq!(without_origin(built), without_origin(read));
    }

    #[test]
    fn a_rule_is_named_by_its_place_in_rust() {
        let rule = when("upload").reply(451);
        let line = line!() as usize - 1;
        let scenario = Scenario::builder().rule(rule).build().unwrap();
        assert_eq!(scenario.rules[0].origin.to_string(), format!("{}:{line}", file!()));
    }
}
