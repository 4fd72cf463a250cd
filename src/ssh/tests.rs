//! What is written down of each event when its client leaves while a rule holds it, and when it does not.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use russh::ChannelMsg;
use russh::client::{Config, Handle, Handler, connect_stream};
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};

use super::{CLIENT_KEY, Settings, Shape, serve};
use crate::engine::Protocol;
use crate::fault::Wire;
use crate::files::{Files, Limits};
use crate::journal::{Cause, Journal, Record, Success};
use crate::run::{self, Arrival, Parts, Run};
use crate::scenario::{Source, read};

/// No test waits so long, and a hold has no other end than its client's.
const FOR_EVER: Duration = Duration::from_secs(60);
/// The password, and what stands for a key in its place.
const SECRET: &str = "secret";
const KEY: &str = "(key)";
/// How long a client stays when a rule has begun to act.
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
    let key = CLIENT_KEY[1].trim();
    let text = format!("users: {{ann: {{password: secret, keys: ['{key}']}}}}\nrules: [{rules}]\n");
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
    let login = if password == KEY {
        let key = PrivateKey::from_openssh(CLIENT_KEY[0])?;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
        client.authenticate_publickey("ann", key).await?
    } else {
        client.authenticate_password("ann", password).await?
    };
    if !login.success() {
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
        let _client = goes_on(socket, SECRET).await;
        pending::<()>().await;
    };
    // It leaves a little after the rule has begun to act, however long that takes.
    tokio::select! {
        () = stays => {}
        () = is_held(&run) => {}
    }
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

