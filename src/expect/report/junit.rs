//! For CI systems: the XML that began with Ant's `junit` task.

use std::borrow::Cow;
use std::io;
use std::iter::Sum;
use std::time::Duration;

use anstream::adapter::strip_str;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::text::told;
use crate::expect::{Finding, Grade, Judgement};

/// A scenario and what came of it: CI systems show it as a suite of test cases.
#[derive(Debug)]
pub struct Suite<'j> {
    /// The scenario's name.
    pub name: &'j str,
    /// How long it took.
    pub time: Duration,
    /// The command that ran in it, if one did: a test case of its own.
    pub command: Option<Command>,
    /// A test case for each of its findings.
    pub judgement: &'j Judgement,
}

/// How a command fared, as a test case.
#[derive(Debug)]
pub struct Command {
    /// The command line.
    pub line: String,
    /// How it failed, in a sentence, if it did.
    pub failure: Option<String>,
}

/// Scenarios in that XML.
#[must_use]
pub fn junit<'j>(suites: impl IntoIterator<Item = Suite<'j>>) -> String {
    let suites: Vec<_> = suites.into_iter().collect();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 4);
    // Memory takes everything that is written to it.
    let _ = write(&mut xml, &suites);
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

type Xml = Writer<Vec<u8>>;

fn write(xml: &mut Xml, suites: &[Suite<'_>]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut all: Counts = suites.iter().map(Suite::counts).sum();
    let of_commands = || suites.iter().filter(|suite| suite.command.is_some());
    if of_commands().next().is_some() {
        // What a command has loaded itself took a part of the command's time.
        all.time = of_commands().map(|suite| suite.time).sum();
    }
    xml.create_element("testsuites")
        .with_attributes(all.attributes("badftp"))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| suite.write(xml)))?;
    xml.write_indent()
}

impl Suite<'_> {
    fn counts(&self) -> Counts {
        let command = self.command.iter().map(|command| command.failure.is_some());
        let findings = self.judgement.findings.iter().map(Finding::fails);
        let failed: Vec<bool> = command.chain(findings).collect();
        let failures = failed.iter().filter(|failed| **failed).count();
        let skipped = self.judgement.skipped().count();
        Counts { tests: failed.len(), skipped, failures, time: self.time }
    }

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let attributes = self.counts().attributes(self.name);
        xml.create_element("testsuite").with_attributes(attributes).write_inner_content(|xml| {
            if let Some(command) = &self.command {
                self.write_command(xml, command)?;
            }
            self.judgement.findings.iter().try_for_each(|finding| self.write_finding(xml, finding))
        })?;
        Ok(())
    }

    /// Only the command takes time; what is found of it afterwards takes none.
    fn write_command(&self, xml: &mut Xml, command: &Command) -> io::Result<()> {
        let failure = |why: &String| Blemish::Failure("command", why.clone(), why.clone());
        let blemish = command.failure.as_ref().map(failure);
        self.write_case(xml, &format!("command: {}", command.line), self.time, blemish)
    }

    fn write_finding(&self, xml: &mut Xml, finding: &Finding) -> io::Result<()> {
        let title = format!("{}: {}", finding.title(), finding.expected);
        let blemish = match finding.grade {
            Grade::Met => None,
            Grade::Skipped => Some(Blemish::Skipped(finding.got.clone())),
            Grade::Inconclusive | Grade::Unmet => {
                Some(Blemish::Failure(finding.grade.word(), finding.got.clone(), told(finding)))
            }
        };
        self.write_case(xml, &title, Duration::ZERO, blemish)
    }

    fn write_case(
        &self,
        xml: &mut Xml,
        name: &str,
        time: Duration,
        blemish: Option<Blemish>,
    ) -> io::Result<()> {
        let case = xml.create_element("testcase").with_attributes([
            ("name", printable(name)),
            ("classname", printable(self.name)),
            ("time", seconds(time)),
        ]);
        let Some(blemish) = blemish else {
            return case.write_empty().map(drop);
        };
        case.write_inner_content(|xml| blemish.write(xml)).map(drop)
    }
}

/// Why a test case is no success.
enum Blemish {
    /// What kind of failure it is, a sentence, and all that there is to say of it.
    Failure(&'static str, String, String),
    /// It was not judged, for this reason.
    Skipped(String),
}

impl Blemish {
    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        match self {
            Self::Failure(kind, message, description) => xml
                .create_element("failure")
                .with_attributes([("message", printable(message)), ("type", printable(kind))])
                .write_text_content(BytesText::new(&printable(description)))
                .map(drop),
            Self::Skipped(message) => xml
                .create_element("skipped")
                .with_attribute(("message", printable(message)))
                .write_empty()
                .map(drop),
        }
    }
}

/// What a suite, or all of them together, have in their attributes.
struct Counts {
    tests: usize,
    skipped: usize,
    failures: usize,
    time: Duration,
}

impl Counts {
    fn attributes(&self, name: &str) -> [(&'static str, Cow<'static, str>); 6] {
        [
            ("name", printable(name)),
            ("tests", self.tests.to_string().into()),
            ("skipped", self.skipped.to_string().into()),
            ("errors", "0".into()),
            ("failures", self.failures.to_string().into()),
            ("time", seconds(self.time)),
        ]
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        let none = Self { tests: 0, skipped: 0, failures: 0, time: Duration::ZERO };
        all.fold(none, |sum, one| Self {
            tests: sum.tests + one.tests,
            skipped: sum.skipped + one.skipped,
            failures: sum.failures + one.failures,
            time: sum.time + one.time,
        })
    }
}

/// `1.234`
fn seconds(time: Duration) -> Cow<'static, str> {
    format!("{:.3}", time.as_secs_f64()).into()
}

/// Without colours, and without the control characters that XML 1.0 cannot hold, not even escaped (section 2.2).
fn printable(text: &str) -> Cow<'static, str> {
    let can_stand = |character: &char| match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        character => *character >= ' ',
    };
    strip_str(text).to_string().chars().filter(can_stand).collect::<String>().into()
}
