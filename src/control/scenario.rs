//! `POST /reset` and `PUT /scenario`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::answer::{Mistake, Refusal, VERSION, mistakes};
use crate::scenario::{Found, find_inline};
use crate::server::Server;

/// What runs now.
#[derive(Debug, Serialize)]
pub(super) struct Running {
    version: u32,
    scenario: String,
    rules: usize,
    /// What hardly does what was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Mistake>,
}

/// Begins the scenario again.
pub(super) async fn reset(State(server): State<Arc<Server>>) -> Json<Running> {
    server.reset();
    let run = server.run();
    let (scenario, rules) = (run.title.clone(), run.engine.rules().len());
    Json(Running { version: VERSION, scenario, rules, warnings: Vec::new() })
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
    let (title, rules) = (scenario.title(), scenario.rules.len());
    let warnings = warnings.as_ref().map(mistakes).unwrap_or_default();
    server.load(scenario);
    Ok(Json(Running { version: VERSION, scenario: title, rules, warnings }))
}
