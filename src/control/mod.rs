//! The HTTP API beside the protocols, on a listener of its own: for health checks, and for tests in any language.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /health` | probes every listener: 200 or 503 |
//! | `GET /journal` | what happened, filtered by the scenario's own words; waits with `wait=5s` |
//! | `GET /verify` | the verdict: 200, or 417 where an expectation is not met; `format=text`, `format=junit` |
//! | `POST /reset` | begins the scenario again: counts, files, journal; there is no verdict on what happened until then |
//! | `PUT /scenario` | begins another one: a shipped name, or YAML; the answer has the verdict on the one before |
//! | `DELETE /scenario` | ends it and leaves a healthy server, called `healthy`; the answer has the verdict, too |
//! | `GET`, `PUT /advertise` | what clients are told in place of our own address and ports |
//! | `GET /files` | every stored file with its size |
//! | `GET`, `PUT`, `DELETE /files/PATH` | one of them |
//! | `GET /ca.pem`, `/known_hosts` | what a client has to trust |
//! | `GET /identity`, `/identity.pub`, `/client.pem`, `/client.key` | what a client may show |
//!
//! The verdict on a scenario that another one has replaced stands in the answer, and `badftp serve` prints it. `badftp run`
//! has it in its reports, and fails by it. `GET /verify` is about the running scenario alone, and judges no `exit`.
//!
//! It binds loopback unless told otherwise; elsewhere it asks for a token, and without one tells its health alone. All of it is bounded: connections, the
//! size and time of a request, the time of a connection. Every answer but a file is a JSON object with the
//! `version` of its shape; every refusal has an `error` in it, and often a `hint`.

mod access;
mod advertise;
mod answer;
mod files;
mod health;
mod journal;
mod scenario;
mod trust;
mod verify;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::server::Server;

pub use access::{Access, Token};
use answer::Refusal;

/// Connections at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 64;
/// The head of a request: its first line and its headers.
const MAX_HEAD: usize = 16 * 1024;
/// The body of a request: a scenario, or a file.
const MAX_BODY: usize = 64 * 1024 * 1024;
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
    /// Binds a port, and answers there for a server, to those who have access.
    ///
    /// # Errors
    /// The port is taken, or the address is not ours.
    pub async fn start(
        address: SocketAddr,
        server: Arc<Server>,
        access: Access,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(serve(listener, router(server, access)));
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

fn router(server: Arc<Server>, access: Access) -> Router {
    let guarded = Router::new()
        .route("/journal", get(journal::journal))
        .route("/verify", get(verify::verify))
        .route("/reset", post(scenario::reset))
        .route("/scenario", put(scenario::load).delete(scenario::remove))
        .route("/advertise", get(advertise::told).put(advertise::tell))
        .route("/files", get(files::list))
        .route("/files/{*path}", get(files::read).put(files::write).delete(files::remove))
        .route("/ca.pem", get(trust::ca))
        .route("/known_hosts", get(trust::known_hosts))
        .route("/identity", get(trust::identity))
        .route("/identity.pub", get(trust::identity_public))
        .route("/client.pem", get(trust::client_certificate))
        .route("/client.key", get(trust::client_key))
        .layer(from_fn_with_state(Arc::new(access), access::check));
    Router::new()
        .route("/health", get(health::health))
        .merge(guarded)
        .method_not_allowed_fallback(async |uri: Uri| {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} is not asked so", uri.path()))
                .hint("a 405 names what is allowed in its `Allow` header")
        })
        .fallback(async |uri: Uri| {
            Refusal::new(StatusCode::NOT_FOUND, format!("there is no {} here", uri.path()))
                .hint("there are /health, /journal, /verify, /reset, /scenario, /advertise, /files, /ca.pem, /known_hosts, /identity, /identity.pub, /client.pem and /client.key")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(server)
}

#[allow(clippy::disallowed_methods, reason = "others get the time to end")]
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
