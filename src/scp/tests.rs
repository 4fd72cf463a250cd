//! Records by their bytes, over a pipe.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::words::split;
use super::{Command, serve};
use crate::engine::{Ending, Protocol};
use crate::fault::channel::{Gone, Heard, Incoming, Outgoing};
use crate::files::{Account, Files, Limits};
use crate::journal::{Cause, Journal, Record, Success};
use crate::run::{self, Blame, Caller, Parts, Run};
use crate::scenario::{self, Source};

/// It says no more so long after it has said all, and stays.
struct Ear(mpsc::UnboundedReceiver<Heard>, Option<Duration>);

impl Incoming for Ear {
    async fn hear(&mut self) -> Heard {
        match self.0.recv().await {
            Some(heard) => heard,
            None => match self.1 {
                Some(later) => {
                    sleep(later).await;
                    self.1 = None;
                    Heard::Eof
                }
                None => pending().await,
            },
        }
    }
}

struct Mouth(mpsc::UnboundedSender<String>);

impl Outgoing for Mouth {
    async fn say(&self, bytes: Bytes) -> Result<(), Gone> {
        self.0.send(bytes.escape_ascii().to_string()).map_err(|_| Gone)
    }

    async fn finish(&self, exit_status: u32) {
        let _ = self.0.send(format!("<exit {exit_status}>"));
    }

    async fn end_channel(&self, ending: Ending) {
        let _ = self.0.send(format!("<data {}>", ending.word()));
    }

    async fn end_connection(&self, ending: Ending, _: &[u8]) {
        let _ = self.0.send(format!("<then {}>", ending.word()));
    }

    async fn departed(&self) {
        pending::<()>().await;
    }
}

fn run_of(scenario: &str) -> Arc<Run> {
    let read = scenario::read(&Source::inline("test", scenario));
    let scenario = read.unwrap_or_else(|problems| panic!("{problems}")).scenarios.remove(0);
    Run::begin(Parts {
        title: String::new(),
        rules: scenario.rules,
        expectations: Vec::new(),
        seed: 0,
        files: Files::new(scenario.files, Limits::default(), run::now),
        accounts: scenario.accounts,
        network: scenario.network,
        journal: Arc::new(Journal::default()),
        max_hold: Duration::from_secs(60),
        outside: Arc::default(),
    })
}

/// All that is said to a client that says all this at once.
async fn said(scenario: &str, command: &str, client: &[u8]) -> String {
    copied(scenario, command, client, Duration::ZERO).await.0
}

/// That, and what is written down of it.
async fn copied(
    scenario: &str,
    command: &str,
    client: &[u8],
    stays: Duration,
) -> (String, Vec<Arc<Record>>) {
    let (talks, ear) = mpsc::unbounded_channel();
    let (mouth, mut hears) = mpsc::unbounded_channel();
    talks.send(Heard::Data(Bytes::copy_from_slice(client))).unwrap();
    drop(talks);
    let caller = Caller {
        account: Account::new("ftp"),
        peer: ([127, 0, 0, 1], 9).into(),
        protocol: Protocol::Sftp,
        connection: 1,
        blame: Blame::default(),
    };
    let command = Command::read(command.as_bytes()).unwrap();
    let run = run_of(scenario);
    serve(caller, Ear(ear, Some(stays)), Mouth(mouth), Arc::clone(&run), command).await;
    let mut all = String::new();
    while let Some(piece) = hears.recv().await {
        all.push_str(&piece);
    }
    (all, run.told().records)
}

/// Longer than anything but a stall.
const LONG: Duration = Duration::from_secs(50);
const FILES: &str = "files: {/d/a: hello, /d/b: {permissions: rw-------}, /f: {modified: \"2001-09-09T01:46:40Z\"}}";

#[tokio::test]
async fn files_and_directories_are_sent() {
    let said = said(FILES, "scp -rpf /f d/*", &[0; 20]).await;
    let file = r"T1000000000 0 1000000000 0\nC0644 0 f\n\x00";
    let others = r"T1704067200 0 1704067200 0\nC0644 5 a\nhello\x00T1704067200 0 1704067200 0\nC0600 0 b\n\x00";
    assert_eq!(said, format!("{file}{others}<exit 0>"));
    let said = self::said(FILES, "scp -rf d", &[0; 20]).await;
    assert_eq!(said, r"D0755 0 d\nC0644 5 a\nhello\x00C0600 0 b\n\x00E\n<exit 0>");
}

#[tokio::test]
async fn what_is_not_understood_ends_the_copy() {
    for (client, told) in [
        ("hello\n", "protocol error: expected control record"),
        ("C06x4 1 a\n", "protocol error: bad mode"),
        ("D0755 0 d\n", "protocol error: received directory without -r"),
        ("C0644 1 ../a\n", "error: unexpected filename: ../a"),
        ("C0644 1 ..\n", "error: unexpected filename: .."),
    ] {
        let said = said(FILES, "scp -t /d", client.as_bytes()).await;
        assert_eq!(said, format!(r"\x00\x01scp: {told}\n<exit 1>"));
    }
    assert_eq!(said(FILES, "scp -dt /f", b"").await, r"\x01scp: /f: Not a directory\n<exit 1>");
    assert_eq!(said(FILES, "scp -t /d/*", b"").await, r"\x01scp: ambiguous target\n<exit 1>");
}

#[tokio::test]
async fn a_copy_goes_on_after_what_cannot_be_copied() {
    let said = said(FILES, "scp -f /no /d /d/a", &[0; 3]).await;
    let no = r"\x01scp: /no: No such file or directory\n\x01scp: /d: not a regular file\n";
    assert_eq!(said, format!(r"{no}C0644 5 a\nhello\x00<exit 1>"));
}

