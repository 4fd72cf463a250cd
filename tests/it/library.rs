//! badftp in the process of a Rust test: many servers, each its own, and a verdict that cannot be forgotten.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use badftp::engine::Protocol;
use badftp::scenario::{Scenario, Sentence, exit, stored, when};
use badftp::server::Server;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Answers take milliseconds; a loaded machine may need more.
const ANSWERED: Duration = Duration::from_secs(20);

/// A session by hand.
struct Session(BufReader<TcpStream>);

impl Session {
    async fn logged_in(at: SocketAddr) -> io::Result<Self> {
        let mut session = Self(BufReader::new(TcpStream::connect(at).await?));
        session.hear().await?;
        session.ask("USER ann").await?;
        session.ask("PASS secret").await?;
        Ok(session)
    }

    async fn hear(&mut self) -> io::Result<String> {
        let mut line = String::new();
        timeout(ANSWERED, self.0.read_line(&mut line)).await??;
        Ok(line.trim_end().to_owned())
    }

    async fn ask(&mut self, line: &str) -> io::Result<String> {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.hear().await
    }

    async fn data(&mut self) -> io::Result<TcpStream> {
        let reply = self.ask("EPSV").await?;
        let port = reply.split('|').nth(3).and_then(|port| port.parse::<u16>().ok());
        let port = port.ok_or_else(|| io::Error::other(reply))?;
        TcpStream::connect((self.0.get_ref().peer_addr()?.ip(), port)).await
    }

    async fn put(&mut self, path: &str, content: &str) -> io::Result<String> {
        let mut data = self.data().await?;
        let reply = self.ask(&format!("STOR {path}")).await?;
        if !reply.starts_with('1') {
            return Ok(reply);
        }
        data.write_all(content.as_bytes()).await?;
        drop(data);
        self.hear().await
    }

    async fn get(&mut self, path: &str) -> io::Result<String> {
        let mut data = self.data().await?;
        let mut content = String::new();
        self.ask(&format!("RETR {path}")).await?;
        data.read_to_string(&mut content).await?;
        self.hear().await?;
        Ok(content)
    }
}

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime can be made")
}

async fn serve(scenario: Scenario) -> Server {
    Server::start(scenario).await.expect("free ports can be had")
}

/// One server's whole life: a scenario of its own, a client that retries, a verdict.
async fn lives(number: usize) -> io::Result<()> {
    let text = format!("451 This is server {number}");
    let scenario = Scenario::builder()
        .file("/mine", format!("of {number}"))
        .rule(when("upload").times(1).reply(text.as_str()))
        .expect(when("upload").times(2))
        .expect(stored(format!("/up-{number}")))
        .expect(stored("/up-*").times(1))
        .expect(when("QUIT").per("connection"))
        .build()
        .expect("nothing is wrong with it");
    let server = serve(scenario).await;
    let mut session = Session::logged_in(server.ftp()).await?;
    assert_eq!(session.get("mine").await?, format!("of {number}"));
    let path = format!("up-{number}");
    assert_eq!(session.put(&path, "content").await?, text);
    assert!(session.put(&path, "content").await?.starts_with("226"));
    session.ask("QUIT").await?;
    let judgement = server.verify().await;
    assert!(judgement.passes(), "{judgement:#?}");
    assert_eq!(server.file(&path).expect("it is stored"), b"content");
    assert_eq!(server.files().len(), 2, "its own files, and nobody else's");
    Ok(())
}

#[test]
fn fifty_servers_in_one_process_do_not_know_of_each_other() {
    runtime().block_on(async {
        let mut all = JoinSet::new();
        for number in 0..50 {
            all.spawn(lives(number));
        }
        for lived in all.join_all().await {
            lived.expect("the client has its connections");
        }
    });
}

/// What is said when a server with this rule is dropped, and nobody came.
fn said_on_drop(rule: Sentence) -> Option<String> {
    let scenario = Scenario::builder().rule(rule).build().expect("nothing is wrong with it");
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        runtime().block_on(async { drop(serve(scenario).await) });
    }));
    dropped.err().map(|panic| *panic.downcast::<String>().expect("a panic has a text"))
}

#[test]
fn a_server_that_is_dropped_without_a_verdict_panics_with_the_reason() {
    let rule = when("upload").reply(451);
    let line = line!() - 1;
    let said = said_on_drop(rule).expect("the rule never fired");
    let title = format!("unmet: rule 1 at {}:{line}: it never fired", file!());
    assert!(said.starts_with(&title), "{said}");
    assert_eq!(said_on_drop(when("upload").reply(451).fires("0+")), None);
}

#[test]
fn a_test_that_panics_already_keeps_its_own_reason() {
    let failed = catch_unwind(AssertUnwindSafe(|| {
        runtime().block_on(async {
            let scenario = Scenario::find("ftp/data-425").expect("it is shipped");
            let _server = serve(scenario).await;
            panic!("the test's own reason");
        });
    }));
    let reason = failed.expect_err("it panics").downcast::<&str>().expect("a text");
    assert_eq!(*reason, "the test's own reason");
}

