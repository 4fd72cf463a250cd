//! What is written down of each event when its client leaves while a rule holds it, and when it does not.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use russh::ChannelMsg;
use russh::client::{Config, Handle, Handler, connect_stream};
use russh::keys::PublicKeyOrCertificate;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

use super::{Settings, Shape, serve};
use crate::engine::Protocol;
use crate::fault::Wire;
use crate::files::{Files, Limits};
use crate::journal::{Cause, Journal, Record, Success};
use crate::run::{self, Arrival, Parts, Run};
use crate::scenario::{Source, read};

/// No test waits so long, and a hold has no other end than its client's.
const FOR_EVER: Duration = Duration::from_secs(60);
/// How long a client stays.
const STAYS: Duration = Duration::from_millis(300);

struct Trusting;

impl Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A run of these rules, with one user.
pub(super) fn run(rules: &str, max_hold: Duration) -> Arc<Run> {
    let text = format!("users: {{ann: secret}}\nrules: [{rules}]\n");
    let mut read = read(&Source::inline("test", &text)).unwrap();
    let scenario = read.scenarios.remove(0);
    Run::begin(Parts {
        title: String::new(),
        expectations: scenario.expectations,
        rules: scenario.rules,
        seed: 0,
        files: Files::new(scenario.files, Limits::default(), run::now),
        accounts: scenario.accounts,
        network: scenario.network,
        journal: Arc::new(Journal::default()),
        max_hold,
        outside: Arc::default(),
    })
}

/// A client and the server's side of it, which ends with it.
async fn served(run: &Arc<Run>) -> (TcpStream, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (tcp, peer) = listener.accept().await.unwrap();
    let arrival = Arrival {
        wire: Wire::new(tcp),
        peer,
        via: peer.ip(),
        local: listener.local_addr().unwrap(),
        protocol: Protocol::Sftp,
        connection: run.next_connection(),
    };
    let shape = Arc::new(Shape::new(Settings::default()));
    (client, tokio::spawn(serve(arrival, Arc::clone(run), shape)))
}

/// A client that goes as far as it is let: to a subsystem, whose end it asks for.
async fn goes_on(tcp: TcpStream, password: &str) -> Result<Handle<Trusting>, russh::Error> {
    let mut client = connect_stream(Arc::new(Config::default()), tcp, Trusting).await?;
    if !client.authenticate_password("ann", password).await?.success() {
        return Ok(client);
    }
    let mut channel = client.channel_open_session().await?;
    channel.request_subsystem(true, "sftp").await?;
    channel.eof().await?;
    while !matches!(channel.wait().await, Some(ChannelMsg::Close) | None) {}
    Ok(client)
}

/// What is written down of the events on which a rule acted, after its client has left.
async fn left(rule: &str) -> (Arc<Record>, Duration) {
    let run = run(rule, FOR_EVER);
    let (client, serving) = served(&run).await;
    let client = client.into_std().unwrap();
    let socket = TcpStream::from_std(client.try_clone().unwrap()).unwrap();
    let stays = async {
        let _client = goes_on(socket, "secret").await;
        pending::<()>().await;
    };
    let _ = timeout(STAYS, stays).await;
    let under_way: Vec<_> = ruled(&run);
    let began = Instant::now();
    // Some have left already.
    let _ = client.shutdown(std::net::Shutdown::Both);
    timeout(FOR_EVER / 4, serving).await.expect("it ends with its client").unwrap();
    let until = began.elapsed();
    let records = ruled(&run);
    assert_eq!(records.len(), 1, "{rule}: {records:?}");
    assert_eq!(under_way.len(), 1, "{rule}: it is there while it is held");
    (Arc::clone(&records[0]), until)
}

