//! `badftp health`, and the control listener that it asks.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{BADFTP, badftp, ready};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::ports::Ports;
use crate::run::{Shown, end, run, spawn};
use crate::session::Session;
use crate::site::Family;
use crate::until::until;

fn health(control: SocketAddr) -> Shown {
    badftp(&Desk::new(), &["health", "--control", &control.to_string()])
}

/// The status line and the body of an answer whose length is told.
fn ask(stream: &mut TcpStream, request: &str) -> (String, Value) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit can be set");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head should come");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head is text");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body).expect("a body should come");
    let status = head.lines().next().unwrap_or_default().to_owned();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn get(control: SocketAddr, path: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(control).expect("the control listener is there");
    ask(&mut stream, &format!("GET {path} HTTP/1.1\r\nHost: badftp\r\n\r\n"))
}

/// Somebody else on a port: says this to whoever comes, as soon as anything was said.
fn stranger(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address = listener.local_addr().expect("a bound socket has an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody comes");
        let mut said = [0; 1024];
        let _ = stream.read(&mut said);
        let _ = stream.write_all(answer.as_bytes());
    });
    address
}

#[test]
fn a_healthy_server_exits_0_and_names_its_listeners() {
    let server = Badftp::healthy(Family::V4);
    let shown = health(server.control());
    assert_eq!(shown.stdout, format!("healthy: ftp on 127.0.0.1:{}\n", server.port()));
    assert_eq!((shown.exit, shown.stderr.as_str()), (0, ""));
}

#[test]
fn a_listener_of_tls_is_probed_over_tls() {
    let badftp = Badftp::healthy_ftps(Family::V4);
    let shown = health(badftp.control()).ok();
    assert_eq!(shown, format!("healthy: ftps on {}\n", badftp.site().address));
}

#[test]
fn health_works_over_ipv6() {
    let server = Badftp::healthy(Family::V6);
    assert_eq!(health(server.control()).ok(), format!("healthy: ftp on [::1]:{}\n", server.port()));
}

#[test]
fn the_answer_is_a_json_object_with_a_version() {
    let server = Badftp::healthy(Family::V4);
    let (status, body) = get(server.control(), "/health");
    assert_eq!(status, "HTTP/1.1 200 OK");
    let ftp = format!("127.0.0.1:{}", server.port());
    assert_eq!(body, json!({"version": 1, "status": "ok", "listeners": {"ftp": ftp}}));
}

#[test]
fn a_head_without_end_is_refused() {
    let server = Badftp::healthy(Family::V4);
    let mut stream = TcpStream::connect(server.control()).expect("the control listener is there");
    let head = format!("GET /health HTTP/1.1\r\nHost: {}", "x".repeat(64 * 1024));
    let (status, _) = ask(&mut stream, &head);
    assert_eq!(status, "HTTP/1.1 431 Request Header Fields Too Large");
    health(server.control()).ok();
}

#[test]
fn rules_counts_and_journal_know_nothing_of_it() {
    let server = Badftp::with_yaml(
        "rules:
  - {when: connect, times: 1, reply: 421 Not you, then: close}
  - {when: login, times: 1, reply: 530 Not you}
",
    );
    for _ in 0..3 {
        health(server.control()).ok();
    }
    assert_eq!(server.journal(), [] as [Value; 0]);
    let mut turned_away = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
    let mut said = String::new();
    turned_away.read_to_string(&mut said).expect("the server says why");
    assert_eq!(said, "421 Not you\r\n");
    let mut session = Session::greeted(server.port());
    session.ask("USER ann");
    assert_eq!(session.ask("PASS x"), "530 Not you\r\n");
}

#[test]
fn a_port_that_a_rule_shuts_is_as_it_should_be() {
    let server = Badftp::with_yaml("rules: [{when: connect, then: refuse}]\n");
    TcpStream::connect(("127.0.0.1", server.port())).expect_err("the rule refuses");
    health(server.control()).ok();
}