#[tokio::test]
async fn a_rule_ends_it_where_it_says() {
    for (rule, told) in [
        ("at: 2B, then: reset", r"C0644 5 a\nhe<then reset>"),
        ("at: 2B, data: close", r"C0644 5 a\nhe<data close>"),
        ("at: 2B, status: 4 Broken", r"C0644 5 a\nhe\x00\x00\x00\x01scp: /d/a: Broken\n<exit 1>"),
        ("at: end, status: 3", r"C0644 5 a\nhello\x01scp: /d/a: Permission denied\n<exit 1>"),
        ("status: 2", r"\x01scp: /d/a: No such file or directory\n<exit 1>"),
        ("damage: bit", r"C0644 5 a\niello\x00<exit 0>"),
        ("send: <user>", r"C0644 3 a\nftp\x00<exit 0>"),
    ] {
        let scenario = format!("{FILES}\nrules:\n  - {{when: download, {rule}}}\n");
        assert_eq!(said(&scenario, "scp -f /d/a", &[0; 3]).await, told, "{rule}");
    }
}

#[tokio::test]
async fn patterns_are_the_names_that_match() {
    let run = run_of("files: {/d/b1: '', /d/a1: '', /d/.a1: '', /d/e/a1: '', '/d/*': ''}");
    let account = Account::new("ftp");
    let paths = |line: &str| -> Vec<String> {
        let paths = split(line.as_bytes()).remove(0).paths(&run.files, &account);
        paths.into_iter().map(|path| String::from_utf8(path).unwrap()).collect()
    };
    assert_eq!(paths("/d/?1"), ["/d/a1", "/d/b1"]);
    assert_eq!(paths("d/*/[ab]1"), ["d/e/a1"]);
    assert_eq!(paths("'/d/*'"), ["/d/*"]);
    assert_eq!(paths(r"/d/\**"), ["/d/*"]);
    assert_eq!(paths("/no/*"), ["/no/*"]);
}

#[tokio::test(start_paused = true)]
async fn an_upload_into_a_folder_that_is_read_only_waits_and_the_rule_has_acted() {
    let began = tokio::time::Instant::now();
    let scenario = "files: {/r/: {permissions: r-xr-xr-x, owner: root}}
rules: [{when: upload, delay: 400ms}]";
    let (said, records) = copied(scenario, "scp -t /r", b"C0644 1 a\n", LONG).await;
    assert_eq!(said, r"\x00\x01scp: /r/a: Permission denied\n<exit 1>");
    assert_eq!(began.elapsed(), LONG + Duration::from_millis(400));
    let outcome = &records[0].outcome;
    assert!(outcome.fired && outcome.answered.is_some());
    assert_eq!((outcome.success, outcome.cause), (Success::Failed, Some(Cause::Client)));
}

#[tokio::test(start_paused = true)]
async fn outcomes_are_those_of_every_protocol() {
    let (ok, rule) = ((Success::Ok, None), (Success::Failed, Some(Cause::Rule)));
    let client = (Success::Failed, Some(Cause::Client));
    let upload: &[u8] = b"C0644 5 new\nhello\0";
    for (rule, outcome, fired) in [
        ("delay: 2s", ok, true),
        ("rate: 10B/s", ok, true),
        ("at: end, delay: 2s", ok, true),
        ("status: 0 Fine", ok, true),
        ("at: start, status: 0 A lie", rule, true),
        ("at: end, status: 4 No", rule, true),
        ("at: end, status: none", rule, true),
        ("at: end, then: reset", rule, true),
        ("at: 2B, status: 4 No", rule, true),
        ("at: 2B, delay: 2s", ok, true),
        ("at: 2B, then: stall", rule, true),
        ("at: 9B, status: 4 No", ok, false),
        ("keep: none", rule, true),
        ("damage: bit", rule, true),
        ("claim: id 9", ok, false),
        ("damage: short", ok, false),
    ] {
        let scenario = format!("{FILES}\nrules:\n  - {{when: [upload, download], {rule}}}\n");
        let down = copied(&scenario, "scp -f /d/a", &[0; 3], LONG).await;
        let up = copied(&scenario, "scp -t /d", upload, LONG).await;
        for (said, records) in [down, up] {
            let [record] = &records[..] else { panic!("{rule}: {records:?}") };
            let came = (record.outcome.success, record.outcome.cause);
            assert_eq!((came, record.outcome.fired), (outcome, fired), "{rule}: {said}");
        }
    }
    let (_, records) = copied(FILES, "scp -t /d", b"C0644 5 new\nhel", LONG).await;
    assert_eq!((records[0].outcome.success, records[0].outcome.cause), client);
    assert_eq!(records[0].outcome.bytes, Some(3));
}

#[tokio::test]
async fn a_hold_ends_with_its_client_but_not_with_the_end_of_what_it_has_to_say() {
    let upload: &[u8] = b"C0644 5 new\nhello";
    for (rule, says, is_left) in [
        ("at: end, delay: 100ms", &[upload, b"\0"].concat()[..], true),
        ("at: 2B, delay: 100ms", b"C0644 5 new\nhell", true),
        // libssh2 says nothing more, and waits.
        ("at: end, delay: 100ms", upload, false),
        ("at: 2B, delay: 100ms", upload, false),
    ] {
        let scenario = format!("{FILES}\nrules:\n  - {{when: upload, {rule}}}\n");
        let (_, records) = copied(&scenario, "scp -t /d", says, Duration::ZERO).await;
        let outcome = &records[0].outcome;
        assert!(outcome.fired, "{rule}");
        assert_eq!(outcome.cause == Some(Cause::Rule), is_left, "{rule}: {outcome:?}");
        assert_eq!(outcome.held < Duration::from_millis(50), is_left, "{rule}: {outcome:?}");
    }
}
