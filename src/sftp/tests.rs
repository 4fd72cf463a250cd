//! Packets by their bytes, over a pipe.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::engine::{Ending, Protocol};
use crate::fault::channel::{Gone, Heard, Incoming, Outgoing};
use crate::files::{Account, Files, Limits};
use crate::journal::{Cause, Journal, Record, Success};
use crate::run::{self, Blame, Caller, Parts, Run};
use crate::scenario::{self, Scenario, Source};

/// What came of a session.
#[derive(Debug, PartialEq, Eq)]
enum Got {
    Bytes(Bytes),
    Finished(u32),
    Channel(Ending),
    Connection(Ending),
}

struct Ear(UnboundedReceiver<Heard>);

impl Incoming for Ear {
    async fn hear(&mut self) -> Heard {
        self.0.recv().await.unwrap_or(Heard::Gone)
    }
}

struct Mouth {
    got: UnboundedSender<Got>,
    /// Whether the client has left behind what nobody reads.
    departed: watch::Receiver<bool>,
    /// Bytes that the client takes before it listens no more.
    window: tokio::sync::Semaphore,
}

impl Mouth {
    fn tell(&self, got: Got) {
        let _ = self.got.send(got);
    }
}

impl Outgoing for Mouth {
    async fn say(&self, bytes: Bytes) -> Result<(), Gone> {
        let room = u32::try_from(bytes.len()).unwrap();
        self.window.acquire_many(room).await.map_err(|_| Gone)?.forget();
        self.got.send(Got::Bytes(bytes)).map_err(|_| Gone)
    }

    async fn finish(&self, exit_status: u32) {
        self.tell(Got::Finished(exit_status));
    }

    async fn end_channel(&self, ending: Ending) {
        self.tell(Got::Channel(ending));
    }

    async fn end_connection(&self, ending: Ending, _: &[u8]) {
        self.tell(Got::Connection(ending));
    }

