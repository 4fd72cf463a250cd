//! `GET /health`: whether the server answers on its listeners, by its own probe of them, of which rules, counts
//! and journal know nothing. 200 `{"version":1,"status":"ok","listeners":{"ftp":"127.0.0.1:2121"}}`, or 503 with
//! `"status":"failing"` and the `error`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::answer::{VERSION, sentence};
use crate::server::Server;

/// What is answered.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    version: u32,
    status: &'static str,
    /// Where each listener is.
    listeners: BTreeMap<&'static str, String>,
    /// What failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) async fn health(State(server): State<Arc<Server>>) -> (StatusCode, Json<Health>) {
    let addresses = server.addresses();
    let listeners = addresses.map(|(protocol, at)| (protocol.word(), at.to_string())).collect();
    let (code, status, error) = match server.probe().await {
        Ok(()) => (StatusCode::OK, "ok", None),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, "failing", Some(sentence(&error))),
    };
    (code, Json(Health { version: VERSION, status, listeners, error }))
}
