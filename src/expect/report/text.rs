//! For people.

use std::fmt::{self, Write as _};

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};

use crate::expect::words::{grouped, seconds};
use crate::expect::{Finding, Grade, Judgement, Subject};
use crate::journal::line;

const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();
const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// What is not met or not judged, and a line that sums up; nothing where nothing was asked. Its styles are stripped where there is
/// no terminal.
#[must_use]
pub fn text(judgement: &Judgement) -> String {
    let mut text = String::new();
    for finding in judgement.failures().chain(judgement.skipped()) {
        text.push_str(&told(finding));
        text.push('\n');
    }
    if !judgement.findings.is_empty() {
        let _ = writeln!(text, "{}", summary(judgement));
    }
    text
}

/// The same without styles.
impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        strip_str(&text(self)).fmt(f)
    }
}

/// One finding.
pub(super) fn told(finding: &Finding) -> String {
    let style = if finding.grade == Grade::Unmet { BAD } else { UNSURE };
    let word = finding.grade.word();
    let mut text = format!("{style}{word}:{style:#} {}: {}\n", finding.title(), finding.got);
    let _ = writeln!(text, "  {DIM}expected{DIM:#} {}", finding.expected);
    if let Some(nearest) = &finding.nearest {
        let _ = writeln!(text, "  {DIM}nearest {DIM:#} {nearest}");
    }
    for record in &finding.records {
        let began = seconds(record.began);
        let number = match record.sequence {
            0 => "open".to_owned(),
            number => number.to_string(),
        };
        let line = line(record);
        let _ = writeln!(text, "  {DIM}{number:>8} {began:>9}{DIM:#} {line}");
    }
    if finding.more > 0 {
        let _ = writeln!(text, "  {DIM}{:>8} more like these{DIM:#}", grouped(finding.more as u64));
    }
    text
}

/// `verdict: 1 of 2 expectations met, 2 of 2 rules fired as they should`
fn summary(judgement: &Judgement) -> String {
    let count = |about: fn(&Subject) -> bool| {
        let is_judged = |finding: &&Finding| finding.grade != Grade::Skipped;
        let judged = || judgement.findings.iter().filter(is_judged);
        let of = || judged().filter(move |finding| about(&finding.subject));
        (of().filter(|finding| finding.grade == Grade::Met).count(), of().count())
    };
    let (met, expectations) = count(|subject| matches!(subject, Subject::Expectation(_)));
    let (fired, rules) = count(|subject| matches!(subject, Subject::Rule(_)));
    let mut parts = Vec::new();
    if expectations > 0 {
        parts.push(format!("{met} of {expectations} expectations met"));
    }
    if rules > 0 {
        parts.push(format!("{fired} of {rules} rules fired as they should"));
    }
    // There is no more than one: a document has one `exit` at most.
    if judgement.skipped().next().is_some() {
        parts.push("1 expectation skipped".to_owned());
    }
    let style = if judgement.passes() { GOOD } else { BAD };
    let word = if judgement.passes() { "pass" } else { "fail" };
    format!("{style}{word}:{style:#} {}", parts.join(", "))
}
