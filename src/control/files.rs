//! `/files`: what the server has stored, whoever may see it; and what a test puts there.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;

use super::answer::{Refusal, VERSION};
use crate::files::{Content, Error};
use crate::server::Server;

/// Bytes that are read at a time.
const PIECE: usize = 256 * 1024;

/// Every file there is.
#[derive(Debug, Serialize)]
pub(super) struct Listing {
    version: u32,
    files: Vec<Row>,
}

/// One of them. A name that is not UTF-8 is written as in a scenario: `caf<xE9>`.
#[derive(Debug, Serialize)]
struct Row {
    path: String,
    size: u64,
}

pub(super) async fn list(State(server): State<Arc<Server>>) -> Json<Listing> {
    let all = server.files().into_iter();
    let files = all.map(|(path, content)| Row { path, size: content.size() }).collect();
    Json(Listing { version: VERSION, files })
}

pub(super) async fn read(
    State(server): State<Arc<Server>>,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    let content = server.content(&path).map_err(|error| refusal(&path, error))?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, content.size().to_string()),
    ];
    Ok((headers, body(content)).into_response())
}

pub(super) async fn write(
    State(server): State<Arc<Server>>,
    Path(path): Path<String>,
    content: Bytes,
) -> Result<StatusCode, Refusal> {
    server.put_file(&path, content).map_err(|error| refusal(&path, error))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(server): State<Arc<Server>>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    server.remove_file(&path).map_err(|error| refusal(&path, error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// A content as it is read: one of 10 GiB costs no memory.
fn body(content: Content) -> Body {
    let pieces = stream::unfold((content, 0), |(content, offset)| async move {
        let piece = content.read(offset, PIECE);
        let next = offset + piece.len() as u64;
        (!piece.is_empty()).then_some((Ok::<_, Error>(piece), (content, next)))
    });
    Body::from_stream(pieces)
}

fn refusal(path: &str, error: Error) -> Refusal {
    let status = match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::NoSpace | Error::TooManyFiles | Error::FileTooLarge => {
            StatusCode::INSUFFICIENT_STORAGE
        }
        _ => StatusCode::CONFLICT,
    };
    Refusal::new(status, format!("/{path}: {}", error.text().to_lowercase()))
}
