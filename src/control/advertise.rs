//! `/advertise`: what clients are told in place of our own address and ports. Which ports are published for a container,
//! its host knows only when it runs:
//!
//! ```json
//! {"address": "127.0.0.1", "ports": {"30000": 49153, "2222": 49154}}
//! ```
//!
//! Without `address` it is again the one that clients have come to, and a port without another number keeps its own.

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::answer::{Refusal, VERSION, sentence};
use crate::server::Server;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    address: Option<String>,
    #[serde(default)]
    ports: BTreeMap<NonZeroU16, NonZeroU16>,
}

/// What is told now.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    version: u32,
    address: Option<String>,
    ports: BTreeMap<NonZeroU16, NonZeroU16>,
}

/// An example, for who got it wrong.
const LIKE_THIS: &str = r#"`{"address": "127.0.0.1", "ports": {"30000": 49153}}`: each port of ours, and what it is outside"#;

pub(super) async fn told(State(server): State<Arc<Server>>) -> Json<Told> {
    let advertised = server.advertised();
    let address = advertised.host.map(|host| host.name);
    Json(Told { version: VERSION, address, ports: advertised.ports })
}

pub(super) async fn tell(
    State(server): State<Arc<Server>>,
    body: Bytes,
) -> Result<Json<Told>, Refusal> {
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|error| {
        Refusal::bad(format!("expected a JSON object: {error}")).hint(LIKE_THIS)
    })?;
    let advertised = server.advertise(wanted.address.as_deref(), wanted.ports).await;
    advertised.map_err(|error| Refusal::bad(sentence(&error)).hint(LIKE_THIS))?;
    Ok(told(State(server)).await)
}
