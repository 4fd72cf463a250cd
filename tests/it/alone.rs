//! What can be tested with nothing but the binary.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use crate::badftp::Badftp;
use crate::run::run;
use crate::site::Family;

/// Says these lines, and hands back the last line of each reply, the greeting's first.
fn conversation(port: u16, commands: &[&str]) -> Vec<String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    let mut replies = BufReader::new(&stream).lines();
    let mut last_line = || loop {
        let line = replies.next().expect("a reply should come").expect("a reply is text");
        if line.as_bytes().get(3) == Some(&b' ') {
            return line;
        }
    };
    let mut said = vec![last_line()];
    for command in commands {
        (&stream).write_all(format!("{command}\r\n").as_bytes()).expect("the server reads");
        said.push(last_line());
    }
    said
}

#[test]
fn the_healthy_server_lets_anybody_in() {
    let badftp = Badftp::healthy(Family::V4);
    let said = conversation(
        badftp.port(),
        &["USER piggy", "PASS frog", "PWD", "TYPE I", "SIZE /hello.txt", "QUIT"],
    );
    let codes: Vec<&str> = said.iter().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["220", "331", "230", "257", "200", "213", "221"], "{said:?}");
}

#[test]
fn a_scenario_in_a_file_is_played() {
    let badftp = Badftp::with_yaml("rules:\n  - {when: PWD, reply: 550 Nowhere}\n");
    let said = conversation(badftp.port(), &["USER piggy", "PASS frog", "PWD", "NOOP"]);
    assert_eq!(said[3], "550 Nowhere");
    assert!(said[4].starts_with("200 "), "{said:?}");
}

#[test]
fn the_journal_tells_what_happened() {
    let badftp = Badftp::healthy(Family::V4);
    conversation(badftp.port(), &["USER piggy", "PASS frog", "MKD /made-by-a-test", "QUIT"]);
    let journal = badftp.journal();
    assert!(journal.iter().all(serde_json::Value::is_object), "{journal:?}");
    let told = journal.iter().any(|line| line.to_string().contains("/made-by-a-test"));
    assert!(told, "MKD is missing in {journal:?}");
}

#[test]
fn a_busy_port_is_an_error_that_names_the_flag() {
    let busy = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address = busy.local_addr().expect("a bound socket has an address").to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_badftp"));
    command.args([
        "serve",
        "--ftps",
        "off",
        "--sftp",
        "off",
        "--control",
        "off",
        "--ftp",
        &address,
    ]);
    let shown = run(&mut command).failed();
    assert_eq!(shown.exit, 125, "{shown}");
    assert!(shown.stderr.contains("--ftp"), "{shown}");
}
