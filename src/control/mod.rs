//! The HTTP API beside the protocols, on a listener of its own: `GET /health` so far.
//!
//! It binds loopback unless told otherwise, and all of it is bounded: connections, the size and time of a
//! request's head, the time of a connection. Every answer is a JSON object with the `version` of its shape.

mod health;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::server::Server;

/// The version of the shape of every answer.
const VERSION: u32 = 1;

/// Connections at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 64;
/// The head of a request: its first line and its headers.
const MAX_HEAD: usize = 16 * 1024;
/// How long the head may take, and a connection be idle.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may stay, whatever it does.
const CONNECTION_WITHIN: Duration = Duration::from_secs(60);
/// After a failed accept (mostly: no file descriptor is left) others get the time to end.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// The control listener.
#[derive(Debug)]
pub struct Control {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Control {
    /// Binds a port, and answers there for a server.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub async fn start(address: SocketAddr, server: Arc<Server>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(serve(listener, router(server)));
        Ok(Self { address, task })
    }

    /// Where it is bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops at once: the port is free and nobody is answered when it returns.
    pub async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .method_not_allowed_fallback(async || {
            error(StatusCode::METHOD_NOT_ALLOWED, "this is answered to GET only")
        })
        .fallback(async |uri: Uri| {
            error(StatusCode::NOT_FOUND, &format!("there is no {} here; try /health", uri.path()))
        })
        .with_state(server)
}

/// What is said when a request cannot be answered.
fn error(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({"version": VERSION, "error": sentence}))).into_response()
}

async fn serve(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    // The semaphore is never closed.
    while let Ok(place) = Arc::clone(&room).acquire_owned().await {
        let Ok((tcp, _)) = listener.accept().await else {
            sleep(AFTER_FAILURE).await;
            continue;
        };
        let router = router.clone();
        connections.spawn(async move {
            // A client that is slow, or gone, or speaks no HTTP: it has its own view of that.
            let _ = timeout(CONNECTION_WITHIN, answer(tcp, router)).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(tcp: TcpStream, router: Router) -> hyper::Result<()> {
    let _ = tcp.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(tcp), TowerToHyperService::new(router))
        .await
}
