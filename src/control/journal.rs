//! `GET /journal`: what has happened in the running scenario, filtered by the words that rules and expectations are
//! filtered by: `?when=upload&path=/in/*.csv&outcome=ok`.
//!
//! With `wait=5s` it answers as soon as so many have happened as `times` says (`1+` without), and otherwise when the
//! time is over, with `"enough": false`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;

use super::answer::{Refusal, VERSION};
use crate::expect::{Expectation, What};
use crate::journal::Record;
use crate::run::Run;
use crate::scenario::{Scenario, duration, when};
use crate::server::Server;

/// The longest that anybody may wait: less than a connection may stay.
const MAX_WAIT: Duration = Duration::from_secs(50);

/// What has happened.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    version: u32,
    /// Whether so many have happened as were waited for.
    enough: bool,
    /// Older records that the journal has not kept.
    dropped: u64,
    records: Vec<Arc<Record>>,
}

pub(super) async fn journal(
    State(server): State<Arc<Server>>,
    Query(mut pairs): Query<Vec<(String, String)>>,
) -> Result<Json<Answer>, Refusal> {
    let wait = take(&mut pairs, "wait").map(|text| wait(&text)).transpose()?;
    let expected = (!pairs.is_empty()).then(|| expectation(pairs)).transpose()?;
    let run = server.run();
    let Some(Expectation { what: What::Happens(happens), times, .. }) = expected else {
        if wait.is_some() {
            return Err(Refusal::bad("wait for what?").hint("name an event: `when=upload&wait=5s`"));
        }
        let told = run.told();
        return Ok(answer(&run, true, told.records));
    };
    let (enough, records) = match wait {
        None => (true, run.happened(&happens)),
        Some(time) => run.wait_for(&happens, times, time).await,
    };
    Ok(answer(&run, enough, records))
}

fn answer(run: &Run, enough: bool, records: Vec<Arc<Record>>) -> Json<Answer> {
    Json(Answer { version: VERSION, enough, dropped: run.told().dropped, records })
}

/// What is asked for, as an expectation says it.
fn expectation(pairs: Vec<(String, String)>) -> Result<Expectation, Refusal> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in pairs {
        match named.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => values.push(value),
            None => named.push((name, vec![value])),
        }
    }
    let Some(place) = named.iter().position(|(name, _)| name == "when") else {
        let refusal = Refusal::bad("which events? there is no `when`");
        return Err(refusal.hint("`when=upload`, `when=STOR`, `when=any`"));
    };
    if let Some((name, _)) = named.iter().find(|(name, _)| name == "stored") {
        return Err(Refusal::bad(format!("`{name}` is about files")).hint("ask /files"));
    }
    let (_, events) = named.swap_remove(place);
    let mut sentence = when(events);
    for (name, values) in named {
        sentence = match <[String; 1]>::try_from(values) {
            Ok([value]) => sentence.key(name, value),
            Err(values) => sentence.key(name, values),
        };
    }
    let scenario = Scenario::builder().expect(sentence).build()?;
    let expected = scenario.expectations.into_iter().next();
    expected.ok_or_else(|| Refusal::bad("this asks for nothing"))
}

fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let place = pairs.iter().position(|(other, _)| other == name)?;
    Some(pairs.remove(place).1)
}

fn wait(text: &str) -> Result<Duration, Refusal> {
    let time =
        duration(text).map_err(|mistake| Refusal::bad(format!("`wait={text}`: {mistake}")))?;
    if time > MAX_WAIT {
        let sentence = format!("`wait={text}` is longer than {} s", MAX_WAIT.as_secs());
        return Err(Refusal::bad(sentence).hint("ask again when it is over"));
    }
    Ok(time)
}