    async fn departed(&self) {
        if self.departed.clone().wait_for(|departed| *departed).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

struct Client {
    says: UnboundedSender<Heard>,
    hears: UnboundedReceiver<Got>,
    departs: watch::Sender<bool>,
    ahead: Vec<u8>,
    run: Arc<Run>,
    session: JoinHandle<()>,
}

impl Client {
    /// A client that has exchanged versions, of a server with these rules.
    async fn of(rules: &str) -> Self {
        let mut client = Self::fresh(rules, usize::MAX >> 4);
        client.say(b"\0\0\0\x05\x01\0\0\0\x03");
        let version = client.hear().await;
        assert_eq!(&version[..9], b"\x02\0\0\0\x03\0\0\0\x18", "{version:?}");
        client
    }

    fn fresh(rules: &str, window: usize) -> Self {
        let text = format!("files: {{/f: hello, /b: {{size: 1MiB}}, /d/x: \"\"}}\n{rules}");
        let read = scenario::read(&Source::inline("test", &text));
        let scenario: Scenario =
            read.unwrap_or_else(|problems| panic!("{problems}")).scenarios.remove(0);
        let run = Run::begin(Parts {
            title: String::new(),
            expectations: Vec::new(),
            rules: scenario.rules,
            seed: 0,
            files: Files::new(scenario.files, Limits::default(), run::now),
            accounts: scenario.accounts,
            network: scenario.network,
            journal: Arc::new(Journal::default()),
            max_hold: Duration::from_secs(60),
            outside: Arc::default(),
        });
        let (says, ear) = mpsc::unbounded_channel();
        let (got, hears) = mpsc::unbounded_channel();
        let caller = Caller {
            account: Account::new("ftp"),
            peer: ([127, 0, 0, 1], 9).into(),
            protocol: Protocol::Sftp,
            connection: 1,
            blame: Blame::default(),
        };
        let window = tokio::sync::Semaphore::new(window.min(tokio::sync::Semaphore::MAX_PERMITS));
        let settings = Arc::new(scenario.ssh.sftp);
        let (departs, departed) = watch::channel(false);
        let mouth = Mouth { got, departed, window };
        let session = serve(caller, Ear(ear), mouth, Arc::clone(&run), settings);
        Self { says, hears, departs, ahead: Vec::new(), run, session: tokio::spawn(session) }
    }

    fn say(&self, bytes: &[u8]) {
        self.says.send(Heard::Data(Bytes::copy_from_slice(bytes))).unwrap();
    }

    /// The next packet, without its length.
    async fn hear(&mut self) -> Vec<u8> {
        loop {
            if self.ahead.len() >= 4 {
                let length = u32::from_be_bytes(self.ahead[..4].try_into().unwrap()) as usize;
                if self.ahead.len() >= 4 + length {
                    let rest = self.ahead.split_off(4 + length);
                    return std::mem::replace(&mut self.ahead, rest).split_off(4);
                }
            }
            match self.hears.recv().await {
                Some(Got::Bytes(bytes)) => self.ahead.extend_from_slice(&bytes),
                other => panic!("expected a packet, got {other:?}"),
            }
        }
    }

    async fn ask(&mut self, packet: &[u8]) -> Vec<u8> {
        self.say(packet);
        self.hear().await
    }

    /// Opens a file and tells its handle.
    async fn open(&mut self, name: &str, flags: u8) -> Vec<u8> {
        let answer = self.ask(&open(name, flags)).await;
        assert_eq!(answer[0], 102, "{answer:?}");
        answer[5..].to_vec()
    }

    /// The records of the session, when it is over.
    async fn records(self) -> Vec<Arc<Record>> {
        drop(self.says);
        self.session.await.unwrap();
        self.run.journal.records()
    }
}

fn packet(kind: u8, fields: &[&[u8]]) -> Vec<u8> {
    let body = [&[kind, 0, 0, 0, 7][..], &fields.concat()].concat();
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &body].concat()
}

fn string(text: &[u8]) -> Vec<u8> {
    [&u32::try_from(text.len()).unwrap().to_be_bytes()[..], text].concat()
}

fn open(name: &str, flags: u8) -> Vec<u8> {
    packet(3, &[&string(name.as_bytes()), &[0, 0, 0, flags], &[0, 0, 0, 0]])
}

fn read(handle: &[u8], offset: u64, length: u32) -> Vec<u8> {
    packet(5, &[handle, &offset.to_be_bytes(), &length.to_be_bytes()])
}

fn write(handle: &[u8], offset: u64, bytes: &[u8]) -> Vec<u8> {
    packet(6, &[handle, &offset.to_be_bytes(), &string(bytes)])
}

fn close(handle: &[u8]) -> Vec<u8> {
    packet(4, &[handle])
}

fn status(code: u8, text: &str) -> Vec<u8> {
    [&[101, 0, 0, 0, 7, 0, 0, 0, code][..], &string(text.as_bytes()), &[0; 4]].concat()
}

#[tokio::test]
async fn a_file_is_opened_read_and_closed() {
    let mut client = Client::of("").await;
    let answer = client.ask(b"\0\0\0\x13\x03\0\0\0\x07\0\0\0\x02/f\0\0\0\x01\0\0\0\0").await;
    assert_eq!(answer, b"\x66\0\0\0\x07\0\0\0\x04\0\0\0\x01");
    let answer = client
        .ask(b"\0\0\0\x19\x05\0\0\0\x07\0\0\0\x04\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0\x09")
        .await;
    assert_eq!(answer, b"\x67\0\0\0\x07\0\0\0\x04ello");
    assert_eq!(client.ask(&read(&[0, 0, 0, 4, 0, 0, 0, 1], 5, 9)).await, status(1, "End of file"));
    assert_eq!(client.ask(&close(&[0, 0, 0, 4, 0, 0, 0, 1])).await, status(0, "Success"));
    let records = client.records().await;
    let transfer = records.iter().find(|record| record.event == Some("download")).unwrap();
    assert_eq!((transfer.outcome.bytes, transfer.outcome.success), (Some(4), Success::Ok));
}

#[tokio::test]
async fn reads_are_full_but_at_the_end_and_answered_as_the_file_was_when_they_were_asked() {
    let mut client = Client::of("").await;
    let handle = client.open("/b", 3).await;
    let asked = [read(&handle, 0, 261_120), write(&handle, 0, b"XX"), read(&handle, 0, 2)].concat();
    client.say(&asked);
    let before = client.hear().await;
    assert_eq!(before.len(), 9 + 261_120);
    assert_ne!(&before[9..11], b"XX");
    assert_eq!(client.hear().await, status(0, "Success"));
    assert_eq!(&client.hear().await[9..], b"XX");
    assert_eq!(client.ask(&read(&handle, (1 << 20) - 3, 9)).await.len(), 9 + 3);
}

#[tokio::test]
async fn names_are_bytes() {
    let mut client = Client::of("").await;
    let name = string(b"/\xe9t\xe9");
    let made = client.ask(&packet(14, &[&name, &[0; 4]])).await;
    assert_eq!(made, status(0, "Success"));
    let real = client.ask(&packet(16, &[&name])).await;
    assert_eq!(&real[9..17], &name[..8]);
}

#[tokio::test]
async fn a_client_that_does_not_listen_is_still_heard() {
    let mut client = Client::fresh("", 300);
    client.say(b"\0\0\0\x05\x01\0\0\0\x03");
    client.hear().await;
    let ask: Vec<u8> = (0..1024).flat_map(|_| read(&[0, 0, 0, 4, 0, 0, 0, 1], 0, 32_768)).collect();
    client.say(&open("/b", 1));
    client.say(&ask);
    client.say(&packet(14, &[&string(b"/made"), &[0; 4]]));
    let made = crate::files::Path::root().resolve(b"/made");
    let account = Account::new("ftp");
    while client.run.files.stat(&account, &made, crate::files::Follow::Yes).is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_packet_that_is_too_long_or_too_short_ends_the_session() {
    for (bytes, exit_status) in [(&b"\0\x04\0\x01"[..], 11), (b"\0\0\0\x06\x11\0\0\0\x07\0", 255)] {
        let mut client = Client::of("").await;
        client.say(bytes);
        assert_eq!(client.hears.recv().await, Some(Got::Finished(exit_status)));
    }
    let mut client = Client::fresh("", 1000);
    client.say(&packet(17, &[&string(b"/")]));
    assert_eq!(client.hears.recv().await, Some(Got::Finished(255)));
}

#[tokio::test]
async fn any_number_and_any_text_may_be_a_status() {
    let rules = "rules: [{when: SSH_FXP_STAT, status: \"4294967295 caf<xE9> <path>\"}]";
    let mut client = Client::of(rules).await;
    let answer = client.ask(&packet(17, &[&string(b"/f")])).await;
    let text = string(b"caf\xe9 /f");
    assert_eq!(answer, [&b"\x65\0\0\0\x07\xff\xff\xff\xff"[..], &text, &[0; 4]].concat());
    assert_eq!(client.ask(&packet(7, &[&string(b"/f")])).await[0], 105);
}

#[tokio::test]
async fn an_upload_fails_part_way_and_keeps_what_came_before() {
    let mut client = Client::of("rules: [{when: upload, at: 4B, status: 4 Disk full}]").await;
    let handle = client.open("/new", 0x1a).await;
    assert_eq!(client.ask(&write(&handle, 0, b"abc")).await, status(0, "Success"));
    assert_eq!(client.ask(&write(&handle, 3, b"def")).await, status(4, "Disk full"));
    assert_eq!(client.ask(&write(&handle, 6, b"ghi")).await, status(4, "Disk full"));
    assert_eq!(client.ask(&close(&handle)).await, status(0, "Success"));
    let handle = client.open("/new", 1).await;
    assert_eq!(&client.ask(&read(&handle, 0, 9)).await[9..], b"abcd");
    let records = client.records().await;
    let upload = records.iter().find(|record| record.event == Some("upload")).unwrap();
    assert!(upload.outcome.fired && upload.outcome.success == Success::Failed);
}

#[tokio::test]
async fn a_download_ends_at_its_byte() {
    let mut client = Client::of("rules: [{when: download, at: 3B, then: reset}]").await;
    let handle = client.open("/f", 1).await;
    assert_eq!(&client.ask(&read(&handle, 0, 9)).await[9..], b"hel");
    assert_eq!(client.hears.recv().await, Some(Got::Connection(Ending::Reset)));
}

#[tokio::test]
async fn the_close_of_an_upload_is_refused_and_nothing_is_kept() {
    let rules = "rules: [{when: upload, at: end, keep: none, status: 14 No space}]";
    let mut client = Client::of(rules).await;
    let handle = client.open("/new", 0x1a).await;
    client.ask(&write(&handle, 0, b"abc")).await;
    assert_eq!(client.ask(&close(&handle)).await, status(14, "No space"));
    assert_eq!(client.ask(&packet(17, &[&string(b"/new")])).await, status(2, "No such file"));
}

#[tokio::test]
async fn a_rename_is_done_and_its_answer_lost() {
    let mut client = Client::of("rules: [{when: rename, at: end, then: close}]").await;
    client.say(&packet(18, &[&string(b"/f"), &string(b"/g")]));
    assert_eq!(client.hears.recv().await, Some(Got::Connection(Ending::Close(Duration::ZERO))));
    let account = Account::new("ftp");
    let there = crate::files::Path::root().resolve(b"/g");
    assert!(client.run.files.stat(&account, &there, crate::files::Follow::Yes).is_ok());
}

#[tokio::test]
async fn reads_are_short_and_listings_come_by_the_entry() {
    let rules = "rules: [{when: SSH_FXP_READ, chunk: 2B}, {when: list, chunk: 1B}]";
    let mut client = Client::of(rules).await;
    let handle = client.open("/f", 1).await;
    assert_eq!(&client.ask(&read(&handle, 1, 9)).await[9..], b"el");
    let answer = client.ask(&packet(11, &[&string(b"/d")])).await;
    let directory = answer[5..].to_vec();
    let counts = [3, 0].map(u32::to_be_bytes);
    assert_eq!(&client.ask(&packet(12, &[&directory])).await[5..9], counts[0]);
    assert_eq!(client.ask(&packet(12, &[&directory])).await, status(1, "End of file"));
}

/// OpenSSH's server is one process: what makes it wait for one request holds up those behind it. `at-once` is for servers
/// that work on all that they have heard.
#[tokio::test(start_paused = true)]
async fn a_delay_holds_up_the_requests_behind_it_or_runs_beside_theirs() {
    for (server, seconds) in [("", 10), ("server: {sftp: {requests: at-once}}", 5)] {
        let mut client =
            Client::of(&format!("rules: [{{when: mkdir, delay: 5s}}]\n{server}")).await;
        let began = tokio::time::Instant::now();
        let two = [packet(14, &[&string(b"/1"), &[0; 4]]), packet(14, &[&string(b"/2"), &[0; 4]])];
        client.say(&two.concat());
        client.hear().await;
        client.hear().await;
        assert_eq!(began.elapsed().as_secs(), seconds, "{server}");
    }
    let mut client = Client::of("server: {delay: 5s}").await;
    let began = tokio::time::Instant::now();
    client.say(&[packet(17, &[&string(b"/f")]), packet(17, &[&string(b"/f")])].concat());
    client.hear().await;
    client.hear().await;
    assert_eq!(began.elapsed().as_secs(), 5, "the network delays all that is under way");
}

#[tokio::test]
async fn the_network_cuts_packets_and_shortens_no_read() {
    let mut client = Client::of("server: {chunk: 100B}").await;
    let handle = client.open("/b", 1).await;
    client.say(&read(&handle, 0, 1000));
    let mut pieces = Vec::new();
    while pieces.iter().sum::<usize>() < 13 + 1000 {
        let Some(Got::Bytes(bytes)) = client.hears.recv().await else { panic!("it is answered") };
        client.ahead.extend_from_slice(&bytes);
        pieces.push(bytes.len());
    }
    assert_eq!(pieces, [&[100; 10][..], &[13]].concat());
    assert_eq!(client.hear().await.len(), 9 + 1000);
}

/// A rule for each of what real servers refuse, one line each.
#[tokio::test]
async fn what_a_request_carries_is_matched() {
    let rules = "rules:
  - {when: SSH_FXP_OPEN, flags: READ+WRITE, status: 3 One way only}
  - {when: SSH_FXP_WRITE, length: 5B+, status: 4 Too long}
  - {when: SSH_FXP_READ, order: random, status: 4 Not in order}
  - {when: SSH_FXP_READ, offset: 4B+, status: 4 Too far}
  - {when: setstat, attributes: permissions rwxrwxrwx, status: 3 Not to all}
  - {when: SSH_FXP_FSETSTAT, attributes: size, length: 0B, status: 3 Not to nothing}";
    let mut client = Client::of(rules).await;
    assert_eq!(client.ask(&open("/f", 0x1b)).await, status(3, "One way only"));
    let handle = client.open("/new", 0x1a).await;
    assert_eq!(client.ask(&write(&handle, 0, b"12345")).await, status(4, "Too long"));
    assert_eq!(client.ask(&write(&handle, 0, b"1234")).await, status(0, "Success"));
    let size = |size: u8| [&[0, 0, 0, 1][..], &[0, 0, 0, 0, 0, 0, 0, size]].concat();
    let fsetstat = |size: &[u8]| packet(10, &[&handle, size]);
    assert_eq!(client.ask(&fsetstat(&size(0))).await, status(3, "Not to nothing"));
    assert_eq!(client.ask(&fsetstat(&size(3))).await, status(0, "Success"));
    client.ask(&close(&handle)).await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 0, 2)).await[9..], *b"he");
    assert_eq!(client.ask(&read(&handle, 3, 1)).await, status(4, "Not in order"));
    assert_eq!(
        client.ask(&read(&handle, 3, 1)).await[9..],
        *b"l",
        "where that one would have been"
    );
    assert_eq!(client.ask(&read(&handle, 4, 1)).await, status(4, "Too far"));
    let mode = |mode: u16| [&[0, 0, 0, 4, 0, 0][..], &mode.to_be_bytes()].concat();
    let setstat = |mode: &[u8]| packet(9, &[&string(b"/f"), mode]);
    assert_eq!(client.ask(&setstat(&mode(0o777))).await, status(3, "Not to all"));
    assert_eq!(client.ask(&setstat(&mode(0o640))).await, status(0, "Success"));
    let records = client.records().await;
    let of = |wire| records.iter().filter(move |record| record.wire.as_deref() == Some(wire));
    let shown = |record: &Arc<Record>| {
        let Record { what, .. } = &**record;
        let order = what.order.map(crate::engine::Order::word);
        (what.flags.join("+"), what.offset, what.length, order, what.attributes.join(", "))
    };
    let opened: Vec<_> = of("SSH_FXP_OPEN").map(shown).collect();
    let none = String::new;
    assert_eq!(
        opened,
        [
            ("READ+WRITE+CREAT+TRUNC".to_owned(), None, None, None, none()),
            ("WRITE+CREAT+TRUNC".to_owned(), Some(0), Some(5), Some("sequential"), none()),
            ("READ".to_owned(), Some(0), Some(2), Some("random"), none()),
        ]
    );
    let read: Vec<_> = of("SSH_FXP_READ").map(shown).collect();
    assert_eq!(
        read,
        [
            (none(), Some(3), Some(1), Some("random"), none()),
            (none(), Some(4), Some(1), Some("sequential"), none())
        ]
    );
    let set: Vec<_> = of("SSH_FXP_SETSTAT").map(shown).collect();
    let permissions = |letters| (none(), None, None, None, format!("permissions {letters}"));
    assert_eq!(set, [permissions("rwxrwxrwx"), permissions("rw-r-----")]);
}

