//! A server that clients reach through a map of ports, as that of a container: what it tells them, and how it reaches
//! them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::control::http::{Answer, ask, get};
use crate::ports::Ports;
use crate::run::run;
use crate::session::Session;

fn advertise(server: &Badftp, body: &str) -> Answer {
    ask(server.control(), "PUT", "/advertise", &[], body.as_bytes())
}

/// `127,0,0,1,4,210`
fn told(reply: &str) -> String {
    let inside = reply.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    inside.unwrap_or_else(|| panic!("no address in {reply:?}")).0.to_owned()
}

#[test]
fn twenty_clients_share_one_passive_port() {
    let ports = Ports::claim();
    let server = Badftp::start_with(&["--passive-ports", &ports.first().to_string()]);
    let port = server.port();
    let clients = (0..20).map(|number| {
        thread::spawn(move || {
            let content = format!("content of client {number}\n").repeat(1000 + number);
            let mut session = Session::logged_in(port);
            session.ask("TYPE I");
            for round in 0..5 {
                let name = format!("{number}-{round}");
                let mut data = session.data();
                session.ask(&format!("STOR {name}"));
                data.write_all(content.as_bytes()).expect("the server reads");
                drop(data);
                assert!(session.hear().starts_with("226"));
                let mut data = session.data();
                session.ask(&format!("RETR {name}"));
                let mut read = String::new();
                data.read_to_string(&mut read).expect("the server writes");
                assert!(session.hear().starts_with("226"));
                assert_eq!(read, content);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.join().expect("every client gets what it has stored");
    }
}

#[test]
fn who_waits_for_a_port_in_vain_is_told_why() {
    let ports = Ports::claim();
    let passive = ports.first().to_string();
    let server = Badftp::start_with(&["--passive-ports", &passive]);
    let mut first = Session::logged_in(server.port());
    let mut second = Session::logged_in(server.port());
    assert!(first.ask("EPSV").starts_with("229"));
    let why = format!("port {passive}: announced to other clients, which have not connected");
    assert_eq!(second.ask("PASV"), format!("425 Can't open a passive port: {why}.\r\n"));
    let journal = get(server.control(), "/journal?when=PASV&wait=20s").json();
    assert_eq!(journal["records"][0]["cause"], "badftp", "{journal}");
    first.ask("QUIT");
    assert!(second.ask("EPSV").starts_with("229"));
}

#[test]
fn what_is_advertised_may_change_while_it_runs() {
    let ports = Ports::claim();
    let passive = ports.first().to_string();
    let server = Badftp::start_with(&["--passive-ports", &passive]);
    let mut session = Session::logged_in(server.port());
    let [high, low] = ports.first().to_be_bytes();
    let unmapped = format!("127,0,0,1,{high},{low}");
    assert_eq!(told(&session.ask("PASV")), unmapped);
    let outside = json!({"address": "192.0.2.7", "ports": {&passive: 4660}});
    let answer = advertise(&server, &outside.to_string());
    let expected = json!({"version": 1, "address": "192.0.2.7", "ports": {&passive: 4660}});
    assert_eq!((answer.status, answer.json()), (200, expected.clone()));
    assert_eq!(get(server.control(), "/advertise").json(), expected);
    assert_eq!(told(&session.ask("PASV")), "192,0,2,7,18,52");
    assert_eq!(told(&session.ask("EPSV")), "|||4660|");
    session.ask("QUIT");
    // A scenario that comes later is seen in the same way.
    let answer = ask(server.control(), "PUT", "/scenario", &[], b"ftp/data-425");
    assert_eq!(answer.status, 200);
    let mut session = Session::logged_in(server.port());
    assert_eq!(told(&session.ask("PASV")), "192,0,2,7,18,52");
    assert_eq!(advertise(&server, "{}").status, 200);
    assert_eq!(told(&session.ask("PASV")), unmapped);
}

#[test]
fn a_rules_own_reply_tells_what_is_advertised() {
    let rule = "{rules: [{when: PASV, reply: 227 Here (<host-port>)}, \
                {when: EPSV, reply: 229 Here (|||<port>|)}]}";
    let ports = Ports::claim();
    let passive = ports.first().to_string();
    let server =
        Badftp::start_with(&["--passive-ports", &passive, "--advertise", "192.0.2.7", rule]);
    let outside = json!({"address": "192.0.2.7", "ports": {&passive: 4660}});
    assert_eq!(advertise(&server, &outside.to_string()).status, 200);
    let mut session = Session::logged_in(server.port());
    assert_eq!(session.ask("PASV"), "227 Here (192,0,2,7,18,52)\r\n");
    assert_eq!(session.ask("EPSV"), "229 Here (|||4660|)\r\n");
}

#[test]
fn a_name_is_advertised_by_its_address() {
    let server = Badftp::start_with(&["--advertise", "localhost"]);
    assert!(told(&Session::logged_in(server.port()).ask("PASV")).starts_with("127,0,0,1,"));
    let known = get(server.control(), "/advertise").json();
    assert_eq!(known["address"], "localhost");
}

#[test]
fn known_hosts_names_what_is_advertised() {
    let server = Badftp::sftp(&["--advertise", "127.0.0.1"]);
    let port = server.port();
    let body = format!(r#"{{"address": "localhost", "ports": {{"{port}": 4660}}}}"#);
    assert_eq!(advertise(&server, &body).status, 200);
    let lines = get(server.control(), "/known_hosts").text();
    let hosts = "[localhost]:4660,[127.0.0.1]:4660,[localhost]:4660 ssh-ed25519 ";
    assert!(lines.starts_with(hosts), "{lines}");
}

#[test]
fn what_cannot_be_advertised_is_refused() {
    let server = Badftp::start_with(&[]);
    let refused = |body: &str, why: &str| {
        let answer = advertise(&server, body);
        let error = answer.json();
        assert_eq!(answer.status, 400, "{error}");
        assert!(error["error"].as_str().is_some_and(|error| error.contains(why)), "{error}");
        assert_ne!(error["hint"], Value::Null);
    };
    refused("", "expected a JSON object");
    refused(r#"{"host": "127.0.0.1"}"#, "unknown field `host`, expected `address` or `ports`");
    refused(r#"{"ports": {"0": 1}}"#, "expected");
    refused(r#"{"ports": {"1": 70000}}"#, "70000");
    refused(r#"{"address": "no such host"}"#, "cannot look up the host `no such host`");
}

/// The address that it calls its own is one beyond the map; where it really is, the control connection tells.
#[test]
fn an_active_client_is_reached_where_it_comes_from() {
    let server = Badftp::start_with(&["--advertise", "192.0.2.7"]);
    let mut session = Session::logged_in(server.port());
    for announce in ["PORT 198,51,100,9,{high},{low}", "EPRT |2|2001:db8::9|{port}|"] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let [high, low] = port.to_be_bytes();
        let announce = announce
            .replace("{high}", &high.to_string())
            .replace("{low}", &low.to_string())
            .replace("{port}", &port.to_string());
        let reply = session.ask(&announce);
        assert!(reply.starts_with("200"), "{announce}: {reply}");
        session.say("NLST");
        let (mut data, from) = listener.accept().expect("the server connects");
        assert_eq!(from.ip(), Ipv4Addr::LOCALHOST);
        let mut names = String::new();
        data.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        data.read_to_string(&mut names).expect("the server writes");
        assert_eq!(names, "hello.txt\r\n");
        assert!(session.hear().starts_with("150"));
        assert!(session.hear().starts_with("226"));
    }
    let reply = session.ask("PORT 198,51,100,9,0,22");
    assert!(reply.starts_with("500"), "nobody's own services are reached: {reply}");
}

#[test]
fn a_passive_port_that_is_taken_is_told_at_the_start() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    let desk = Desk::new();
    let mut command = desk.command(env!("CARGO_BIN_EXE_badftp"));
    let shown = run(command.args(["run", "--passive-ports", &port, "--", "true"]));
    assert_eq!(shown.exit, 125, "{shown}");
    let expected = format!("cannot listen on the passive port 127.0.0.1:{port}: ");
    assert!(shown.stderr.contains(&expected), "{shown}");
    assert!(shown.stderr.contains("--passive-ports PORTS"), "{shown}");
}
