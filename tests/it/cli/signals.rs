//! The signals that end `badftp serve`, whatever its sessions are at.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::BADFTP;
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::{end, spawn, wait};
use crate::session::Session;
use crate::until::until;

/// Far less than a rule holds a session here, and enough for a busy machine.
const AT_ONCE: Duration = Duration::from_secs(10);

const SCENARIO: &str = "files: {/big.bin: {size: 1GiB}}
rules:
  - {when: PWD, then: stall}
  - {when: NOOP, delay: 30s, reply: 200 Late}
";

#[test]
fn sigterm_ends_it_at_once() {
    ends_at_once_by(Signal::TERM);
}

#[test]
fn sigint_ends_it_at_once() {
    ends_at_once_by(Signal::INT);
}

#[test]
fn sighup_ends_it_at_once() {
    ends_at_once_by(Signal::HUP);
}

/// As `nohup` starts it.
#[test]
fn a_sighup_that_was_ignored_stays_ignored() {
    let desk = Desk::with("s.yaml", "{}");
    let line = format!("trap '' HUP; exec {BADFTP} run s.yaml -- sh -c '> begun; sleep 60'");
    let mut child = spawn(desk.command("sh").args(["-c", &line]));
    until("the command has begun", || desk.path("begun").exists());
    kill_process(Pid::from_child(&child), Signal::HUP).expect("it runs");
    let ended = wait(&mut child, Duration::from_millis(500));
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it still runs");
    let by_term = wait(&mut child, AT_ONCE);
    end(&mut child);
    assert_eq!(ended, None);
    assert!(by_term.is_some(), "SIGTERM ends it all the same");
}

#[track_caller]
fn ends_at_once_by(signal: Signal) {
    let mut badftp = Badftp::with_yaml(SCENARIO);
    let port = badftp.port();
    let idle = [Session::greeted(port), Session::logged_in(port)];
    let [stalled, delayed] = ["PWD", "NOOP"].map(|command| {
        let session = Session::logged_in(port);
        session.say(command);
        session
    });
    let mut downloading = Session::logged_in(port);
    let mut data = downloading.data();
    downloading.ask("RETR big.bin");
    data.read_exact(&mut [0]).expect("the download has begun");

    let status = badftp.end_by(signal, AT_ONCE).expect("it should have ended at once");
    assert_eq!(status.code(), Some(0), "{signal:?}: {status}");
    let sessions = idle.into_iter().chain([stalled, delayed, downloading]);
    for stream in sessions.map(Session::into_stream).chain([data]) {
        assert!(is_over(stream), "{signal:?}: a connection outlived its server");
    }
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "{signal:?}: the port still answers");
}

fn is_over(mut stream: TcpStream) -> bool {
    stream.set_read_timeout(Some(AT_ONCE)).expect("our own socket can be configured");
    stream
        .read_to_end(&mut Vec::new())
        .map_or_else(|error| error.kind() != ErrorKind::WouldBlock, |_| true)
}
