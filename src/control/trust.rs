//! What a client has to trust, and what it may show.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::answer::Refusal;
use crate::server::Server;

pub(super) async fn ca() -> &'static str {
    Server::ca_pem()
}

pub(super) async fn known_hosts(State(server): State<Arc<Server>>) -> Result<String, Refusal> {
    server.known_hosts().ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, "SFTP is not spoken here")
            .hint("the server was started with `--sftp off`")
    })
}

pub(super) async fn identity() -> &'static str {
    Server::identity()
}

pub(super) async fn identity_public() -> &'static str {
    Server::identity_public()
}

pub(super) async fn client_certificate() -> &'static str {
    Server::client_certificate()
}

pub(super) async fn client_key() -> &'static str {
    Server::client_key()
}
