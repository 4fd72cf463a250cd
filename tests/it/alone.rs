//! What can be tested with nothing but the binary.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::badftp::Badftp;
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