/// Reads asked ahead are in order though the answers are short; so is what goes on where a short answer has ended.
#[tokio::test]
async fn order_is_where_the_last_one_ended_as_asked_or_as_done() {
    let rules = "rules: [{when: SSH_FXP_READ, order: random, status: 4 No}, {when: SSH_FXP_READ, chunk: 2B}]";
    let mut client = Client::of(rules).await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 1, 3)).await[9..], *b"el", "anywhere first");
    assert_eq!(client.ask(&read(&handle, 3, 1)).await[9..], *b"l", "where it has ended");
    assert_eq!(client.ask(&read(&handle, 4, 9)).await[9..], *b"o", "where it was to end");
    assert_eq!(client.ask(&read(&handle, 13, 1)).await, status(1, "End of file"));
    assert_eq!(client.ask(&read(&handle, 13, 1)).await, status(1, "End of file"), "asked again");
    assert_eq!(client.ask(&read(&handle, 0, 1)).await, status(4, "No"));
}

#[tokio::test]
async fn flags_that_a_server_ignores_mean_nothing() {
    let mut client = Client::of("server: {sftp: {ignored-flags: [APPEND, EXCL]}}").await;
    // `APPEND` obeys the offset, and `EXCL` takes what is there.
    let handle = client.open("/f", 0x02 + 0x04 + 0x08 + 0x20).await;
    assert_eq!(client.ask(&write(&handle, 1, b"XX")).await, status(0, "Success"));
    client.ask(&close(&handle)).await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 0, 9)).await[9..], *b"hXXlo");
    let records = client.records().await;
    let append = records.iter().find(|record| record.event == Some("append")).unwrap();
    assert_eq!(
        (append.offset, append.flags.join("+")),
        (Some(1), "WRITE+APPEND+CREAT+EXCL".to_owned())
    );
}