/// Waits until a rule has begun to act.
async fn is_held(run: &Arc<Run>) {
    let acts = async {
        while ruled(run).is_empty() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(FOR_EVER / 4, acts).await.expect("the rule acts");
    sleep(STAYS).await;
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
    let mut wrong = Vec::new();
    for (rule, password, expected) in WRITTEN {
        let told = written(rule, password).await;
        if told != *expected {
            wrong.push(format!("{rule}\n  {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule, how a client logs in, and what is written down.
#[rustfmt::skip]
const WRITTEN: &[(&str, &str, &str)] = &[
    ("", SECRET, "connect ok, login ok, channel ok"),
    ("", KEY, "connect ok, login ok, channel ok"),
    ("", "wrong", "connect ok, login failed client, denied ok"),
    ("{when: connect, delay: 10ms}", SECRET, "connect* ok, login ok, channel ok"),
    ("{when: connect, delay: 10s}", SECRET, "connect* failed rule"),
    ("{when: connect, at: 5B, then: close}", SECRET, "connect* failed rule"),
    ("{when: connect, at: 500B, then: close}", SECRET, "connect ok, login ok, channel ok"),
    ("{when: connect, at: end, then: close}", SECRET, "connect* failed rule"),
    ("{when: connect, then: disconnect 12 No}", SECRET, "connect* failed rule"),
    ("{when: connect, then: restart 10ms}", SECRET, "connect* failed rule"),
    (r#"{when: connect, send: ["hello\r\n", <answer>]}"#, SECRET, "connect* ok, login ok, channel ok"),
    ("{when: connect, send: noise, repeat: endless}", SECRET, "connect* failed rule"),
    ("{when: handshake, protocol: sftp, delay: 10ms}", SECRET, "connect ok, handshake* ok, login ok, channel ok"),
    ("{when: handshake, protocol: sftp, host-key: changed}", SECRET, "connect ok, handshake* failed rule, login ok, channel ok"),
    ("{when: handshake, protocol: sftp, host-key: bad-signature}", SECRET, "connect ok, handshake* failed rule"),
    ("{when: handshake, protocol: sftp, send: [SSH_MSG_DEBUG x, <answer>]}", SECRET, "connect ok, handshake* failed client"),
    ("{when: handshake, protocol: sftp, send: SSH_MSG_192}", SECRET, "connect ok, handshake* failed rule"),
    ("{when: handshake, protocol: sftp, then: disconnect 12 No}", SECRET, "connect ok, handshake* failed rule"),
    ("{when: SSH_MSG_KEXINIT, at: end, then: close}", SECRET, "connect ok, handshake* failed rule"),
    ("{when: SSH_MSG_NEWKEYS, then: reset}", SECRET, "connect ok, NEWKEYS* failed rule"),
    ("{when: login, delay: 10ms}", SECRET, "connect ok, login* ok, channel ok"),
    ("{when: login, delay: 10s}", SECRET, "connect ok, login* failed rule"),
    ("{when: login, then: stall}", SECRET, "connect ok, login* failed rule"),
    ("{when: login, then: reset}", SECRET, "connect ok, login* failed rule"),
    ("{when: login, at: end, send: <answer>, then: close}", SECRET, "connect ok, login* ok"),
    ("{when: login, send: SSH_MSG_USERAUTH_FAILURE}", SECRET, "connect ok, login* failed rule, denied ok"),
    ("{when: login, then: disconnect 12 No}", SECRET, "connect ok, login* failed rule, denied ok"),
    ("{when: SSH_MSG_USERAUTH_REQUEST, at: end, then: close}", SECRET, "connect ok, login* failed rule"),
    ("{when: channel, send: SSH_MSG_CHANNEL_OPEN_FAILURE 4}", SECRET, "connect ok, login ok, channel* failed rule"),
    ("{when: channel, protocol: sftp, status: none}", SECRET, "connect ok, login ok, channel* failed rule"),
    ("{when: channel, then: close}", SECRET, "connect ok, login ok, channel* failed rule"),
    ("{when: channel, then: disconnect 11 Bye}", SECRET, "connect ok, login ok, channel* failed rule"),
    ("{when: SSH_MSG_CHANNEL_REQUEST, delay: 10ms}", SECRET, "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok"),
    ("{when: SSH_MSG_CHANNEL_REQUEST, send: SSH_MSG_CHANNEL_FAILURE, then: close}", SECRET, "connect ok, login ok, channel ok, CHANNEL_REQUEST* failed rule"),
    ("{when: SSH_MSG_CHANNEL_REQUEST, at: end, send: <answer>, then: exit 1}", SECRET, "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok"),
    ("{when: SSH_MSG_CHANNEL_REQUEST, at: end, send: <answer>, data: cut}", SECRET, "connect ok, login ok, channel ok, CHANNEL_REQUEST* ok"),
    ("{when: SSH_MSG_CHANNEL_EOF, then: exit 7}", SECRET, "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule"),
    ("{when: SSH_MSG_CHANNEL_EOF, data: cut}", SECRET, "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule"),
    ("{when: SSH_MSG_CHANNEL_EOF, then: reset}", SECRET, "connect ok, login ok, channel ok, CHANNEL_EOF* failed rule"),
    ("{when: login, method: publickey, delay: 10ms}", KEY, "connect ok, login* ok, channel ok"),
    ("{when: login, at: end, send: SSH_MSG_USERAUTH_FAILURE}", KEY, "connect ok, login* failed rule, denied ok"),
    ("{when: login, method: publickey, then: close}", KEY, "connect ok, login* failed rule"),
    ("{when: login, at: end, then: close}", "wrong", "connect ok, login failed client, denied ok"),
    ("{when: login, delay: 10ms}", "wrong", "connect ok, login* failed client, denied ok"),
    ("{when: denied, delay: 10ms}", "wrong", "connect ok, login failed client, denied* ok"),
    ("{when: denied, then: close}", "wrong", "connect ok, denied* failed rule, login failed client"),
    ("{when: denied, then: stall}", "wrong", "connect ok, denied* failed rule, login failed client"),
    ("{when: denied, protocol: sftp, status: none}", "wrong", "connect ok, denied* failed rule, login failed client"),
    ("{when: denied, then: disconnect 2 Too many}", "wrong", "connect ok, denied* failed rule, login failed client"),
    ("{when: denied, send: SSH_MSG_USERAUTH_FAILURE password, then: close}", "wrong", "connect ok, login failed client, denied* failed rule"),
];
