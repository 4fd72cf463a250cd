//! What is said when a request cannot be answered.

use std::error::Error;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::scenario::{self, Problems, Severity};

/// The version of the shape of every answer.
pub(super) const VERSION: u32 = 1;

/// A refusal: what was expected and got, and what to do about it.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    version: u32,
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Each mistake of a scenario, with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Mistake>,
    #[serde(skip)]
    status: StatusCode,
}

/// A mistake in a scenario.
#[derive(Debug, Serialize)]
pub(super) struct Mistake {
    severity: &'static str,
    line: usize,
    column: usize,
    error: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        let error = error.into();
        Self { version: VERSION, error, hint: None, problems: Vec::new(), status }
    }

    /// The client's mistake.
    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

impl From<Problems> for Refusal {
    /// The whole report is in `error`, as `badftp check` prints it.
    fn from(problems: Problems) -> Self {
        let refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, problems.to_string());
        Self { problems: mistakes(&problems), ..refusal }
    }
}

impl From<scenario::Error> for Refusal {
    fn from(error: scenario::Error) -> Self {
        match error {
            scenario::Error::Wrong(problems) => problems.into(),
            error => {
                let hint = error.hint();
                Self { hint, ..Self::new(StatusCode::NOT_FOUND, error.to_string()) }
            }
        }
    }
}

/// An error with its cause.
pub(super) fn sentence(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Each with its place.
pub(super) fn mistakes(problems: &Problems) -> Vec<Mistake> {
    let mistake = |(severity, line, column, sentence): (Severity, usize, usize, &str)| Mistake {
        severity: match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        line,
        column,
        error: sentence.to_owned(),
    };
    problems.iter().map(mistake).collect()
}
