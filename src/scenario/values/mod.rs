//! The forms of single values: text in, meaning out. Nothing here knows YAML or places in a file; a form that
//! does not fit says what is wrong with it and what to write instead.

mod answer;
mod at;
mod claim;
mod date;
mod duration;
mod ending;
mod exit;
mod glob;
mod number;
mod permissions;
mod range;
mod request;
mod sha256;
mod size;
mod template;
mod word;

pub(super) use answer::{code, status_number};
pub(super) use at::{at, damage, keep, repeat};
pub(super) use claim::claim;
pub(super) use date::date;
pub(super) use duration::{delay, duration, is_duration};
pub(super) use ending::{Axis, SIGNALS, alerts, ending, farewell};
pub(super) use exit::{EXITS, exit};
pub(super) use glob::{absolute_path, path_glob, stored_glob, text_glob};
pub(super) use number::{chance, count, limit, port_range, seed};
pub(super) use permissions::permissions;
pub(super) use range::{COUNTS, DURATIONS, SIZES, counts, durations, sizes};
pub(super) use request::{ATTRIBUTES, FLAGS, attribute, flag, flags};
pub(super) use sha256::sha256;
pub(super) use size::{rate, size};
pub(super) use template::{PLACEHOLDERS, literal, placeholder, template, unknown_words};
pub(super) use word::{name, one_of};

/// What is wrong with a value, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The whole sentence, where `expected …, got …` does not say it.
    pub(super) title: Option<String>,
    /// What is said at the caret.
    pub(super) label: String,
    /// What to write instead.
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn new(label: impl Into<String>) -> Self {
        Self { title: None, label: label.into(), help: None }
    }

    pub(super) fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// All of it in one line, for a flag of the command line.
    pub(super) fn sentence(self) -> String {
        match self.help {
            Some(help) => format!("{}: {help}", self.label),
            None => self.label,
        }
    }

    /// Something of the language that is not built yet.
    pub(super) fn later(later: super::later::Later, subject: &str) -> Self {
        Self::new("not built yet").title(later.sentence(subject))
    }
}
