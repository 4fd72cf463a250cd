//! One rule, four protocols: the same operation has the same outcome, cause and firing over FTP, FTPS, SFTP and scp, for
//! the operations that each protocol has. Where rules 14 to 17 of the language differ by protocol, the row says so.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use badftp::engine::Protocol as Wire;
use badftp::scenario::Scenario;
use badftp::server::Server;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::clients::Desk;

/// How curl speaks to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Ftp,
    Ftps,
    Sftp,
    Scp,
}

use Protocol::{Ftp, Ftps, Scp, Sftp};

const ALL: &[Protocol] = &[Ftp, Ftps, Sftp, Scp];
/// What is done by path cannot be done with scp.
const PATHS: &[Protocol] = &[Ftp, Ftps, Sftp];

/// What curl does, and the event that it is.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Put,
    PutNowhere,
    Get,
    GetNothing,
    List,
    Rename,
    RenameNothing,
    Delete,
    Mkdir,
    MkdirAgain,
    Rmdir,
}

/// A row: the rule, the deed, and what is written down of it: the outcome, whose failure it is, and whether the rule
/// has fired.
struct Row {
    rule: &'static str,
    deed: Deed,
    expected: &'static str,
    /// What it is with scp, if that differs.
    scp: Option<&'static str>,
}

/// A row of which curl's scp is another matter: it leaves as soon as it has all bytes, and waits for no end of the copy.
const fn but_scp(rule: &'static str, deed: Deed, expected: &'static str, scp: &'static str) -> Row {
    Row { rule, deed, expected, scp: Some(scp) }
}

const fn row(rule: &'static str, deed: Deed, expected: &'static str) -> Row {
    Row { rule, deed, expected, scp: None }
}