#[tokio::test]
async fn what_a_server_says_of_itself_is_claimed() {
    let rules = "rules:
  - {when: SSH_FXP_EXTENDED, argument: statvfs*, claim: [capacity 1MiB, free 64KiB]}
  - {when: SSH_FXP_EXTENDED, argument: limits*, claim: [packet 0B, read 0B, write 0B, handles 0]}
  - {when: list, claim: \"longname <size> by <user>: <path> <answer>\"}";
    let mut client = Client::of(rules).await;
    let ask = |name: &[u8], more: &[u8]| packet(200, &[&string(name), more]);
    let room = client.ask(&ask(b"statvfs@openssh.com", &string(b"/"))).await;
    let number = |at: usize| u64::from_be_bytes(room[5 + 8 * at..][..8].try_into().unwrap());
    assert_eq!([0, 1, 2, 3, 4].map(number), [4096, 4096, 256, 16, 16]);
    let limits = client.ask(&ask(b"limits@openssh.com", b"")).await;
    assert_eq!(limits, [&[201, 0, 0, 0, 7][..], &[0; 32]].concat());
    let directory = client.ask(&packet(11, &[&string(b"/d")])).await[5..].to_vec();
    let names = client.ask(&packet(12, &[&directory])).await;
    let names = String::from_utf8_lossy(&names).into_owned();
    assert!(names.contains("0 by ftp: /d/x -rw-r--r--    1 ftp"), "{names:?}");
}

/// Times are told as they were set; a fraction of a second is no field of version 3.
#[tokio::test]
async fn both_times_are_kept() {
    let mut client = Client::of("").await;
    let times = [&[0, 0, 0, 8][..], &200_u32.to_be_bytes(), &100_u32.to_be_bytes()].concat();
    client.ask(&packet(9, &[&string(b"/f"), &times])).await;
    let stat = client.ask(&packet(17, &[&string(b"/f")])).await;
    assert_eq!(stat[stat.len() - 8..], times[4..]);
}

#[tokio::test]
async fn a_packet_is_cut() {
    let mut client = Client::of("rules: [{when: SSH_FXP_STAT, at: 6B, data: close}]").await;
    client.say(&packet(17, &[&string(b"/f")]));
    assert_eq!(
        client.hears.recv().await,
        Some(Got::Bytes(Bytes::from_static(b"\0\0\0\x25\x69\0")))
    );
    assert_eq!(client.hears.recv().await, Some(Got::Channel(Ending::Close(Duration::ZERO))));
}

#[tokio::test]
async fn only_so_many_files_are_open() {
    let rules = "rules: [{when: SSH_FXP_OPEN, per: connection, limit: 1, status: 4 Too many}]";
    let mut client = Client::of(rules).await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&open("/f", 1)).await, status(4, "Too many"));
    client.ask(&close(&handle)).await;
    client.open("/f", 1).await;
}

