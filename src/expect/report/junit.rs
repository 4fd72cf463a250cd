//! For CI systems: the XML that began with Ant's `junit` task.

use std::borrow::Cow;
use std::io;

use anstream::adapter::strip_str;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::text::told;
use crate::expect::{Finding, Grade, Judgement};

/// Judgements in that XML: a suite for each, with the scenario's name.
#[must_use]
pub fn junit<'j>(judgements: impl IntoIterator<Item = (&'j str, &'j Judgement)>) -> String {
    let suites: Vec<_> = judgements.into_iter().collect();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 4);
    // Memory takes everything that is written to it.
    let _ = write(&mut xml, &suites);
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

type Xml = Writer<Vec<u8>>;

fn write(xml: &mut Xml, suites: &[(&str, &Judgement)]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = suites.iter().flat_map(|(_, judgement)| &judgement.findings);
    xml.create_element("testsuites").with_attributes(counted("badftp", all)).write_inner_content(
        |xml| suites.iter().try_for_each(|(name, judgement)| write_suite(xml, name, judgement)),
    )?;
    xml.write_indent()
}

fn write_suite(xml: &mut Xml, name: &str, judgement: &Judgement) -> io::Result<()> {
    xml.create_element("testsuite")
        .with_attributes(counted(name, &judgement.findings))
        .write_inner_content(|xml| {
            judgement.findings.iter().try_for_each(|finding| write_case(xml, name, finding))
        })?;
    Ok(())
}

fn write_case(xml: &mut Xml, suite: &str, finding: &Finding) -> io::Result<()> {
    let title = printable(&format!("{}: {}", finding.title(), finding.expected));
    let case = xml
        .create_element("testcase")
        .with_attributes([("name", title.as_str()), ("classname", &printable(suite))]);
    if finding.grade == Grade::Met {
        case.write_empty()?;
        return Ok(());
    }
    case.write_inner_content(|xml| {
        xml.create_element("failure")
            .with_attributes([
                ("message", printable(&finding.got).as_str()),
                ("type", finding.grade.word()),
            ])
            .write_text_content(BytesText::new(&printable(&told(finding))))?;
        Ok(())
    })?;
    Ok(())
}

/// The attributes of a suite, or of all of them.
fn counted<'f>(
    name: &str,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Vec<(&'static str, Cow<'static, str>)> {
    let (mut tests, mut failures) = (0, 0);
    for finding in findings {
        tests += 1;
        failures += usize::from(finding.grade != Grade::Met);
    }
    vec![
        ("name", printable(name).into()),
        ("tests", tests.to_string().into()),
        ("skipped", "0".into()),
        ("errors", "0".into()),
        ("failures", failures.to_string().into()),
    ]
}

/// Without colours, and without the control characters that XML 1.0 cannot hold, not even escaped (section 2.2).
fn printable(text: &str) -> String {
    let can_stand = |character: &char| match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        character => *character >= ' ',
    };
    strip_str(text).to_string().chars().filter(can_stand).collect()
}