fn ruled(run: &Arc<Run>) -> Vec<Arc<Record>> {
    run.told().records.iter().filter(|record| record.rule.is_some()).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hold_ends_with_its_client_and_its_rule_has_fired() {
    for rule in [
        "{when: connect, delay: 50s}",
        "{when: connect, then: stall}",
        "{when: connect, then: close 50s}",
        "{when: connect, send: [SSH, 50s, never]}",
        "{when: connect, send: 'noise, and more of it', rate: 1B/s}",
        "{when: connect, send: noise, repeat: endless}",
        "{when: handshake, protocol: sftp, delay: 50s}",
        "{when: handshake, protocol: sftp, at: end, delay: 50s}",
        "{when: SSH_MSG_KEXINIT, then: stall}",
        "{when: SSH_MSG_KEXINIT, at: end, then: stall}",
        "{when: SSH_MSG_KEXINIT, then: close 50s}",
        "{when: SSH_MSG_NEWKEYS, then: stall}",
        "{when: SSH_MSG_NEWKEYS, delay: 50s, then: close}",
        "{when: login, delay: 50s}",
        "{when: login, at: end, delay: 50s}",
        "{when: login, then: stall}",
        "{when: login, then: close 50s}",
        "{when: login, protocol: sftp, status: none}",
        "{when: channel, delay: 50s}",
        "{when: channel, at: end, delay: 50s}",
        "{when: channel, then: stall}",
        "{when: channel, protocol: sftp, status: none}",
        "{when: channel, protocol: sftp, data: stall}",
        "{when: SSH_MSG_CHANNEL_REQUEST, delay: 50s}",
        "{when: SSH_MSG_CHANNEL_REQUEST, then: stall}",
        "{when: SSH_MSG_CHANNEL_REQUEST, data: stall}",
        "{when: SSH_MSG_CHANNEL_EOF, delay: 50s}",
        "{when: SSH_MSG_CHANNEL_EOF, data: stall}",
        "{when: SSH_MSG_CHANNEL_EOF, then: stall}",
        "{when: SSH_MSG_CHANNEL_EOF, then: close 50s}",
        "{when: idle, delay: 50ms, then: stall}",
    ] {
        let (record, until) = left(rule).await;
        let outcome = &record.outcome;
        println!("{rule}: {until:?} {:?} {:?}", outcome.held, outcome.detail);
        assert!(outcome.fired && outcome.success == Success::Failed, "{rule}: {record:?}");
        assert_eq!(outcome.cause, Some(Cause::Rule), "{rule}: {record:?}");
        assert!(until < Duration::from_secs(5), "{rule}: {until:?}");
        let is_held = outcome.held > STAYS / 3 && outcome.held < FOR_EVER / 4;
        assert!(is_held || rule.contains("endless"), "{rule}: {record:?}");
    }
}

/// What is written down of a session that ends by itself: each event, whether it was well, and why not; a star where its
/// rule has fired.
async fn written(rules: &str, password: &str) -> String {
    let run = run(rules, STAYS);
    let (client, serving) = served(&run).await;
    let gone = timeout(FOR_EVER / 4, goes_on(client, password)).await;
    assert!(gone.is_ok(), "{rules}: it ends");
    drop(gone);
    timeout(FOR_EVER / 4, serving).await.expect("it ends with its client").unwrap();
    let records = run.journal.records();
    assert_eq!(run.told().records.len(), records.len(), "{rules}: something is still under way");
    let words = records.iter().filter(|record| !record.is_end()).map(|record| {
        let name = record.event.or(record.wire.as_deref()).unwrap_or_default();
        let name = name.strip_prefix("SSH_MSG_").unwrap_or(name);
        let star = if record.outcome.fired { "*" } else { "" };
        let cause = match record.outcome.cause {
            None => "",
            Some(Cause::Rule) => " rule",
            Some(Cause::Client) => " client",
            Some(Cause::Badftp) => " badftp",
        };
        format!("{name}{star} {}{cause}", record.outcome.success.word())
    });
    words.collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_written_down_once_with_what_came_of_it() {
    for (rules, password, expected) in [
        ("", "secret", "connect ok, login ok, channel ok"),
        ("", "wrong", "connect ok, login failed client, denied ok"),
    ] {
        assert_eq!(written(rules, password).await, expected, "{rules}");
    }
    let mut wrong = String::new();
    for (rule, expected) in [
        ("{when: connect, delay: 10ms}", "connect* ok, login ok, channel ok"),
        ("{when: connect, delay: 10s}", "connect* failed rule"),
        ("{when: connect, at: 5B, then: close}", "connect* failed rule"),
        ("{when: connect, at: 500B, then: close}", "connect ok, login ok, channel ok"),
        ("{when: connect, at: end, then: close}", "connect* failed rule"),
        ("{when: connect, then: disconnect 12 No}", "connect* failed rule"),
        ("{when: connect, then: restart 10ms}", "connect* failed rule"),
        (r#"{when: connect, send: ["hello\r\n", <answer>]}"#, "connect* ok, login ok, channel ok"),
        ("{when: connect, send: noise, repeat: endless}", "connect* failed rule"),
        (
            "{when: handshake, protocol: sftp, delay: 10ms}",
            "connect ok, handshake* ok, login ok, channel ok",
        ),
        (
            "{when: handshake, protocol: sftp, host-key: changed}",
            "connect ok, handshake* failed rule, login ok, channel ok",
        ),
        (
            "{when: handshake, protocol: sftp, host-key: bad-signature}",
            "connect ok, handshake* failed rule",
        ),
        (
            "{when: handshake, protocol: sftp, send: [SSH_MSG_DEBUG x, <answer>]}",
            "connect ok, handshake* failed client",
        ),
        (
            "{when: handshake, protocol: sftp, send: SSH_MSG_192}",
            "connect ok, handshake* failed rule",
        ),
        (
            "{when: handshake, protocol: sftp, then: disconnect 12 No}",
            "connect ok, handshake* failed rule",
        ),
        ("{when: SSH_MSG_KEXINIT, at: end, then: close}", "connect ok, handshake* failed rule"),
        ("{when: SSH_MSG_NEWKEYS, then: reset}", "connect ok, NEWKEYS* failed rule"),
        ("{when: login, delay: 10ms}", "connect ok, login* ok, channel ok"),
        ("{when: login, delay: 10s}", "connect ok, login* failed rule"),
        ("{when: login, then: stall}", "connect ok, login* failed rule"),
        ("{when: login, then: reset}", "connect ok, login* failed rule"),
        ("{when: login, at: end, send: <answer>, then: close}", "connect ok, login* ok"),
        (
            "{when: login, send: SSH_MSG_USERAUTH_FAILURE}",
            "connect ok, login* failed rule, denied ok",
        ),
        ("{when: login, then: disconnect 12 No}", "connect ok, login* failed rule, denied ok"),
        (
            "{when: SSH_MSG_USERAUTH_REQUEST, at: end, then: close}",
            "connect ok, login* failed rule",
        ),
        (
            "{when: channel, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4}",
            "connect ok, login ok, channel* failed rule",
        ),
        (
            "{when: channel, protocol: sftp, status: none}",
            "connect ok, login ok, channel* failed rule",
        ),
        ("{when: channel, then: close}", "connect ok, login ok, channel* failed rule"),
        ("{when: channel, then: disconnect 11 Bye}", "connect ok, login ok, channel* failed rule"),
        (
            "{when: SSH_MSG_CHANNEL_REQUEST, delay: 10ms}",
            "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok",
        ),
        (
            "{when: SSH_MSG_CHANNEL_REQUEST, send: SSH_MSG_CHANNEL_FAILURE, then: close}",
            "connect ok, login ok, channel ok, CHANNEL_REQUEST* failed rule",
        ),
        (
            "{when: SSH_MSG_CHANNEL_REQUEST, at: end, send: <answer>, then: exit 1}",
            "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok",
        ),
        (
            "{when: SSH_MSG_CHANNEL_REQUEST, at: end, send: <answer>, data: cut}",
            "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok",
        ),
        (
            "{when: SSH_MSG_CHANNEL_EOF, then: exit 7}",
            "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule",
        ),
        (
            "{when: SSH_MSG_CHANNEL_EOF, data: cut}",
            "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule",
        ),
        (
            "{when: SSH_MSG_CHANNEL_EOF, then: reset}",
            "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule",
        ),
    ] {
        let told = written(rule, "secret").await;
        if told != expected {
            wrong += &format!("{rule}\n  {told}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