const OK: &str = "ok, fired";
const BY_RULE: &str = "failed by rule, fired";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // In the operation's place.
    row("{when: upload, reply: 552 Full, status: 14 Full}", Deed::Put, BY_RULE),
    row("{when: download, reply: 550 No, status: 3 No}", Deed::Get, BY_RULE),
    row("{when: list, reply: 450 No, status: 3 No}", Deed::List, BY_RULE),
    row("{when: rename, reply: 553 No, status: 3 No}", Deed::Rename, BY_RULE),
    row("{when: delete, reply: 550 No, status: 3 No}", Deed::Delete, BY_RULE),
    row("{when: mkdir, reply: 550 No, status: 4 No}", Deed::Mkdir, BY_RULE),
    row("{when: rmdir, reply: 550 No, status: 4 No}", Deed::Rmdir, BY_RULE),
    row("{when: upload, then: close}", Deed::Put, BY_RULE),
    row("{when: download, then: reset}", Deed::Get, BY_RULE),
    row("{when: mkdir, then: close}", Deed::Mkdir, BY_RULE),
    row("{when: delete, keep: none, reply: 250 Lie, status: 0 Lie}", Deed::Delete, BY_RULE),
    row("{when: delete, at: start, reply: 250 Lie, status: 0 Lie}", Deed::Delete, BY_RULE),
    row("{when: upload, keep: lost, reply: 451 No, status: 4 No}", Deed::Put, BY_RULE),
    // Slowed.
    row("{when: upload, delay: 100ms}", Deed::Put, OK),
    row("{when: download, delay: 100ms}", Deed::Get, OK),
    row("{when: list, delay: 100ms}", Deed::List, OK),
    row("{when: rename, delay: 100ms}", Deed::Rename, OK),
    row("{when: delete, delay: 100ms}", Deed::Delete, OK),
    row("{when: mkdir, delay: 100ms}", Deed::Mkdir, OK),
    row("{when: upload, rate: 2MiB/s}", Deed::Put, OK),
    row("{when: download, rate: 2MiB/s}", Deed::Get, OK),
    row("{when: download, chunk: 10000B}", Deed::Get, OK),
    // A success in other words.
    row("{when: upload, reply: 226 Thanks, status: 0 Thanks}", Deed::Put, OK),
    row("{when: download, reply: 226 There, status: 0 There}", Deed::Get, OK),
    row("{when: rename, reply: 250 Fine, status: 0 Fine}", Deed::Rename, OK),
    row("{when: delete, reply: 250 Gone, status: 0 Gone}", Deed::Delete, OK),
    row("{when: rmdir, reply: 250 Gone, status: 0 Gone}", Deed::Rmdir, OK),
    // At the end.
    row("{when: upload, at: end, reply: 451 No, status: 4 No}", Deed::Put, BY_RULE),
    row("{when: download, at: end, reply: 451 No, status: 4 No}", Deed::Get, BY_RULE),
    row("{when: rename, at: end, reply: 451 No, status: 4 No}", Deed::Rename, BY_RULE),
    row("{when: upload, at: end, then: close}", Deed::Put, BY_RULE),
    row("{when: rename, at: end, then: reset}", Deed::Rename, BY_RULE),
    row("{when: mkdir, at: end, then: close}", Deed::Mkdir, BY_RULE),
    row("{when: upload, at: end, delay: 100ms}", Deed::Put, OK),
    // Longer than a busy machine needs to start a client and to let it leave.
    but_scp("{when: download, at: end, delay: 5s}", Deed::Get, OK, BY_RULE),
    // What is kept.
    row("{when: upload, keep: none}", Deed::Put, BY_RULE),
    row("{when: upload, keep: 10B}", Deed::Put, BY_RULE),
    row("{when: upload, keep: lost}", Deed::Put, BY_RULE),
    row("{when: upload, keep: all}", Deed::Put, OK),
    row("{when: rename, keep: none}", Deed::Rename, BY_RULE),
    row("{when: mkdir, keep: none}", Deed::Mkdir, BY_RULE),
    // Part way.
    row("{when: upload, at: 64KiB, reply: 452 Full, status: 14 Full}", Deed::Put, BY_RULE),
    row("{when: download, at: 64KiB, reply: 426 No, status: 4 No}", Deed::Get, BY_RULE),
    row("{when: upload, at: 64KiB, then: reset}", Deed::Put, BY_RULE),
    row("{when: download, at: 64KiB, then: close}", Deed::Get, BY_RULE),
    row("{when: upload, at: 64KiB, delay: 100ms}", Deed::Put, OK),
    row("{when: download, at: 64KiB, delay: 100ms}", Deed::Get, OK),
    row("{when: upload, limit: 64KiB, reply: 552 Full, status: 15 Full}", Deed::Put, BY_RULE),
    // A byte that is never reached: the operation is healthy, and the rule has not acted.
    row("{when: upload, at: 1MiB, reply: 452 Full, status: 14 Full}", Deed::Put, "ok"),
    row("{when: download, at: 1MiB, reply: 426 No, status: 4 No}", Deed::Get, "ok"),
    // Spoilt.
    row("{when: download, damage: bit}", Deed::Get, BY_RULE),
    row("{when: download, at: 10B, damage: gap}", Deed::Get, BY_RULE),
    row("{when: download, send: instead}", Deed::Get, BY_RULE),
    // A natural failure is the client's. A delay was waited for all the same, and nothing else has happened to it.
    row("{when: upload, delay: 100ms}", Deed::PutNowhere, "failed by client, fired"),
    row("{when: download, delay: 100ms}", Deed::GetNothing, "failed by client, fired"),
    row("{when: mkdir, delay: 100ms}", Deed::MkdirAgain, "failed by client, fired"),
    row("{when: upload, at: end, reply: 451 No, status: 4 No}", Deed::PutNowhere, "failed by client"),
    row("{when: upload, reply: 226 Thanks, status: 0 Thanks}", Deed::PutNowhere, "failed by client"),
    row("{when: download, at: 64KiB, reply: 426 No, status: 4 No}", Deed::GetNothing, "failed by client"),
    row("{when: rename, at: end, then: close}", Deed::RenameNothing, "failed by client"),
    row("{when: mkdir, reply: 257 Fine, status: 0 Fine}", Deed::MkdirAgain, "failed by client"),
    row("{when: upload, rate: 2MiB/s}", Deed::PutNowhere, "failed by client"),
];

