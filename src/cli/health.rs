//! `badftp health`: asks a running server to probe itself. Small and quick, for the health check of a container.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::HOST;
use axum::http::{Request, StatusCode};
use clap::Args;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::flags::{CONTROL, Listen, Ports};
use super::{Failure, print};
use crate::fault::blackhole::reachable;

/// Names the control listener to the command of `run`, and to this one.
pub(super) const CONTROL_URL: &str = "BADFTP_CONTROL_URL";

/// The server is not there, or not well: 1 is what a container's health check knows.
const EXIT_UNHEALTHY: u8 = 1;
/// The server's own probe of a listener gives up a good deal earlier.
const WITHIN: Duration = Duration::from_secs(10);
/// An answer is a few hundred bytes.
const MAX_ANSWER: usize = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct Health {
    /// The server's control listener: an address, or a URL such as `http://127.0.0.1:2180` [default: what
    /// `BADFTP_CONTROL_URL` says, or `BADFTP_CONTROL`, as `serve` has it, or 127.0.0.1:2180]
    #[arg(long, value_name = "ADDRESS", value_parser = authority)]
    control: Option<Authority>,
    /// The server's ready file, which says where that is
    #[arg(long, value_name = "FILE", conflicts_with = "control")]
    ready_file: Option<PathBuf>,
}

/// A host and its port, as a URL has them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Authority(String);

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `http://127.0.0.1:2180/`, `badftp:2180`, `:2180` or `2180`
fn authority(text: &str) -> Result<Authority, String> {
    let bare = text.strip_prefix("http://").unwrap_or(text);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    let (host, port) = bare.rsplit_once(':').unwrap_or(("", bare));
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    if port.parse::<u16>().is_err() || host.contains(['/', '@', ' ']) {
        return Err("expected an address and port such as `127.0.0.1:2180`, or a URL such as \
                    `http://127.0.0.1:2180`"
            .to_owned());
    }
    Ok(Authority(format!("{host}:{port}")))
}

impl Health {
    #[tokio::main(flavor = "current_thread")]
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let asked = match self.asked()? {
            Ok(authority) => timeout(WITHIN, ask(&authority)).await.unwrap_or_else(|_| {
                Err(format!("{authority} did not answer within {} seconds", WITHIN.as_secs()))
            }),
            Err(sentence) => Err(sentence),
        };
        match asked {
            Ok(listeners) => {
                print(format_args!("healthy: {listeners}")).map(|()| ExitCode::SUCCESS)
            }
            Err(sentence) => {
                anstream::eprintln!("unhealthy: {sentence}");
                Err(Failure::Printed(EXIT_UNHEALTHY))
            }
        }
    }

    /// Where to ask, or why there is nobody to ask.
    fn asked(&self) -> Result<Result<Authority, String>, Failure> {
        if let Some(path) = &self.ready_file {
            return Ok(in_ready_file(path));
        }
        if let Some(authority) = &self.control {
            return Ok(Ok(authority.clone()));
        }
        if let Some(url) = variable(CONTROL_URL) {
            return authority(&url)
                .map(Ok)
                .map_err(|mistake| Failure::usage(format!("{CONTROL_URL}=`{url}`: {mistake}")));
        }
        match variable(CONTROL) {
            Some(listen) => beside_us(&listen)
                .map_err(|mistake| Failure::usage(format!("{CONTROL}=`{listen}`: {mistake}"))),
            None => Ok(Ok(Authority(format!("127.0.0.1:{}", Ports::USUAL.control)))),
        }
    }
}

/// What the environment says, if anything: a variable that is set to nothing says nothing, as for `serve`.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where the server that has the same environment answers: another process of one container.
fn beside_us(listen: &str) -> Result<Result<Authority, String>, String> {
    Ok(match listen.parse()? {
        Listen::At(address) => Ok(Authority(reachable(address).to_string())),
        Listen::Off => Err(format!("the server was told {CONTROL}=off")),
    })
}

fn in_ready_file(path: &Path) -> Result<Authority, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        format!("there is no ready file {name}, so no server is ready yet: {error}")
    })?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("{name} is no ready file: {error}"))?;
    match value.get("control").and_then(Value::as_str) {
        Some(address) => Ok(Authority(address.to_owned())),
        None => Err(format!("the server of {name} was started with `--control off`")),
    }
}

/// Asks, and says which listeners answer.
async fn ask(authority: &Authority) -> Result<String, String> {
    let (status, text) = get(authority).await.map_err(|error| {
        format!(
            "no answer from http://{authority}/health: {error}; is `badftp serve` running there?"
        )
    })?;
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    if status == StatusCode::OK && answer["status"] == "ok" {
        return Ok(listeners(&answer["listeners"]));
    }
    Err(match answer["error"].as_str() {
        Some(error) => error.to_owned(),
        None => format!("what answers at http://{authority}/health is no badftp: {status}"),
    })
}

/// `ftp on 127.0.0.1:2121`
fn listeners(answer: &Value) -> String {
    let named = |(name, at): (&String, &Value)| format!("{name} on {}", at.as_str().unwrap_or("?"));
    let all: Vec<String> = answer.as_object().into_iter().flatten().map(named).collect();
    if all.is_empty() { "no listener is on".to_owned() } else { all.join(", ") }
}

/// The status and the body of `GET /health`.
async fn get(authority: &Authority) -> Result<(StatusCode, String), Box<dyn Error + Send + Sync>> {
    let tcp = TcpStream::connect(&authority.0).await?;
    let (mut requests, connection) = handshake(TokioIo::new(tcp)).await?;
    let request = Request::get("/health").header(HOST, &authority.0).body(Body::empty())?;
    let exchange = async {
        let response = requests.send_request(request).await?;
        let status = response.status();
        let body = to_bytes(Body::new(response.into_body()), MAX_ANSWER).await?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    tokio::select! {
        answered = exchange => answered,
        Err(error) = connection => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_a_url_or_short() {
        let is = |text: &str| authority(text).unwrap().0;
        assert_eq!(is("http://127.0.0.1:2180/"), "127.0.0.1:2180");
        assert_eq!(is("2180"), "127.0.0.1:2180");
        assert_eq!(is(":2180"), "127.0.0.1:2180");
        assert_eq!(is("badftp:80"), "badftp:80");
        assert_eq!(is("[::1]:80"), "[::1]:80");
        for wrong in ["", "here", "https://x:1", "http://x:1/health", "x:99999"] {
            assert!(authority(wrong).is_err(), "{wrong}");
        }
    }
}
