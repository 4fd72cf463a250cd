//! A scenario file that changes while it is served.

use std::fs;
use std::net::TcpStream;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{BADFTP, ready};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::{spawn, wait};
use crate::session::Session;
use crate::until::until;

/// A change is seen within half a second; a loaded machine may need more.
const PATIENCE: Duration = Duration::from_secs(20);

fn pwd(reply: &str) -> String {
    format!("rules: [{{when: PWD, reply: {reply}}}]\n")
}

/// As most editors save: a new file takes the old one's name.
fn save(server: &Badftp, text: &str) {
    fs::write(server.file("new"), text).expect("a temporary file can be written");
    fs::rename(server.file("new"), server.file("scenario.yaml")).expect("it can be renamed");
}

/// Waits until it has said this so often.
#[track_caller]
fn said(server: &Badftp, what: &str, times: usize) {
    until(format!("it says {what:?}"), || server.log().matches(what).count() >= times);
}

fn new_session_says(server: &Badftp) -> String {
    Session::logged_in(server.port()).ask("PWD")
}

#[test]
fn new_connections_get_the_new_rules_and_open_ones_keep_the_old() {
    let server = Badftp::with_yaml(&pwd("550 One"));
    let mut old = Session::logged_in(server.port());
    save(&server, &pwd("550 Two"));
    said(&server, "badftp: reloaded ", 1);
    assert_eq!(new_session_says(&server), "550 Two\r\n");
    assert_eq!(old.ask("PWD"), "550 One\r\n");
}

#[test]
fn a_file_may_be_written_in_place() {
    let server = Badftp::with_yaml(&pwd("550 One"));
    for reply in ["550 Two", "550 Six"] {
        fs::write(server.file("scenario.yaml"), pwd(reply)).expect("it can be written");
        until(reply, || new_session_says(&server) == format!("{reply}\r\n"));
    }
}

#[test]
fn a_file_with_mistakes_is_told_and_the_old_rules_stay() {
    let server = Badftp::with_yaml(&pwd("550 One"));
    save(&server, "rules: [{wen: PWD, reply: 550 Two}]\n");
    said(&server, "scenario.yaml is not reloaded, the old rules stay", 1);
    assert!(server.log().contains("unknown key `wen` in a rule"), "{}", server.log());
    assert_eq!(new_session_says(&server), "550 One\r\n");
    fs::remove_file(server.file("scenario.yaml")).expect("it can be removed");
    said(&server, "scenario.yaml is not reloaded, the old rules stay", 2);
    assert_eq!(new_session_says(&server), "550 One\r\n");
    save(&server, &pwd("550 Three"));
    said(&server, "badftp: reloaded ", 1);
    assert_eq!(new_session_says(&server), "550 Three\r\n");
}

#[test]
fn what_the_scenario_takes_by_from_is_part_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (scenario, content) = (folder.path().join("s.yaml"), folder.path().join("content"));
    fs::write(&scenario, "files: {/a: {from: content}}\n").expect("it can be written");
    fs::write(&content, "one").expect("it can be written");
    let server = Badftp::serve(&scenario.to_string_lossy());
    let size = || {
        let mut session = Session::logged_in(server.port());
        session.ask("TYPE I");
        session.ask("SIZE /a")
    };
    assert_eq!(size(), "213 3\r\n");
    fs::write(&content, "longer").expect("it can be written");
    said(&server, "badftp: reloaded ", 1);
    assert_eq!(size(), "213 6\r\n");
}

#[test]
fn counts_states_and_files_are_as_at_a_start_and_the_journal_goes_on() {
    let yaml = "rules: [{when: PWD, times: 1, reply: 550 Once}]\n";
    let server = Badftp::with_yaml(yaml);
    let mut session = Session::logged_in(server.port());
    assert_eq!(session.ask("PWD"), "550 Once\r\n");
    session.ask("MKD /made");
    assert_ne!(new_session_says(&server), "550 Once\r\n");
    save(&server, yaml);
    said(&server, "badftp: reloaded ", 1);
    let mut session = Session::logged_in(server.port());
    assert_eq!(session.ask("PWD"), "550 Once\r\n");
    assert!(session.ask("CWD /made").starts_with("550 "));
    drop(session);
    let logins = |journal: &[Value]| -> Vec<u64> {
        let logins = journal.iter().filter(|record| record["event"] == "login");
        logins.filter_map(|record| record["connection"].as_u64()).collect()
    };
    until("three logins are written down", || logins(&server.journal()).len() == 3);
    let journal = server.journal();
    assert_eq!(logins(&journal), [1, 2, 3]);
    let sequence = journal.iter().map(|record| record["sequence"].as_u64());
    assert!(sequence.eq((1..).map(Some).take(journal.len())), "{journal:?}");
}

#[test]
fn the_old_rules_are_judged_when_the_new_ones_come() {
    let server = Badftp::with_yaml(&pwd("550 One"));
    save(&server, &pwd("550 Two"));
    said(&server, "badftp: reloaded ", 1);
    let file = server.file("scenario.yaml").display().to_string();
    let verdict = format!(
        "in {file}, before another scenario replaced it:\nunmet: rule 1 at {file}:1: it never fired\n"
    );
    said(&server, &verdict, 1);
    new_session_says(&server);
    save(&server, &pwd("550 Three"));
    said(&server, "badftp: reloaded ", 2);
    said(&server, "pass: 1 of 1 rules fired as they should", 1);
}

#[test]
fn a_port_opens_and_shuts_as_the_new_rules_say() {
    let refuse = "rules: [{when: connect, then: refuse}]\n";
    let server = Badftp::with_yaml(refuse);
    let is_open = || TcpStream::connect(("127.0.0.1", server.port())).is_ok();
    assert!(!is_open());
    save(&server, &pwd("550 One"));
    until("the port opens", is_open);
    assert_eq!(new_session_says(&server), "550 One\r\n");
    save(&server, refuse);
    until("the port shuts", || !is_open());
}

#[test]
fn run_plays_the_scenario_as_it_was_at_the_start() {
    let desk = Desk::with("s.yaml", pwd("550 One"));
    let mut command = desk.command(BADFTP);
    command.args(["run", "s.yaml", "--ready-file", "ready", "--", "sleep", "60"]);
    let mut child = spawn(command.stdin(Stdio::null()));
    let ready = ready(&desk);
    let port = ready["ftp"].as_str().and_then(|ftp| ftp.rsplit_once(':')?.1.parse().ok());
    desk.write("s.yaml", pwd("550 Two"));
    thread::sleep(Duration::from_secs(1));
    let said = Session::logged_in(port.expect("a port")).ask("PWD");
    kill_process(Pid::from_child(&child), Signal::TERM).expect("our own child can be signalled");
    wait(&mut child, PATIENCE);
    assert_eq!(said, "550 One\r\n");
}
