//! Verdicts that were wrong once. Most of them are about a hold that its client did not wait for.

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use badftp::expect::Judgement;
use badftp::journal::{Cause, Record, Success};
use badftp::scenario::Scenario;
use badftp::server::Server;
use rustix::process::Signal;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::badftp::Badftp;
use crate::cli::badftp;
use crate::clients::Desk;
use crate::control::http::get;
use crate::holds::ftp::secured;
use crate::holds::line::Line;
use crate::holds::sftp::{Act, Client, READ, Request};
use crate::holds::table::Leaving;
use crate::run::run;
use crate::session::Session;
use crate::until::{until, until_there};

/// How long a client bears a hold.
const PATIENCE: Duration = Duration::from_millis(400);

/// What came of a client, in a server of its own.
struct Came {
    judgement: Judgement,
    records: Vec<Arc<Record>>,
}

impl Came {
    /// The one record of this event.
    #[track_caller]
    fn one(&self, word: &str) -> &Record {
        let is_it = |record: &&Arc<Record>| {
            record.event == Some(word) || record.wire.as_deref() == Some(word)
        };
        let found: Vec<_> = self.records.iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{word}: {:#?}", self.records);
        found[0]
    }

    #[track_caller]
    fn passes(&self) {
        assert!(self.judgement.passes(), "{}", self.judgement);
    }

    #[track_caller]
    fn is_unmet(&self, title: &str) {
        let first = self.judgement.failures().next().expect("something is unmet");
        assert!(first.title().starts_with(title), "{}", self.judgement);
    }
}

/// Serves this to a client, which may take as long as it likes.
fn came_of(yaml: &str, client: impl FnOnce(&Runtime, &Server)) -> Came {
    let scenario = Scenario::from_yaml(yaml).unwrap_or_else(|problems| panic!("{problems}"));
    let runtime = Runtime::new().expect("a runtime can be made");
    let builder = Server::builder().unverified();
    let server = runtime.block_on(builder.start(scenario)).expect("free ports can be had");
    client(&runtime, &server);
    let judgement = runtime.block_on(server.verify());
    Came { judgement, records: server.run().told().records }
}

fn logged_in(server: &Server) -> Session {
    Session::logged_in_at(server.ftp())
}

/// Asks in SFTP for all of this, and waits for every answer but the last.
async fn asked(server: &Server, requests: &[Request]) -> Client {
    let act = Act::Ask(requests.to_vec());
    Client::act(server.sftp(), &act).await.expect("the client gets so far")
}

#[test]
#[ignore = "needs curl: tests/run"]
fn a_client_that_gives_up_on_a_silent_login_has_met_its_rule() {
    let script = "curl -s -m 1 \"$BADFTP_FTP_URL\"";
    badftp(&Desk::new(), &["run", "ftp/login-silence", "--", "sh", "-c", script]).ok();
}

#[test]
fn a_second_login_counts_after_one_that_was_given_up() {
    let yaml = "rules: [{when: login, times: 1, then: stall}]\nexpect: [{when: login, times: 2}]";
    let came = came_of(yaml, |_, server| {
        let mut first = Session::greeted_at(server.ftp());
        first.ask("USER ann");
        first.say("PASS a-secret");
        sleep(PATIENCE);
        drop(first);
        logged_in(server).ask("QUIT");
    });
    came.passes();
}

#[test]
fn a_command_whose_client_did_not_wait_for_the_answer_came_all_the_same() {
    let yaml = "rules: [{when: DELE, delay: 3s, fires: 0+}]\nexpect: [{when: DELE, times: 0}]";
    let came = came_of(yaml, |_, server| {
        let session = logged_in(server);
        session.say("DELE hello.txt");
        sleep(PATIENCE);
    });
    came.is_unmet("expectation 1");
    assert!(came.one("DELE").outcome.fired);
}

/// All of the file is there, and the client was not told so.
#[track_caller]
fn was_whole_and_held(record: &Record, size: u64) {
    let outcome = &record.outcome;
    assert_eq!(outcome.bytes, Some(size));
    assert_eq!((outcome.success, outcome.cause), (Success::Failed, Some(Cause::Rule)));
    assert!(outcome.fired && outcome.held >= PATIENCE / 2, "{record:?}");
}

const LATE_226: &str = "rules: [{when: upload, at: end, delay: 30s, reply: 226 Done}]
expect: [{when: upload, times: 1, outcome: failed}, {stored: /up.bin, size: 100KiB}]";

#[test]
fn an_upload_whose_226_the_client_did_not_wait_for_is_one_upload_that_failed() {
    let came = came_of(LATE_226, |_, server| {
        let mut session = logged_in(server);
        let mut data = session.data();
        assert!(session.ask("STOR up.bin").starts_with("150"));
        data.write_all(&vec![b'x'; 100 << 10]).expect("the server reads");
        drop(data);
        sleep(PATIENCE);
    });
    came.passes();
    was_whole_and_held(came.one("upload"), 100 << 10);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn an_upload_whose_226_curl_did_not_wait_for_is_one_upload_that_failed() {
    let came = came_of(LATE_226, |_, server| {
        let desk = Desk::with("up.bin", vec![b'x'; 100 << 10]);
        let url = format!("ftp://{}/up.bin", server.ftp());
        let shown = run(desk.command("curl").args(["-s", "-m", "1", "-T", "up.bin", &url]));
        assert_eq!(shown.exit, 28, "{shown}");
    });
    came.passes();
    was_whole_and_held(came.one("upload"), 100 << 10);
}

#[test]
#[ignore = "needs curl: tests/run"]
fn no_shipped_rule_that_makes_clients_wait_is_said_not_to_have_fired() {
    let waits = [
        "ftp/connect-silence",
        "ftp/login-silence/slow",
        "ftp/data-slow",
        "ftp/greeting-120-delay",
        "ftp/greeting-wrong-protocol",
        "ftp/session-idle-421/quit",
        "ftp/session-control-dies-in-transfer/silently",
        "ftps/handshake-broken/silence",
        "ftps/handshake-broken/half",
    ];
    for name in waits {
        let secure = if name.starts_with("ftps/") { "--ssl-reqd -k" } else { "" };
        // One that waits for the answer to its QUIT waits for longer than its own limit.
        let script =
            format!("timeout 3 curl -s -m 1 -o file {secure} \"$BADFTP_FTP_URL/hello.txt\"");
        let shown = badftp(&Desk::new(), &["run", name, "--", "sh", "-c", &script]);
        assert!(![120, 121].contains(&shown.exit), "{name}: {shown}");
    }
}

#[test]
fn a_download_over_sftp_that_stalled_part_way_has_fired_when_its_client_leaves() {
    let yaml = "files: {/big.bin: {size: 256KiB}}
rules: [{when: download, at: 32KiB, then: stall}]
expect: [{when: download, times: 1, outcome: failed}]";
    for leaving in [Leaving::Close, Leaving::End, Leaving::Reset] {
        let came = came_of(yaml, |runtime, server| {
            runtime.block_on(async {
                let reads = [Request::Read(0), Request::Read(32 << 10)];
                let requests = [&[Request::Init, Request::Open(READ, "/big.bin")], &reads[..]];
                let mut client = asked(server, &requests.concat()).await;
                tokio::time::sleep(PATIENCE).await;
                client.leave(leaving).await;
            });
        });
        came.passes();
        assert!(came.one("download").outcome.held >= PATIENCE / 2, "{leaving:?}");
    }
}

#[test]
fn what_is_held_now_is_told_by_everybody() {
    let server = Badftp::with_yaml(
        "rules:\n  - {when: DELE, then: stall}\nexpect:\n  - {when: DELE, times: 1}\n",
    );
    let session = Session::logged_in(server.port());
    session.say("DELE hello.txt");
    let is_held = |record: &Value| record["wire"] == "DELE" && record["ended"].is_null();
    let record = until_there("the journal has what is held", || {
        let journal = get(server.control(), "/journal").json();
        journal["records"].as_array()?.iter().find(|record| is_held(record)).cloned()
    });
    assert_eq!(record["rule"]["line"], 2, "{record}");
    assert!(record["acted"].is_number() && record["fired"] == true, "{record}");
    assert_eq!(get(server.control(), "/verify").status, 200);
    until("the live log says so", || {
        let log = server.log();
        log.lines().any(|line| line.contains("DELE hello.txt") && line.contains("scenario.yaml:2"))
    });
}

/// Two folders are asked for at once, and the first answer takes its time. A client that asks again before it has its
/// answer has not waited between the two.
const TWO_FOLDERS: &str =
    "rules: [{when: mkdir, times: 1, delay: 500ms, reply: 550 No, status: 4 No}]
expect: [{when: mkdir, times: 2, gap: 200ms+}]";

#[test]
fn a_gap_begins_with_the_answer_in_ftp() {
    let came = came_of(TWO_FOLDERS, |_, server| {
        let mut session = logged_in(server);
        session.say("MKD a\r\nMKD b");
        assert!(session.hear().starts_with("550") && session.hear().starts_with("257"));
        session.ask("QUIT");
    });
    came.is_unmet("expectation 1");
}

#[test]
fn a_gap_begins_with_the_answer_in_sftp() {
    let came = came_of(TWO_FOLDERS, |runtime, server| {
        runtime.block_on(async {
            let folder = |name| Request::PathAndAttributes(14, name);
            let mut client = asked(server, &[Request::Init, folder("/a")]).await;
            client.say(folder("/b")).await.expect("the server reads");
            for _ in 0..2 {
                client.hear().await.expect("both are answered");
            }
        });
    });
    came.is_unmet("expectation 1");
}

#[test]
fn a_client_that_waits_for_its_answer_keeps_a_gap() {
    let yaml = TWO_FOLDERS.replace("550 No, status: 4 No", "550 No");
    let came = came_of(&yaml, |_, server| {
        let mut session = logged_in(server);
        assert!(session.ask("MKD a").starts_with("550"));
        sleep(Duration::from_millis(250));
        assert!(session.ask("MKD b").starts_with("257"));
        session.ask("QUIT");
    });
    came.passes();
}

/// An upload that fails by itself waits first, as its rule has it.
const READ_ONLY: &str = "files: {/ro/: {permissions: r-xr-xr-x}}
rules: [{when: upload, delay: 400ms, fires: 1}]
expect: [{when: upload, times: 1, outcome: failed}]";

#[track_caller]
fn waited_and_was_refused(came: &Came) {
    came.passes();
    let outcome = &came.one("upload").outcome;
    assert!(outcome.fired && outcome.held >= Duration::from_millis(390), "{outcome:?}");
    assert!(outcome.held < Duration::from_secs(5), "{outcome:?}");
    assert_eq!(outcome.cause, Some(Cause::Client), "{outcome:?}");
}

#[test]
fn an_upload_into_a_read_only_folder_waits_first_in_ftp() {
    let came = came_of(READ_ONLY, |_, server| {
        let mut session = logged_in(server);
        let _data = session.data();
        let answer = session.ask("STOR /ro/up.bin");
        assert!(answer.starts_with("55"), "{answer}");
        session.ask("QUIT");
    });
    waited_and_was_refused(&came);
}

#[test]
fn an_upload_into_a_read_only_folder_waits_first_in_sftp() {
    let came = came_of(READ_ONLY, |runtime, server| {
        runtime.block_on(async {
            let open = Request::Open(crate::holds::sftp::WRITE, "/ro/up.bin");
            let mut client = asked(server, &[Request::Init, open]).await;
            let answer = client.hear().await.expect("it is answered");
            assert_eq!(answer[0], 101, "a status: {answer:?}");
        });
    });
    waited_and_was_refused(&came);
}

#[test]
fn an_upload_into_a_read_only_folder_waits_first_in_scp() {
    let came = came_of(READ_ONLY, |runtime, server| {
        runtime.block_on(async {
            let act = Act::Exec("scp -t /ro/up.bin");
            let mut client = Client::act(server.sftp(), &act).await.expect("it gets so far");
            assert_eq!(client.hear_bytes(1).await.expect("the server is ready"), [0]);
            client.say_bytes(b"C0644 5 up.bin\n".to_vec()).await.expect("the server reads");
            assert_eq!(client.hear_bytes(1).await.expect("it is answered"), [1]);
        });
    });
    waited_and_was_refused(&came);
}

#[test]
fn a_download_is_fine_that_is_whole_and_told_so_however_its_data_connection_ends() {
    for data in ["stall", "cut"] {
        let yaml = format!(
            "files: {{/hello.txt: hello}}
rules: [{{when: download, at: end, data: {data}, reply: 226 Done, fires: 1}}]
expect: [{{when: download, times: 1, outcome: ok}}]"
        );
        let came = came_of(&yaml, |_, server| {
            let mut session = logged_in(server);
            let mut data = session.data();
            session.ask("TYPE I");
            assert!(session.ask("RETR hello.txt").starts_with("150"));
            let mut content = [0; 5];
            data.read_exact(&mut content).expect("all of it comes");
            assert_eq!(session.hear(), "226 Done\r\n");
            session.ask("QUIT");
        });
        came.passes();
        assert_eq!(came.one("download").outcome.bytes, Some(5), "{data}");
    }
}

/// What is said behind `RETR` over FTPS up to this code, and what comes on the data connection.
async fn retrieved(server: &Server, code: &str) -> std::io::Result<(Vec<String>, Vec<u8>)> {
    let at = server.ftps();
    let mut control = BufReader::new(secured(Line::connect(at).await?).await?);
    let mut line = String::new();
    control.read_line(&mut line).await?;
    for command in ["USER ann", "PASS a-secret", "PBSZ 0", "PROT P", "EPSV"] {
        line.clear();
        control.get_mut().write_all(format!("{command}\r\n").as_bytes()).await?;
        control.read_line(&mut line).await?;
    }
    let port = line.split('|').nth(3).and_then(|port| port.parse::<u16>().ok());
    let port = port.ok_or_else(|| std::io::Error::other(line))?;
    let data = Line::connect((at.ip(), port).into()).await?;
    control.get_mut().write_all(b"RETR hello.txt\r\n").await?;
    let taking = async {
        let mut content = Vec::new();
        if let Ok(mut stream) = secured(data.clone()).await {
            let _ = stream.read_to_end(&mut content).await;
        }
        content
    };
    let hearing = async {
        let mut said: Vec<String> = Vec::new();
        while said.last().is_none_or(|line| !line.starts_with(code)) {
            let mut line = String::new();
            if control.read_line(&mut line).await? == 0 {
                break;
            }
            said.push(line.trim_end().to_owned());
        }
        Ok::<_, std::io::Error>(said)
    };
    // A data connection that stalls never ends by itself.
    let (content, said) = tokio::join!(
        timeout(Duration::from_secs(1), taking),
        timeout(Duration::from_secs(5), hearing)
    );
    Ok((said.map_err(std::io::Error::other)??, content.unwrap_or_default()))
}

#[test]
fn a_rule_at_the_end_of_a_data_connections_tls_acts_and_the_journal_says_what_the_wire_did() {
    for ending in ["close", "cut", "reset", "stall", "alert handshake_failure"] {
        let yaml = format!(
            "files: {{/hello.txt: hello}}
rules: [{{when: channel, protocol: ftps, at: end, data: {ending}, reply: 522 x, fires: 1}}]
expect: [{{when: download, times: 1, outcome: failed}}]"
        );
        let came = came_of(&yaml, |runtime, server| {
            let (said, content) = runtime.block_on(retrieved(server, "522")).expect("it is said");
            assert!(content.is_empty(), "{ending}: the file was sent");
            assert_eq!(said.last().map(String::as_str), Some("522 x"), "{ending}: {said:?}");
            assert!(said.iter().all(|line| !line.starts_with("226")), "{ending}: {said:?}");
        });
        came.passes();
        assert_eq!(came.one("channel").outcome.answer, ["522 x"], "{ending}");
        let transfer = &came.one("RETR").outcome;
        assert!(
            transfer.answer.iter().all(|line| line.starts_with("150")),
            "{ending}: {transfer:?}"
        );
        assert_eq!(transfer.cause, Some(Cause::Rule), "{ending}: {transfer:?}");
    }
}

#[test]
fn a_transfer_that_the_servers_stop_broke_off_is_written_down() {
    let mut server = Badftp::with_yaml("files: {/big.bin: {size: 64MiB}}\n");
    let mut session = Session::logged_in(server.port());
    session.ask("TYPE I");
    let _data = session.data();
    assert!(session.ask("RETR big.bin").starts_with("150"));
    server.end_by(Signal::TERM, Duration::from_secs(5)).expect("it should have ended");
    let journal = server.journal();
    let transfers: Vec<_> = journal.iter().filter(|record| record["wire"] == "RETR").collect();
    assert_eq!(transfers.len(), 1, "{journal:#?}");
    assert_eq!(transfers[0]["outcome"], "failed", "{}", transfers[0]);
}
