//! The live log: a line a record, for people at a terminal.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use super::writer::Sink;
use super::{Cause, Record, Success};

const DIM: Style = Style::new().dimmed();
const RULE: Style = AnsiColor::Yellow.on_default();
const CLIENT: Style = AnsiColor::Cyan.on_default();
const OURS: Style = AnsiColor::Red.on_default().bold();

/// Prints records to standard error, in color where that is a terminal.
#[derive(Debug, Default)]
pub struct LiveLog;

impl Sink for LiveLog {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        if goes_without_saying(record) {
            return Ok(());
        }
        let mut out = anstream::stderr().lock();
        let time = record.time.strftime("%H:%M:%S%.3f");
        writeln!(out, "{DIM}{time}{DIM:#} {}", line(record))
    }

    fn write_under_way(&mut self, record: &Record) -> io::Result<()> {
        let mut out = anstream::stderr().lock();
        let time = record.time.strftime("%H:%M:%S%.3f");
        writeln!(out, "{DIM}{time}{DIM:#} {}", line(record))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A moment at which nothing was said or done: the line of the command it belongs to tells it.
fn goes_without_saying(record: &Record) -> bool {
    let moment = matches!(record.event, Some("channel" | "denied"));
    moment && record.wire.is_none() && !record.outcome.fired && record.outcome.cause.is_none()
}

/// A record in a line, with styles that are stripped where there is no terminal:
/// `#1 ftp RETR /hello.txt → 425 Can't open data connection ← rule ftp/data-425:7`
#[must_use]
pub fn line(record: &Record) -> String {
    let mut line = format!("#{} {} ", record.connection, record.protocol);
    line.push_str(record.wire.as_deref().or(record.event).unwrap_or("?"));
    if let Some(argument) = &record.argument {
        let _ = write!(line, " {argument}");
    }
    if !record.outcome.answer.is_empty() {
        let _ = write!(line, " {DIM}→{DIM:#} {}", record.outcome.answer.join(" | "));
    }
    if let Some(bytes) = record.outcome.bytes {
        let _ = write!(line, " ({bytes} bytes)");
    }
    if !record.outcome.held.is_zero() {
        let _ = write!(line, " {DIM}held {:.1}s{DIM:#}", record.outcome.held.as_secs_f64());
    }
    format!("{line}{}", blame(record))
}

/// Who caused it, where there is somebody to name.
fn blame(record: &Record) -> String {
    let detail = record.outcome.detail.as_deref().unwrap_or_default();
    let colon = if detail.is_empty() { "" } else { ": " };
    match (&record.rule, record.outcome.cause) {
        (Some(rule), _) if record.outcome.fired => {
            format!("  {RULE}← rule {}:{}{colon}{detail}{RULE:#}", rule.file, rule.line)
        }
        (_, Some(Cause::Badftp)) => format!("  {OURS}← badftp itself{colon}{detail}{OURS:#}"),
        (_, Some(Cause::Client)) => format!("  {CLIENT}← the client{colon}{detail}{CLIENT:#}"),
        (_, Some(Cause::Rule)) => format!("  {RULE}← a rule{colon}{detail}{RULE:#}"),
        (_, None) if record.outcome.success == Success::Ok && !detail.is_empty() => {
            format!("  {DIM}{detail}{DIM:#}")
        }
        _ => String::new(),
    }
}