impl Deed {
    fn event(self) -> &'static str {
        match self {
            Self::Put | Self::PutNowhere => "upload",
            Self::Get | Self::GetNothing => "download",
            Self::List => "list",
            Self::Rename | Self::RenameNothing => "rename",
            Self::Delete => "delete",
            Self::Mkdir | Self::MkdirAgain => "mkdir",
            Self::Rmdir => "rmdir",
        }
    }

    fn protocols(self) -> &'static [Protocol] {
        match self {
            Self::Put | Self::PutNowhere | Self::Get | Self::GetNothing => ALL,
            _ => PATHS,
        }
    }

    /// What curl is told besides the URL of the server.
    fn arguments(self, url: &str, protocol: Protocol) -> Vec<String> {
        let quoted = |ftp: &[&str], sftp: &str| {
            let quotes = if protocol == Sftp { vec![sftp] } else { ftp.to_vec() };
            let quotes = quotes.into_iter().flat_map(|quote| ["-Q".to_owned(), quote.to_owned()]);
            quotes.chain([format!("{url}/")]).collect()
        };
        let given = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match self {
            Self::Put => given(&["-T", "up", &format!("{url}/new")]),
            Self::PutNowhere => given(&["-T", "up", &format!("{url}/shut/new")]),
            Self::Get => given(&[&format!("{url}/big")]),
            // Without SIZE, which would fail first.
            Self::GetNothing => given(&["--ignore-content-length", &format!("{url}/nothing")]),
            Self::List => given(&[&format!("{url}/in/")]),
            Self::Rename => quoted(&["RNFR /a", "RNTO /b"], "rename /a /b"),
            Self::RenameNothing => quoted(&["RNFR /a", "RNTO /no/b"], "rename /a /no/b"),
            Self::Delete => quoted(&["DELE /a"], "rm /a"),
            Self::Mkdir => quoted(&["MKD /x"], "mkdir /x"),
            Self::MkdirAgain => quoted(&["MKD /in"], "mkdir /in"),
            Self::Rmdir => quoted(&["RMD /empty"], "rmdir /empty"),
        }
    }
}

/// What is written down of the deed.
async fn told(rule: &str, deed: Deed, protocol: Protocol) -> String {
    let files = "files: {/big: {size: 200000B}, /a: a, /in/: {}, /in/b: b, /empty/: {}, /shut/: {permissions: r-xr-xr-x}}";
    let yaml = format!("{files}\nrules: [{rule}]\n");
    let scenario = Scenario::from_yaml(&yaml).unwrap_or_else(|problems| panic!("{problems}"));
    let server = Server::start(scenario).await.expect("a server can be started");
    let (scheme, wire) = match protocol {
        Ftp => ("ftp", Wire::Ftp),
        Ftps => ("ftps", Wire::Ftps),
        Sftp => ("sftp", Wire::Sftp),
        Scp => ("scp", Wire::Sftp),
    };
    let address = server.address(wire).expect("every protocol is spoken");
    let url = format!("{scheme}://ann:secret@{address}");
    let desk = Desk::with("up", vec![b'x'; 200_000]);
    let curl = Command::new("curl")
        .args(["-q", "-s", "-k", "--max-time", "20", "-o", "down"])
        .args(deed.arguments(&url, protocol))
        .current_dir(desk.path(""))
        .stdin(Stdio::null())
        .status();
    curl.await.expect("curl can be run");
    let _ = server.verify().await;
    let records = server.run().told().records;
    let of: Vec<_> = records.iter().filter(|record| record.event == Some(deed.event())).collect();
    let [record] = of[..] else { return format!("it was written down {} times", of.len()) };
    let mut told = record.outcome.success.word().to_owned();
    if let Some(cause) = record.outcome.cause {
        told.push_str(&format!(" by {cause:?}").to_lowercase());
    }
    if record.outcome.fired {
        told.push_str(", fired");
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs curl: tests/run"]
async fn one_rule_has_the_same_outcome_over_every_protocol() {
    assert!(ROWS.len() >= 40);
    // As many clients at once as the machine bears.
    let room = Arc::new(Semaphore::new(8));
    let mut deeds = JoinSet::new();
    for row in ROWS {
        for protocol in row.deed.protocols() {
            let room = Arc::clone(&room);
            deeds.spawn(async move {
                let _room = room.acquire_owned().await;
                let scp = row.scp.filter(|_| *protocol == Scp);
                let expected = scp.unwrap_or(row.expected);
                let within = Duration::from_secs(60);
                let got = tokio::time::timeout(within, told(row.rule, row.deed, *protocol)).await;
                let got = got.unwrap_or_else(|_| "it took too long".to_owned());
                let wrong =
                    || format!("{:?} {:?} {}: {got}, not {expected}", row.deed, protocol, row.rule);
                (got != expected).then(wrong)
            });
        }
    }
    let wrong: Vec<String> = deeds.join_all().await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