#[tokio::test]
async fn facts_are_claimed_and_left_out() {
    let rules = "rules:
  - {when: stat, claim: [size none, type directory, owner root, permissions rwx------]}
  - {when: list, claim: [size none, longname none]}
  - {when: SSH_FXP_REALPATH, claim: [name home, count 2]}";
    let mut client = Client::of(rules).await;
    let answer = client.ask(&packet(17, &[&string(b"/f")])).await;
    assert_eq!(answer[5..9], [0, 0, 0, 0xe], "no size");
    assert_eq!(answer[9..21], *b"\0\0\0\0\0\0\0\0\0\0\x41\xc0");
    let opened = client.ask(&packet(11, &[&string(b"/d")])).await;
    let entries = client.ask(&packet(12, &[&opened[5..]])).await;
    assert_eq!(entries[9..22], *b"\0\0\0\x01.\0\0\0\0\0\0\0\x0e", "{entries:?}");
    let real = client.ask(&packet(16, &[&string(b"/f")])).await;
    assert_eq!(real[5..17], *b"\0\0\0\x02\0\0\0\x04home");
}

#[tokio::test]
async fn heads_are_claimed_and_answers_come_twice() {
    let rules = "rules: [{when: SSH_FXP_STAT, claim: [id 9, number 103]}, {when: SSH_FXP_MKDIR, repeat: 2}, \
                 {when: SSH_FXP_RMDIR, status: 4 No, repeat: 2}, \
                 {when: SSH_FXP_REMOVE, status: 4, damage: short}, {when: download, claim: id 8}]";
    let mut client = Client::of(rules).await;
    let answer = client.ask(&packet(17, &[&string(b"/f")])).await;
    assert_eq!(answer[..5], [103, 0, 0, 0, 9]);
    let made = client.ask(&packet(14, &[&string(b"/n"), &[0; 4]])).await;
    assert_eq!([made, client.hear().await], [status(0, "Success"), status(0, "Success")]);
    let gone = client.ask(&packet(15, &[&string(b"/n")])).await;
    assert_eq!([gone, client.hear().await], [status(4, "No"), status(4, "No")]);
    let removed = client.ask(&packet(13, &[&string(b"/f")])).await;
    assert_eq!(removed, [101, 0, 0, 0, 7, 0, 0, 0, 4]);
    assert_eq!(client.ask(&open("/f", 1)).await[..5], [102, 0, 0, 0, 8]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_passed_by_the_next_or_goes_by_itself() {
    let mut client = Client::of("rules: [{when: SSH_FXP_STAT, times: 1, damage: order}]").await;
    let two = [packet(17, &[&string(b"/f")]), packet(16, &[&string(b"/f")])];
    client.say(&two.concat());
    assert_eq!([client.hear().await[0], client.hear().await[0]], [104, 105]);
    let mut client = Client::of("rules: [{when: SSH_FXP_STAT, damage: order}]").await;
    assert_eq!(client.ask(&packet(17, &[&string(b"/f")])).await[0], 105);
}

#[tokio::test]
async fn what_is_read_is_damaged_where_the_rule_says() {
    for (damage, expected) in [("bit", "hemlo"), ("gap", "helo"), ("echo", "helllo")] {
        let rules = format!("rules: [{{when: download, at: 2B, damage: {damage}}}]");
        let mut client = Client::of(&rules).await;
        let handle = client.open("/f", 1).await;
        let mut read_so_far = Vec::new();
        let mut answer = client.ask(&read(&handle, 0, 9)).await;
        while answer[0] == 103 {
            read_so_far.extend_from_slice(&answer[9..]);
            answer = client.ask(&read(&handle, read_so_far.len() as u64, 9)).await;
        }
        assert_eq!(read_so_far, expected.as_bytes(), "{damage}");
    }
}

#[tokio::test]
async fn reads_are_empty_longer_or_never_at_the_end() {
    let mut client = Client::of("rules: [{when: SSH_FXP_READ, chunk: 0B}]").await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 0, 9)).await[5..], [0; 4]);
    let mut client = Client::of("rules: [{when: SSH_FXP_READ, damage: long}]").await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 0, 4)).await[5..], *b"\0\0\0\x08hellmore");
    let mut client = Client::of("rules: [{when: download, repeat: endless}]").await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 1003, 4)).await[9..], *b"lohe");
}