/// Its own probe needs a descriptor, as each client does, and there is none left.
#[test]
fn a_server_that_cannot_answer_anybody_says_so_with_503() {
    let desk = Desk::new();
    let line = format!(
        "ulimit -n 40; exec {BADFTP} serve --quiet --ftp :0 --ftps off --sftp off --control :0 --ready-file ready"
    );
    let mut child = spawn(desk.command("sh").args(["-c", &line]));
    let ready = ready(&desk);
    let connect = |listener: &str| {
        TcpStream::connect(ready[listener].as_str().expect("an address")).expect("it listens")
    };
    let mut control = connect("control");
    let request = "GET /health HTTP/1.1\r\nHost: badftp\r\n\r\n";
    assert_eq!(ask(&mut control, request).0, "HTTP/1.1 200 OK");
    let clients: Vec<TcpStream> = (0..60).map(|_| connect("ftp")).collect();
    let descriptors = format!("/proc/{}/fd", child.id());
    until("no descriptor is left", || {
        fs::read_dir(&descriptors).is_ok_and(|all| all.count() >= 40)
    });
    let (status, body) = ask(&mut control, request);
    drop(clients);
    end(&mut child);
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable", "{body}");
    assert_eq!(body["status"], "failing");
    let error = body["error"].as_str().unwrap_or_default();
    assert!(error.starts_with("the ftp listener on 127.0.0.1:"), "{error}");
    // Its own connection may have got the last one, and then nobody accepts it.
    let reasons = ["Too many open files (os error 24)", "timed out"];
    assert!(reasons.iter().any(|reason| error.ends_with(reason)), "{error}");
}

#[test]
fn an_unhealthy_server_exits_1_with_its_reason() {
    let answer = "HTTP/1.1 503 Service Unavailable\r\n\r\n\
                  {\"version\":1,\"status\":\"failing\",\"error\":\"the ftp listener is in pieces\"}";
    let shown = health(stranger(answer));
    assert_eq!(shown.exit, 1);
    assert_eq!(shown.stderr, "unhealthy: the ftp listener is in pieces\n");
}

#[test]
fn whoever_is_no_badftp_is_unhealthy() {
    let other = stranger("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    let shown = health(other);
    let expected =
        format!("unhealthy: what answers at http://{other}/health is no badftp: 200 OK\n");
    assert_eq!((shown.exit, shown.stderr), (1, expected));
    let ftp = stranger("220 ready\r\n");
    let shown = health(ftp);
    assert_eq!(shown.exit, 1);
    let expected = format!("unhealthy: no answer from http://{ftp}/health: ");
    assert!(shown.stderr.starts_with(&expected), "{shown}");
}

#[test]
fn nobody_there_is_unhealthy() {
    let nobody = Ports::claim();
    let address = nobody.address(Family::V4);
    let shown = health(address);
    assert_eq!(shown.exit, 1);
    assert_eq!(
        shown.stderr,
        format!(
            "unhealthy: no answer from http://{address}/health: Connection refused (os error 111); \
             is `badftp serve` running there?\n"
        )
    );
}

#[test]
fn the_ready_file_or_the_environment_say_where_to_ask() {
    let server = Badftp::healthy(Family::V4);
    let ready = server.file("ready").to_string_lossy().into_owned();
    let desk = Desk::new();
    badftp(&desk, &["health", "--ready-file", &ready]).ok();
    let url = format!("http://{}", server.control());
    run(desk.command(BADFTP).arg("health").env("BADFTP_CONTROL_URL", url)).ok();
    let shown = badftp(&desk, &["health", "--ready-file", "nowhere"]);
    assert_eq!(shown.exit, 1);
    assert!(shown.stderr.contains("no ready file nowhere, so no server is ready yet"), "{shown}");
    let shown = run(desk.command(BADFTP).arg("health").env("BADFTP_CONTROL_URL", "nowhere"));
    assert_eq!(shown.exit, 2);
    assert!(shown.stderr.contains("BADFTP_CONTROL_URL=`nowhere`: expected an address"), "{shown}");
}

#[test]
fn the_command_of_run_can_ask() {
    let shown = badftp(&Desk::new(), &["run", "ftp/normal-session", "--", BADFTP, "health"]);
    assert!(shown.clone().ok().starts_with("healthy: ftp on 127.0.0.1:"), "{shown}");
}

#[test]
fn a_busy_control_port_is_an_error_that_names_the_flag() {
    let busy = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address = busy.local_addr().expect("a bound socket has an address").to_string();
    let shown = badftp(
        &Desk::new(),
        &["serve", "--ftp", ":0", "--ftps", "off", "--sftp", "off", "--control", &address],
    );
    assert_eq!(shown.exit, 125);
    let expected = format!(
        "error: cannot listen on `--control {address}`: Address already in use (os error 98)\n\n\
         hint: choose another port with `--control ADDRESS`, or any free one with `--control 127.0.0.1:0`\n"
    );
    assert_eq!(shown.stderr, expected);
}
