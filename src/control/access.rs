//! Who may ask.
//!
//! On loopback everybody may who has no web page behind him: a page that a developer has open could reach
//! loopback, too, and its browser says so by `Origin`. Elsewhere a token is asked for, and where there is none, only
//! health is told.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::answer::Refusal;

/// Who may ask for more than the server's health.
#[derive(Debug, Clone)]
pub enum Access {
    /// Who can reach it.
    Everybody,
    /// Who shows this.
    Holders(Token),
    /// It can be reached from elsewhere, and nobody has said who may ask.
    Nobody,
}

/// What a client has to show: `Authorization: Bearer …`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token that is not empty.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// Whether it is this one. Hashes are compared, so that the time it takes tells nothing.
    fn is(&self, shown: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(shown)
    }
}

/// It is a secret.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Lets a request pass, or refuses it.
pub(super) async fn check(
    State(access): State<Arc<Access>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if headers.contains_key(ORIGIN) {
        let refusal = Refusal::new(StatusCode::FORBIDDEN, "a web page may not ask this");
        return refusal.hint("ask without an `Origin` header").into_response();
    }
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let (what, hint) = match (&*access, shown) {
        (Access::Everybody, _) => return next.run(request).await,
        (Access::Holders(token), Some(shown)) if token.is(shown) => return next.run(request).await,
        (Access::Holders(_), Some(_)) => ("the token is wrong", SHOW_IT),
        (Access::Holders(_), None) => ("a token is needed", SHOW_IT),
        (Access::Nobody, _) => {
            ("the server was started without a token: only /health is told", SET_ONE)
        }
    };
    Refusal::new(StatusCode::UNAUTHORIZED, what).hint(hint).into_response()
}

const SHOW_IT: &str = "`Authorization: Bearer TOKEN`, with what `--control-token` says";
const SET_ONE: &str =
    "start it with `--control-token TOKEN` or `BADFTP_CONTROL_TOKEN`; `none` lets everybody ask";
