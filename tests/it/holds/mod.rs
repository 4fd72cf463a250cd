//! A hold ends with its client: each word of `when`, in each hold, in each protocol that has it, left in every way there is.
//!
//! The holds last for a minute, and the server would hold for two. A client leaves after 300 ms, and within 5 s the hold has
//! to be over, so that nothing but its leaving can have ended it. The rule has fired once then, the event is in the journal
//! once, `times: 0` is unmet and `times: 1` met, and the record says for how long it was held. All of this is looked at
//! while it is held, too.
//!
//! The words come from the library's own lists: a new one fails the test until `table` knows how it is brought about. A
//! combination that does not exist is there with its reason.

pub(crate) mod ftp;
pub(crate) mod line;
pub(crate) mod sftp;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fmt, io};

use badftp::engine::Protocol;
use badftp::expect::{Grade, Judgement};
use badftp::journal::{Record, Success};
use badftp::run::Run;
use badftp::scenario::Scenario;
use badftp::server::Server;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use table::{Doing, Leaving, Plan, Why};

/// How long a client bears a hold.
const PATIENCE: Duration = Duration::from_millis(300);
/// When the hold has to be over that it has left.
const BOUND: Duration = Duration::from_secs(5);
/// A client that bears a hold for 300 ms was held for most of it: on a busy machine, what goes out at a pace takes its time
/// between the waits, too.
const HELD: Duration = Duration::from_millis(100);
/// Longer than any hold of the table: the cap ends none of them.
const CAP: Duration = Duration::from_secs(120);
/// How long a hold may take to begin, on a busy machine.
const BEGUN: Duration = Duration::from_secs(30);
/// Servers that run at once.
const AT_ONCE: usize = 96;

/// What holds an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// `delay: 60s`
    Delay,
    /// A pause in `reply`, or in `send`.
    Pause,
    /// `then: stall`
    Stall,
    /// `then: close 60s`
    Close,
    /// `rate`, so that it takes a minute.
    Rate,
    /// `data: stall`
    DataStall,
    /// `server: {delay: 60s}`
    Network,
}

impl Hold {
    const ALL: [Self; 7] = [
        Self::Delay,
        Self::Pause,
        Self::Stall,
        Self::Close,
        Self::Rate,
        Self::DataStall,
        Self::Network,
    ];
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
struct Combination {
    protocol: Protocol,
    word: &'static str,
    hold: Hold,
    /// Its place, by which its way of leaving is chosen.
    place: usize,
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.protocol, self.word, self.hold)
    }
}

fn combinations() -> Vec<Combination> {
    let mut all = Vec::new();
    for protocol in Protocol::ALL {
        for (row, word) in table::words().into_iter().enumerate() {
            for (column, hold) in Hold::ALL.into_iter().enumerate() {
                all.push(Combination { protocol, word, hold, place: row + column });
            }
        }
    }
    all
}

