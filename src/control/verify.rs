//! `GET /verify`: the verdict on the client so far. 200 where all is met, 417 (Expectation Failed) where not; JSON, or
//! `?format=text`, or `?format=junit`.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::Refusal;
use crate::expect::report;
use crate::server::Server;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    format: Option<String>,
}

pub(super) async fn verify(
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let (name, time) = (server.scenario(), server.run().elapsed());
    let judgement = server.verify().await;
    let suite = report::Suite { name: &name, time, command: None, judgement: &judgement };
    let (kind, body) = match asked.format.as_deref() {
        None | Some("json") => ("application/json", report::json(&judgement).to_string()),
        Some("text") => ("text/plain; charset=utf-8", judgement.to_string()),
        Some("junit") => ("application/xml", report::junit([suite])),
        Some(other) => {
            let refusal = Refusal::bad(format!("there is no report called `{other}`"));
            return Err(refusal.hint("`format=json`, `format=text` or `format=junit`"));
        }
    };
    let status = if judgement.passes() { StatusCode::OK } else { StatusCode::EXPECTATION_FAILED };
    Ok((status, [(CONTENT_TYPE, kind)], body).into_response())
}