#[test]
fn a_server_is_reset_and_given_another_scenario_between_tests() {
    runtime().block_on(async {
        let flaky = Scenario::builder().rule(when("NOOP").times(1).reply("421 Later"));
        let server = serve(flaky.build().expect("nothing is wrong")).await;
        for _ in 0..2 {
            let mut session = Session::logged_in(server.ftp()).await.expect("it connects");
            assert_eq!(session.ask("NOOP").await.expect("an answer"), "421 Later");
            assert!(session.ask("NOOP").await.expect("an answer").starts_with("200"));
            assert!(server.verify().await.passes());
            server.reset();
            assert!(!server.verify().await.passes(), "it has not happened again yet");
        }
        server
            .load(Scenario::from_yaml("rules: [{when: NOOP, reply: 200 Other}]").expect("fine"))
            .await;
        let mut session = Session::logged_in(server.ftp()).await.expect("it connects");
        assert_eq!(session.ask("NOOP").await.expect("an answer"), "200 Other");
        assert!(server.verify().await.passes());
    });
}

fn named(yaml: &str) -> Scenario {
    Scenario::from_yaml(yaml).unwrap_or_else(|problems| panic!("{problems}"))
}

const UNMET: &str = "name: first\nexpect: [{when: upload}]";
const MET: &str = "name: second\nexpect: [{when: upload, times: 0}]";

#[test]
fn each_scenario_that_another_one_replaces_has_a_verdict_of_its_own() {
    runtime().block_on(async {
        let server = serve(named(UNMET)).await;
        assert_eq!(server.scenario(), "first");
        server.load(named(MET)).await;
        server.load(Scenario::healthy()).await;
        assert_eq!(server.scenario(), "healthy");
        let told: Vec<_> = server
            .replaced()
            .await
            .into_iter()
            .map(|replaced| (replaced.scenario, replaced.judgement.passes()))
            .collect();
        assert_eq!(told, [("first".to_owned(), false), ("second".to_owned(), true)]);
        assert!(server.replaced().await.is_empty(), "they are handed out once");
    });
}

#[test]
fn scenarios_that_are_loaded_at_once_are_judged_one_by_one() {
    runtime().block_on(async {
        let server = Arc::new(serve(Scenario::healthy()).await);
        let mut all = JoinSet::new();
        for number in 0..20 {
            let (server, scenario) = (Arc::clone(&server), format!("name: s{number}"));
            all.spawn(async move { server.load(named(&scenario)).await });
        }
        all.join_all().await;
        let mut names = vec![server.scenario()];
        names.extend(server.replaced().await.into_iter().map(|replaced| replaced.scenario));
        assert_eq!(names[1], "healthy", "the first that was replaced");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 21, "{names:?}");
    });
}

/// What is said when a server is dropped that was begun with the first scenario, and something was done with it.
fn said_after<F: Future>(act: impl FnOnce(Arc<Server>) -> F) -> Option<String> {
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        runtime().block_on(async {
            let server = Arc::new(serve(named(UNMET)).await);
            act(Arc::clone(&server)).await;
        });
    }));
    dropped.err().map(|panic| *panic.downcast::<String>().expect("a panic has a text"))
}

#[test]
fn a_dropped_server_tells_of_each_scenario_whose_verdict_nobody_has_asked_for() {
    let said = said_after(|server| async move { server.load(named(MET)).await });
    let said = said.expect("the first one is unmet");
    assert!(said.starts_with("in first, before another scenario replaced it:\nunmet: "), "{said}");
    assert!(!said.contains("second"), "{said}");

    let said = said_after(|server| async move {
        server.load(named(MET)).await;
        server.load(named(&UNMET.replace("first", "third"))).await;
    });
    let said = said.expect("two are unmet");
    assert!(
        said.starts_with("in first, before") && said.contains("\nin third:\nunmet: "),
        "{said}"
    );

    let asked = said_after(|server| async move {
        server.load(named(MET)).await;
        assert!(!server.replaced().await[0].judgement.passes());
    });
    assert_eq!(asked, None);
    let asked_before = said_after(|server| async move {
        assert!(!server.verify().await.passes());
        server.load(named(MET)).await;
    });
    assert_eq!(asked_before, None);
}

#[test]
fn a_verdict_on_one_scenario_is_none_on_the_next() {
    let said = said_after(|server| async move {
        assert!(!server.verify().await.passes());
        server.load(named(&UNMET.replace("first", "next"))).await;
    });
    assert!(said.expect("nobody has asked").starts_with("unmet: expectation 1"), "the next one");
}

#[test]
fn a_scenario_of_rust_is_called_by_its_place() {
    runtime().block_on(async {
        let scenario = Scenario::builder().expect(exit("nonzero"));
        let line = line!() - 1;
        let server = serve(scenario.build().expect("nothing is wrong with it")).await;
        assert_eq!(server.scenario(), format!("the scenario of {}:{line}", file!()));
        let judgement = server.verify().await;
        assert!(judgement.passes(), "no command is run here: {judgement}");
        assert!(judgement.to_string().starts_with("skipped: expectation 1 at "), "{judgement}");
    });
}

#[test]
fn a_protocol_that_is_not_spoken_has_no_port() {
    runtime().block_on(async {
        let builder = Server::builder().without(Protocol::Ftps).without(Protocol::Sftp);
        let server = builder.start(Scenario::healthy()).await.expect("free ports can be had");
        assert_eq!(server.address(Protocol::Sftp), None);
        assert_eq!(server.known_hosts(), None);
        let url = format!("ftp://badftp:badftp@{}", server.ftp());
        assert_eq!(server.url(Protocol::Ftp), Some(url));
    });
}

#[test]
fn a_server_that_is_dropped_is_gone() {
    runtime().block_on(async {
        let server = serve(Scenario::healthy()).await;
        let at = server.ftp();
        let mut session = Session::logged_in(at).await.expect("it connects");
        drop(server);
        assert_eq!(session.hear().await.unwrap_or_default(), "", "the session is over");
        assert!(TcpStream::connect(at).await.is_err(), "the port is free");
    });
}