/// What came of one line.
enum Came {
    /// The hold was over so long after the client had left.
    Over(Duration),
    /// There is none, and this is why.
    None(&'static str),
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hold_ends_with_its_client_and_is_judged_as_what_happened() {
    let began = Instant::now();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut all = JoinSet::new();
    for combination in combinations() {
        let room = Arc::clone(&room);
        all.spawn(async move {
            let _turn = room.acquire_owned().await;
            (combination, came_of(combination).await)
        });
    }
    let (mut lags, mut absent, mut wrong) = (Vec::new(), BTreeMap::<_, usize>::new(), Vec::new());
    while let Some(done) = all.join_next().await {
        match done.expect("no combination panics") {
            (_, Ok(Came::Over(lag))) => lags.push(lag),
            (_, Ok(Came::None(reason))) => *absent.entry(reason).or_default() += 1,
            (combination, Err(why)) => wrong.push(format!("{combination}: {why}")),
        }
    }
    lags.sort_unstable();
    wrong.sort_unstable();
    let at = |share: usize| lags.get(lags.len() * share / 100).map_or(0, Duration::as_millis);
    println!(
        "holds: {} combinations, median {} ms, 99 of 100 within {} ms; {} do not exist; {:.1?}",
        lags.len(),
        at(50),
        at(99),
        absent.values().sum::<usize>(),
        began.elapsed(),
    );
    for (reason, count) in absent {
        println!("{count:5} {reason}");
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A client of either.
enum Client {
    Ftp(ftp::Client),
    Sftp(sftp::Client),
}

impl Client {
    async fn act(at: SocketAddr, protocol: Protocol, doing: &Doing) -> io::Result<Self> {
        match doing {
            Doing::Ftp(act) => ftp::Client::act(at, protocol, act).await.map(Self::Ftp),
            Doing::Sftp(act) => sftp::Client::act(at, act).await.map(Self::Sftp),
        }
    }

    async fn leave(&mut self, leaving: Leaving) {
        match self {
            Self::Ftp(client) => client.leave(leaving).await,
            Self::Sftp(client) => client.leave(leaving).await,
        }
    }
}

/// Plays one line, or sees that it does not exist.
async fn came_of(combination: Combination) -> Result<Came, String> {
    let plan = match table::plan(combination.protocol, combination.word, combination.hold) {
        Ok(plan) => plan,
        Err(Why::Never(reason)) => return Ok(Came::None(reason)),
        Err(Why::Refused(yaml, reason)) => {
            return match Scenario::from_yaml(&yaml) {
                Ok(_) => Err(format!("`check` should refuse it, as {reason}: {yaml}")),
                Err(problems) if problems.to_string().contains(reason) => Ok(Came::None(reason)),
                Err(problems) => Err(format!("refused for another reason: {problems}")),
            };
        }
    };
    let leaving = plan.ways[combination.place % plan.ways.len()];
    let scenario =
        Scenario::from_yaml(&plan.yaml).map_err(|problems| format!("{problems}\n{}", plan.yaml))?;
    let mut builder = Server::builder().max_hold(CAP).unverified();
    for other in Protocol::ALL.into_iter().filter(|other| *other != combination.protocol) {
        builder = builder.without(other);
    }
    let server =
        builder.start(scenario).await.map_err(|error| format!("{error} ({:?})", error.source()))?;
    let came = timeout(BEGUN, left(&server, combination, &plan, leaving)).await;
    came.unwrap_or_else(|_| Err("it hangs".to_owned())).map(Came::Over).map_err(|why| {
        let records: Vec<_> = server
            .run()
            .told()
            .records
            .iter()
            .map(|record| serde_json::to_string(record).expect("a record can be written"))
            .collect();
        format!("left by {leaving:?}: {why}\n{}\n{}", plan.yaml, records.join("\n"))
    })
}

/// Brings the event about, leaves in its hold, and tells how long after that the hold was over.
async fn left(
    server: &Server,
    combination: Combination,
    plan: &Plan,
    leaving: Leaving,
) -> Result<Duration, String> {
    let run = server.run();
    let address = server.address(combination.protocol).ok_or("it is not spoken")?;
    let client = Client::act(address, combination.protocol, &plan.act).await;
    let mut client =
        client.map_err(|error| format!("the client cannot bring it about: {error}"))?;
    until(&run, "the hold begins", |record| plan.is_held(record) && !record.outcome.held.is_zero())
        .await?;
    sleep(PATIENCE).await;
    judged("while it is held", &run.verify(), plan)?;
    let left = run.elapsed();
    client.leave(leaving).await;
    let over = until(&run, "the hold is over", |record| {
        plan.is_held(record) && (record.ended.is_some() || says_left(record))
    });
    let over = timeout(BOUND, over).await;
    let record = over.unwrap_or_else(|_| Err(format!("it is still held after {BOUND:?}")))?;
    let lag = record.ended.unwrap_or_else(|| run.elapsed()).saturating_sub(left);
    client.leave(Leaving::Close).await;
    drop(client);
    let ended =
        until(&run, "the event is over", |record| plan.is_held(record) && record.ended.is_some());
    let record =
        timeout(BOUND, ended).await.unwrap_or_else(|_| Err("the event never ends".into()))?;
    judged("in the end", &server.verify().await, plan)?;
    weigh(&run, &record, plan)?;
    Ok(lag)
}

fn says_left(record: &Record) -> bool {
    record.outcome.detail.as_deref().is_some_and(|detail| detail.contains("left while it was held"))
}

/// Waits until a record is as it should be.
async fn until(
    run: &Run,
    event: &str,
    holds: impl Fn(&Record) -> bool,
) -> Result<Arc<Record>, String> {
    let looking = async {
        loop {
            if let Some(found) = run.told().records.iter().find(|record| holds(record)) {
                return Arc::clone(found);
            }
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(BEGUN / 2, looking).await.map_err(|_| format!("waited in vain: {event}"))
}

/// What is expected once has happened once, what is expected never has happened, and the rule has fired.
fn judged(when: &str, judgement: &Judgement, plan: &Plan) -> Result<(), String> {
    let grades: Vec<Grade> = judgement.findings.iter().map(|finding| finding.grade).collect();
    let mut expected = if plan.is_counted { vec![Grade::Met, Grade::Unmet] } else { Vec::new() };
    let rules = judgement.findings.len() - expected.len();
    expected.extend(vec![Grade::Met; rules]);
    if grades == expected { Ok(()) } else { Err(format!("{when}: {judgement}")) }
}

/// It is there once, it failed, and it says for how long it was held.
fn weigh(run: &Run, record: &Record, plan: &Plan) -> Result<(), String> {
    let held = run.told().records.iter().filter(|record| plan.is_held(record)).count();
    let outcome = &record.outcome;
    match () {
        () if held != 1 => Err(format!("there are {held} records of it")),
        () if outcome.fired != plan.has_rule => Err("`fired` is wrong".to_owned()),
        () if outcome.held < HELD || outcome.held >= BOUND => {
            Err(format!("it says that it was held for {:?}", outcome.held))
        }
        () if outcome.success != Success::Failed => Err("it is told to be fine".to_owned()),
        () => Ok(()),
    }
}
