//! `POST /reset`, `PUT /scenario` and `DELETE /scenario`.
//!
//! Each answers what runs now. Another scenario replaces one whose clients are waited for as `GET /verify` does, for a second
//! at most; then the answer has the verdict on it: `"replaced": {"scenario": "ftp/data-425", "verdict": {…}}`, in the shape
//! of `GET /verify`. The status stays 200, whatever the verdict is: `badftp run` reports it and fails by it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{Mistake, Refusal, VERSION, mistakes};
use crate::expect::report;
use crate::scenario::{Found, Scenario, find_inline};
use crate::server::Server;

/// What a reset says of what it throws away.
const DISCARDED: &str = "what happened until now gets no verdict";

/// What runs now.
#[derive(Debug, Serialize)]
pub(super) struct Running {
    version: u32,
    /// What it does, in a line.
    scenario: String,
    /// What it is called in reports.
    name: String,
    rules: usize,
    /// What hardly does what was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Mistake>,
    /// What ran before, and the verdict on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced: Option<Value>,
    /// That there is no verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    discarded: Option<&'static str>,
}

/// Begins the scenario again.
pub(super) async fn reset(State(server): State<Arc<Server>>) -> Json<Running> {
    server.reset();
    let run = server.run();
    Json(Running {
        version: VERSION,
        scenario: run.title.clone(),
        name: server.scenario(),
        rules: run.engine.rules().len(),
        warnings: Vec::new(),
        replaced: None,
        discarded: Some(DISCARDED),
    })
}

/// Begins another one: a shipped name such as `ftp/data-425`, or YAML. The disk of this machine is not looked at.
pub(super) async fn load(
    State(server): State<Arc<Server>>,
    body: String,
) -> Result<Json<Running>, Refusal> {
    if body.trim().is_empty() {
        let refusal = Refusal::bad("expected a scenario, got nothing");
        return Err(refusal.hint("send a shipped name such as `ftp/data-425`, or YAML"));
    }
    let Found { scenario, warnings, .. } = find_inline(&body)?;
    let warnings = warnings.as_ref().map(mistakes).unwrap_or_default();
    Ok(Json(replace(&server, scenario, warnings).await))
}

/// Ends it: what is left is a healthy server.
pub(super) async fn remove(State(server): State<Arc<Server>>) -> Json<Running> {
    Json(replace(&server, Scenario::healthy(), Vec::new()).await)
}

async fn replace(server: &Server, scenario: Scenario, warnings: Vec<Mistake>) -> Running {
    let (title, name, rules) = (scenario.title(), scenario.label(), scenario.rules.len());
    let replaced = server.replace(scenario).await;
    let verdict = report::json(&replaced.judgement);
    Running {
        version: VERSION,
        scenario: title,
        name,
        rules,
        warnings,
        replaced: Some(json!({"scenario": replaced.scenario, "verdict": verdict})),
        discarded: None,
    }
}