#[tokio::test]
async fn a_listing_is_told_twice() {
    let mut client = Client::of("rules: [{when: list, repeat: 2}]").await;
    let directory = client.ask(&packet(11, &[&string(b"/d")])).await[5..].to_vec();
    let first = client.ask(&packet(12, &[&directory])).await;
    assert_eq!(client.ask(&packet(12, &[&directory])).await, first);
    assert_eq!(client.ask(&packet(12, &[&directory])).await, status(1, "End of file"));
}

#[tokio::test]
async fn a_file_is_cut_under_its_reader() {
    let mut client = Client::of("rules: [{when: download, at: 3B, keep: 4B}]").await;
    let handle = client.open("/f", 1).await;
    assert_eq!(client.ask(&read(&handle, 0, 3)).await[9..], *b"hel");
    assert_eq!(client.ask(&read(&handle, 3, 9)).await[9..], *b"l");
    assert_eq!(client.ask(&read(&handle, 4, 9)).await, status(1, "End of file"));
}

#[tokio::test]
async fn the_shape_of_a_server_is_told() {
    let rules =
        "server: {sftp: {packet: 32KiB, writes: sequential, extensions: [junk@example.com]}}";
    let mut client = Client::fresh(rules, usize::MAX >> 4);
    let version = client.ask(b"\0\0\0\x05\x01\0\0\0\x03").await;
    assert_eq!(version[5..], *b"\0\0\0\x10junk@example.com\0\0\0\x011");
    let handle = client.open("/b", 0x1b).await;
    assert_eq!(client.ask(&write(&handle, 3, b"abc")).await, status(4, "Invalid offset"));
    assert_eq!(client.ask(&write(&handle, 0, b"abc")).await, status(0, "Success"));
    client.say(b"\0\0\x80\x01");
    assert_eq!(client.hears.recv().await, Some(Got::Finished(11)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_end_ends_at_the_cap_on_stalls() {
    let mut client = Client::of("rules: [{when: SSH_FXP_STAT, repeat: endless}]").await;
    client.say(&packet(17, &[&string(b"/f")]));
    let first = client.hear().await;
    for _ in 0..100 {
        assert_eq!(client.hear().await, first);
    }
    tokio::time::advance(Duration::from_secs(61)).await;
    client.say(&packet(16, &[&string(b"/f")]));
    while client.hear().await == first {}
}

/// What the journal says of the transfers of a client that did this: its offset, how it ended and by whom.
async fn transfers(client: Client) -> Vec<(Option<u64>, Success, Option<Cause>)> {
    let records = client.records().await;
    let transfers = records
        .iter()
        .filter(|record| matches!(record.event, Some("download" | "upload" | "append")));
    transfers
        .map(|record| (record.outcome.offset, record.outcome.success, record.outcome.cause))
        .collect()
}

#[tokio::test]
async fn a_transfer_begins_at_its_first_read_or_write_as_the_client_sends_it() {
    let mut client = Client::of("").await;
    let handle = client.open("/f", 0x01).await;
    client.ask(&read(&handle, 3, 1)).await;
    client.ask(&read(&handle, 0, 1)).await;
    client.ask(&close(&handle)).await;
    let handle = client.open("/f", 0x02).await;
    client.ask(&write(&handle, 4, b"!")).await;
    client.ask(&close(&handle)).await;
    let handle = client.open("/f", 0x06).await;
    client.ask(&write(&handle, 0, b"more")).await;
    client.ask(&close(&handle)).await;
    let ok = |offset| (Some(offset), Success::Ok, None);
    assert_eq!(transfers(client).await, [ok(3), ok(4), ok(0)]);
}

#[tokio::test]
async fn a_file_that_the_client_never_closed_is_a_failure_of_its_own() {
    let mut client = Client::of("").await;
    let handle = client.open("/new", 0x1A).await;
    client.ask(&write(&handle, 0, b"text")).await;
    let failed = (Some(0), Success::Failed, Some(Cause::Client));
    assert_eq!(transfers(client).await, [failed]);
}

/// One packet of a transfer.
enum Does {
    Write(u64, &'static str),
    Read(u64, u32),
    List,
    Close,
}

use Does::{Close, List, Read, Write};

/// What the journal says of a transfer under a rule: how it ended, by whom, and what was said to its end.
async fn came(rule: &str, does: &[Does]) -> (Success, Option<Cause>, Vec<String>) {
    let mut client = Client::of(&format!("rules: [{rule}]")).await;
    let opened = match does[0] {
        Write(..) => client.ask(&open("/new", 0x1a)).await,
        Read(..) => client.ask(&open("/f", 0x01)).await,
        List | Close => client.ask(&packet(11, &[&string(b"/d")])).await,
    };
    let handle = &opened[5..];
    for step in does {
        client.say(&match step {
            Write(offset, text) => write(handle, *offset, text.as_bytes()),
            Read(offset, length) => read(handle, *offset, *length),
            List => packet(12, &[handle]),
            Close => close(handle),
        });
        // Some are never answered.
        let _ = timeout(Duration::from_secs(9), client.hears.recv()).await;
    }
    let records = client.records().await;
    let is_transfer =
        |record: &&Arc<Record>| matches!(record.event, Some("upload" | "download" | "list"));
    let transfer = records.iter().find(is_transfer).unwrap();
    let outcome = &transfer.outcome;
    (outcome.success, outcome.cause, outcome.answer.clone())
}

#[tokio::test(start_paused = true)]
async fn a_transfer_of_which_a_rule_has_spoilt_a_part_has_failed_by_the_rule() {
    let upload = [Write(0, "ab"), Write(2, "cd"), Write(4, "ef"), Close];
    let download = [Read(0, 2), Read(2, 9), Read(5, 9), Close];
    let listing = [List, List, Close];
    for (rule, does) in [
        ("{when: SSH_FXP_WRITE, skip: 1, times: 1, status: 4 No}", &upload[..]),
        ("{when: SSH_FXP_WRITE, skip: 1, times: 1, status: none}", &upload),
        ("{when: SSH_FXP_WRITE, skip: 1, times: 1, at: start, status: 0 A lie}", &upload),
        ("{when: SSH_FXP_WRITE, at: end, status: 4 No}", &upload),
        ("{when: SSH_FXP_WRITE, skip: 1, times: 1, claim: id 99}", &upload),
        ("{when: SSH_FXP_READ, skip: 1, times: 1, status: 4 No}", &download),
        ("{when: SSH_FXP_READ, skip: 1, times: 1, status: 1 Early}", &download),
        ("{when: SSH_FXP_READ, at: 13B, damage: bit}", &download),
        ("{when: SSH_FXP_READ, times: 1, damage: short}", &download),
        ("{when: SSH_FXP_READ, skip: 2, times: 1, claim: length 1}", &download),
        ("{when: SSH_FXP_READ, times: 1, send: x}", &download),
        ("{when: SSH_FXP_READDIR, times: 1, at: end, status: 4 No}", &listing),
        ("{when: SSH_FXP_READDIR, skip: 1, status: none}", &listing),
        ("{when: SSH_FXP_READDIR, claim: count 9}", &listing),
        ("{when: list, claim: count 9}", &listing),
        ("{when: download, claim: id 9}", &download),
        ("{when: download, damage: bit}", &download),
        ("{when: upload, keep: none}", &upload),
        ("{when: SSH_FXP_CLOSE, status: 4 No}", &upload),
        ("{when: SSH_FXP_CLOSE, status: none}", &upload),
        ("{when: SSH_FXP_CLOSE, at: end, status: none}", &upload),
        ("{when: SSH_FXP_CLOSE, at: end, then: reset}", &upload),
        ("{when: SSH_FXP_CLOSE, at: end, claim: id 99}", &upload),
        ("{when: upload, at: end, then: reset}", &upload),
        ("{when: upload, at: end, status: none}", &upload),
    ] {
        let (success, cause, _) = came(rule, does).await;
        assert_eq!((success, cause), (Success::Failed, Some(Cause::Rule)), "{rule}");
    }
    for rule in
        ["{when: upload, at: end, status: 4 No}", "{when: SSH_FXP_CLOSE, at: end, status: 4 No}"]
    {
        let came = came(rule, &upload).await;
        assert_eq!(came, (Success::Failed, Some(Cause::Rule), vec!["4 No".to_owned()]), "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_transfer_that_is_only_slow_or_that_was_made_good_is_well() {
    let upload = [Write(0, "ab"), Write(2, "cd"), Close];
    let again = [Write(0, "ab"), Write(2, "cd"), Write(2, "cd"), Close];
    let download = [Read(0, 2), Read(2, 9), Read(5, 9), Close];
    let whole_again = [Read(0, 9), Read(0, 9), Close];
    let in_pieces = [Read(0, 9), Read(0, 2), Read(2, 9), Close];
    for (rule, does) in [
        ("{when: SSH_FXP_WRITE, skip: 1, times: 1, status: 4 No}", &again[..]),
        ("{when: SSH_FXP_WRITE, delay: 5s}", &upload),
        ("{when: upload, rate: 1B/s}", &upload),
        ("{when: upload, at: end, delay: 5s}", &upload),
        ("{when: upload, status: 0 Fine}", &upload),
        ("{when: SSH_FXP_CLOSE, status: 0 Fine}", &upload),
        ("{when: SSH_FXP_WRITE, status: 0 Fine}", &upload),
        ("{when: SSH_FXP_CLOSE, times: 1, status: 4 No}", &[Write(0, "ab"), Close, Close]),
        ("{when: SSH_FXP_READ, times: 1, status: 4 No}", &whole_again),
        ("{when: SSH_FXP_READ, times: 1, claim: id 99}", &whole_again),
        ("{when: SSH_FXP_READ, times: 1, status: none}", &in_pieces),
        ("{when: SSH_FXP_READ, chunk: 1B}", &download),
        ("{when: SSH_FXP_READ, skip: 1, times: 1, damage: order}", &download),
        ("{when: SSH_FXP_READDIR, times: 1, status: 4 No}", &[List, List, List, Close]),
        ("{when: download, chunk: 1B}", &download),
    ] {
        let (success, cause, _) = came(rule, does).await;
        assert_eq!((success, cause), (Success::Ok, None), "{rule}");
    }
    let refused = came("{when: stat}", &[Write(0, "ab"), Read(0, 2), Close]).await;
    assert_eq!((refused.0, refused.1), (Success::Failed, Some(Cause::Client)));
}

#[tokio::test]
async fn a_hold_ends_with_its_client_and_says_so() {
    let stat = packet(17, &[&string(b"/f")]);
    let handle = [0, 0, 0, 4, 0, 0, 0, 1];
    let download = [open("/b", 1), read(&handle, 0, 40_000), read(&handle, 32_768, 9)].concat();
    let upload = [open("/new", 0x1a), write(&handle, 0, b"abc"), close(&handle)].concat();
    let stat = (stat.as_slice(), "stat");
    let download = (download.as_slice(), "download");
    let upload = (upload.as_slice(), "upload");
    for (rule, (asks, event)) in [
        ("{when: stat, delay: 50s}", stat),
        ("{when: stat, at: end, delay: 50s, status: 4 No}", stat),
        ("{when: stat, send: [5s, x]}", stat),
        ("{when: stat, then: stall}", stat),
        ("{when: SSH_FXP_STAT, data: stall}", stat),
        ("{when: stat, then: close 50s}", stat),
        ("{when: SSH_FXP_STAT, data: close 50s}", stat),
        ("{when: download, delay: 50s}", download),
        ("{when: download, at: 32KiB, then: stall}", download),
        ("{when: download, at: 32KiB, delay: 50s}", download),
        ("{when: download, at: 32KiB, delay: 50s, status: 4 No}", download),
        ("{when: download, rate: 1B/s}", download),
        ("{when: upload, rate: 1B/s}", upload),
        ("{when: upload, at: end, delay: 50s}", upload),
        ("{when: upload, at: end, delay: 50s, status: 0 Fine}", upload),
    ] {
        for leaves in ["close", "eof", "reset"] {
            let client = Client::of(&format!("rules: [{rule}]")).await;
            client.say(asks);
            tokio::time::sleep(Duration::from_millis(50)).await;
            let under_way = client.run.told().records;
            let held = under_way.iter().find(|record| record.event == Some(event)).unwrap();
            assert!(held.outcome.fired && held.ended.is_none(), "{rule}");
            match leaves {
                "close" => client.says.send(Heard::Gone).unwrap(),
                "eof" => client.says.send(Heard::Eof).unwrap(),
                _ => drop(client.departs.send_replace(true)),
            }
            let run = Arc::clone(&client.run);
            if leaves == "reset" {
                // Nobody reads what it sends, until the connection has been ended for it.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            timeout(Duration::from_secs(5), client.records()).await.unwrap();
            let records = run.told().records;
            let held: Vec<_> =
                records.iter().filter(|record| record.event == Some(event)).collect();
            let [held] = held[..] else { panic!("{rule}: it is there once") };
            let outcome = &held.outcome;
            assert!(outcome.held >= Duration::from_millis(30), "{rule}, {leaves}: {outcome:?}");
            assert_eq!(
                (outcome.fired, outcome.success, outcome.cause),
                (true, Success::Failed, Some(Cause::Rule)),
                "{rule}, {leaves}: {outcome:?}"
            );
        }
    }
}

/// Two requests at once, of which the first is answered late: the second came before that.
#[tokio::test]
async fn a_queued_answer_is_timed_when_it_leaves() {
    let rules = "rules: [{when: mkdir, times: 1, delay: 100ms, status: 4 No}]";
    let mut client = Client::of(rules).await;
    let two = [packet(14, &[&string(b"/1"), &[0; 4]]), packet(14, &[&string(b"/2"), &[0; 4]])];
    client.say(&two.concat());
    client.hear().await;
    client.hear().await;
    let records = client.records().await;
    let [first, second] = [0, 1].map(|place| {
        records.iter().filter(|record| record.event == Some("mkdir")).nth(place).unwrap()
    });
    assert!(first.outcome.held >= Duration::from_millis(99));
    assert!(second.began < first.over().unwrap(), "{records:?}");
    assert_eq!(first.outcome.answer, ["4 No"]);
}

#[tokio::test]
async fn what_is_queued_for_a_client_that_is_gone_was_never_answered() {
    let client = Client::fresh("rules: [{when: SSH_FXP_LSTAT, status: 4 No}]", 300);
    client.say(b"\0\0\0\x05\x01\0\0\0\x03");
    let asks: Vec<u8> = (0..40).flat_map(|_| packet(17, &[&string(b"/f")])).collect();
    client.say(&[&asks[..], &packet(7, &[&string(b"/f")])].concat());
    tokio::time::sleep(Duration::from_millis(20)).await;
    let records = client.records().await;
    let last = records.iter().rfind(|record| record.wire.as_deref() == Some("SSH_FXP_STAT"));
    let outcome = &last.unwrap().outcome;
    assert_eq!((outcome.success, outcome.cause), (Success::Failed, Some(Cause::Client)));
    assert!(outcome.answered.is_none() && outcome.answer.is_empty());
    let ruled = records.iter().find(|record| record.wire.as_deref() == Some("SSH_FXP_LSTAT"));
    assert!(!ruled.unwrap().outcome.fired, "its turn never came");
}

#[tokio::test(start_paused = true)]
async fn a_delay_that_meets_the_cap_ends_the_session() {
    let mut client = Client::of("rules: [{when: SSH_FXP_STAT, delay: 90s}]").await;
    client.say(&packet(17, &[&string(b"/f")]));
    assert_eq!(client.hears.recv().await, Some(Got::Connection(Ending::Cut)));
    let records = client.records().await;
    let outcome = &records.iter().find(|record| record.event == Some("stat")).unwrap().outcome;
    assert_eq!(outcome.cause, Some(Cause::Rule));
    assert!(outcome.detail.as_ref().unwrap().starts_with("capped at 60.0s"), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn pauses_between_what_is_sent_add_up() {
    let mut client = Client::of("rules: [{when: stat, send: [a, 2s, b, 3s, c]}]").await;
    let began = tokio::time::Instant::now();
    client.say(&packet(17, &[&string(b"/f")]));
    for (text, seconds) in [("a", 0), ("b", 2), ("c", 5)] {
        assert_eq!(client.hears.recv().await, Some(Got::Bytes(Bytes::from(text))));
        assert_eq!(began.elapsed().as_secs(), seconds);
    }
}
