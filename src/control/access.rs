//! Who may ask.
//!
//! On loopback everybody may who has no web page behind him: a page that a developer has open could reach
//! loopback, too, and its browser says so by `Origin`. Elsewhere a token is asked for.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::answer::Refusal;

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
    State(token): State<Option<Arc<Token>>>,
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
    match token {
        Some(token) if !shown.is_some_and(|shown| token.is(shown)) => {
            let what = if shown.is_some() { "the token is wrong" } else { "a token is needed" };
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, what);
            refusal
                .hint("`Authorization: Bearer TOKEN`, with what `--control-token` says")
                .into_response()
        }
        _ => next.run(request).await,
    }
}
