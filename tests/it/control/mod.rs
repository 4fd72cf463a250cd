//! The control API over HTTP, with bad input, too.

pub(crate) mod http;

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::run::run;
use crate::session::Session;
use crate::site::Family;
use crate::until::until;

use http::{Answer, ask, get};

const HALF: &str = "files: {/a.txt: hello, /in/: {}}
rules:
  - {when: download, times: 1, reply: 451 Try again}
expect:
  - {when: download, times: 2}
";

/// What is wrong, and what is said to be done about it.
fn refused(answer: &Answer) -> (u16, Value, Value) {
    let body = answer.json();
    assert_eq!(body["version"], 1, "{body}");
    (answer.status, body["error"].clone(), body["hint"].clone())
}

fn downloads(port: u16, count: usize) {
    let mut session = Session::logged_in(port);
    for _ in 0..count {
        let data = session.data();
        let reply = session.ask("RETR a.txt");
        drop(data);
        if reply.starts_with("150") {
            session.hear();
        }
    }
    session.ask("QUIT");
}

#[test]
fn the_journal_is_filtered_by_the_words_of_rules() {
    let server = Badftp::with_yaml(HALF);
    downloads(server.port(), 2);
    let control = server.control();
    let count = |query: &str| {
        let answer = get(control, &format!("/journal{query}"));
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
        answer.json()["records"].as_array().expect("records").len()
    };
    assert_eq!(count("?when=download"), 2);
    assert_eq!(count("?when=RETR&outcome=failed"), 1);
    assert_eq!(count("?when=download&path=/*.txt&user=ann"), 2);
    assert_eq!(count("?when=download&path=/in/*"), 0);
    assert_eq!(count("?when=download&when=login"), 3);
    assert_eq!(count("?when=QUIT&after=download"), 1);
    assert!(count("") > 5);
    let record = &get(control, "/journal?when=download").json()["records"][0];
    assert_eq!(record["rule"]["line"], 3, "{record}");
    assert_eq!(record["answer"], json!(["451 Try again"]));
}

#[test]
fn a_query_with_a_mistake_is_told_it() {
    let control = Badftp::healthy(Family::V4);
    let control = control.control();
    let (status, error, hint) = refused(&get(control, "/journal?path=/a"));
    assert_eq!(
        (status, error, hint),
        (
            400,
            json!("which events? there is no `when`"),
            json!("`when=upload`, `when=STOR`, `when=any`")
        )
    );
    let (status, error, _) = refused(&get(control, "/journal?when=uplaod"));
    assert_eq!(status, 422);
    assert!(error.as_str().is_some_and(|text| text.contains("did you mean `upload`?")), "{error}");
    let (status, error, _) = refused(&get(control, "/journal?when=upload&paht=/a"));
    assert_eq!(status, 422);
    assert!(error.as_str().is_some_and(|text| text.contains("unknown key `paht`")), "{error}");
    let (status, error, _) = refused(&get(control, "/journal?when=upload&wait=5"));
    assert_eq!(status, 400);
    assert!(error.as_str().is_some_and(|text| text.starts_with("`wait=5`: ")), "{error}");
    assert_eq!(refused(&get(control, "/journal?wait=5s")).0, 400);
    assert_eq!(refused(&get(control, "/journal?when=upload&wait=5m")).0, 400);
}

#[test]
fn a_wait_ends_when_it_has_happened() {
    let server = Badftp::with_yaml(HALF);
    let (control, port) = (server.control(), server.port());
    let began = Instant::now();
    let waiting = thread::spawn(move || get(control, "/journal?when=download&outcome=ok&wait=40s"));
    thread::sleep(Duration::from_millis(200));
    assert!(!waiting.is_finished(), "nothing has happened yet");
    downloads(port, 2);
    let answer = waiting.join().expect("it answers").json();
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(
        (&answer["enough"], answer["records"][0]["wire"].as_str()),
        (&json!(true), Some("RETR"))
    );
    let answer = get(control, "/journal?when=download&times=3&wait=100ms").json();
    assert_eq!(
        (&answer["enough"], answer["records"].as_array().map(Vec::len)),
        (&json!(false), Some(2))
    );
}

#[test]
fn the_verdict_is_417_until_everything_is_met() {
    let server = Badftp::with_yaml(HALF);
    let control = server.control();
    let before = get(control, "/verify");
    assert_eq!((before.status, &before.json()["passed"]), (417, &json!(false)));
    let text = get(control, "/verify?format=text");
    assert!(text.status == 417 && text.text().contains("it never happened"), "{text:?}");
    let junit = get(control, "/verify?format=junit");
    assert!(junit.text().contains("failures=\"2\""), "{}", junit.text());
    downloads(server.port(), 2);
    let after = get(control, "/verify");
    assert_eq!((after.status, &after.json()["passed"]), (200, &json!(true)), "{}", after.text());
    assert_eq!(refused(&get(control, "/verify?format=xml")).0, 400);
}

#[test]
fn a_reset_begins_the_scenario_again() {
    let server = Badftp::with_yaml(HALF);
    let control = server.control();
    downloads(server.port(), 2);
    ask(control, "PUT", "/files/in/b", &[], b"new");
    let answer = ask(control, "POST", "/reset", &[], b"");
    assert_eq!((answer.status, &answer.json()["rules"]), (200, &json!(1)));
    assert_eq!(answer.json()["discarded"], "what happened until now gets no verdict");
    assert_eq!(answer.json()["replaced"], Value::Null);
    assert_eq!(get(control, "/journal").json()["records"], json!([]));
    assert_eq!(get(control, "/files/in/b").status, 404);
    assert_eq!(get(control, "/verify").status, 417);
    downloads(server.port(), 2);
    assert_eq!(get(control, "/verify").status, 200);
}

#[test]
fn another_scenario_is_loaded_by_name_or_as_yaml() {
    let server = Badftp::healthy(Family::V4);
    let control = server.control();
    let put = |body: &str| ask(control, "PUT", "/scenario", &[], body.as_bytes());
    let greeting = || {
        let mut session = Session::greeted(server.port());
        session.ask("NOOP")
    };
    let loaded = put("rules: [{when: NOOP, reply: 200 From YAML}]");
    assert_eq!((loaded.status, &loaded.json()["rules"]), (200, &json!(1)), "{}", loaded.text());
    assert_eq!(greeting(), "200 From YAML\r\n");
    assert_eq!(
        get(control, "/journal?when=NOOP").json()["records"].as_array().map(Vec::len),
        Some(1)
    );
    let loaded = put("ftp/data-425");
    assert_eq!(loaded.status, 200, "{}", loaded.text());
    assert!(greeting().starts_with("200"));
    assert_eq!(put("ftp/data-425/bad-ip\n").status, 200);
    // What was before is another run's.
    assert_eq!(get(control, "/journal").json()["records"], json!([]));
}

#[test]
fn what_is_replaced_is_judged_and_told() {
    let server = Badftp::with_yaml(HALF);
    let control = server.control();
    let own = server.file("scenario.yaml").display().to_string();
    let put = |body: &str| ask(control, "PUT", "/scenario", &[], body.as_bytes());
    downloads(server.port(), 1);
    let answer = put("name: next\nexpect: [{when: login}]").json();
    assert_eq!((&answer["name"], &answer["rules"]), (&json!("next"), &json!(0)));
    let replaced = &answer["replaced"];
    assert_eq!(replaced["scenario"], own);
    assert_eq!(replaced["verdict"]["passed"], false, "{replaced}");
    assert_eq!(replaced["verdict"]["findings"][0]["got"], "it happened once", "{replaced}");
    let junit = get(control, "/verify?format=junit").text();
    assert!(junit.contains("<testsuite name=\"next\""), "{junit}");

    downloads(server.port(), 1);
    let answer = ask(control, "DELETE", "/scenario", &[], b"");
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    assert_eq!((&answer["name"], &answer["rules"]), (&json!("healthy"), &json!(0)));
    assert_eq!(answer["replaced"]["scenario"], "next");
    assert_eq!(answer["replaced"]["verdict"]["passed"], true, "{answer}");
    assert_eq!(get(control, "/verify").json()["findings"], json!([]));
    assert!(Session::greeted(server.port()).ask("NOOP").starts_with("200"));

    let answer = put("ftp/data-425/bad-ip\n").json();
    assert_eq!(
        (&answer["name"], &answer["replaced"]["scenario"]),
        (&json!("ftp/data-425/bad-ip"), &json!("healthy"))
    );
    let verdict =
        format!("in {own}, before another scenario replaced it:\nunmet: expectation 1 at ");
    until("serve prints it", || server.log().contains(&verdict));
    assert!(!server.log().contains("in healthy"), "nothing was asked of it: {}", server.log());
}

/// A client may have its answer before the server has written down that it was given.
#[test]
fn what_the_client_has_just_done_counts_for_the_scenario_that_is_replaced() {
    let server = Badftp::healthy(Family::V4);
    let put = |body: &str| ask(server.control(), "PUT", "/scenario", &[], body.as_bytes());
    put("name: s0\nexpect: [{when: NOOP}]");
    for number in 1..20 {
        assert!(Session::greeted(server.port()).ask("NOOP").starts_with("200"));
        let answer = put(&format!("name: s{number}\nexpect: [{{when: NOOP}}]")).json();
        assert_eq!(answer["replaced"]["scenario"], format!("s{}", number - 1));
        assert_eq!(answer["replaced"]["verdict"]["passed"], true, "{number}: {answer}");
    }
}

#[test]
fn an_exit_is_not_judged_where_no_command_is_run() {
    let mut server = Badftp::with_yaml("expect: [{exit: nonzero}, {when: upload, times: 0}]");
    let verify = |format: &str| get(server.control(), &format!("/verify{format}"));
    let json = verify("").json();
    assert_eq!((&json["passed"], &json["findings"][0]["grade"]), (&json!(true), &json!("skipped")));
    let got = "not judged here: no command has ended in this scenario";
    assert_eq!(json["findings"][0]["got"], got);
    let (junit, text) = (verify("?format=junit").text(), verify("?format=text").text());
    assert!(junit.contains("skipped=\"1\" errors=\"0\" failures=\"0\""), "{junit}");
    assert!(junit.contains(&format!("<skipped message=\"{got}\"/>")), "{junit}");
    assert!(
        text.contains(got)
            && text.ends_with("pass: 1 of 1 expectations met, 1 expectation skipped\n"),
        "{text}"
    );
    server.end_by(Signal::TERM, Duration::from_secs(5)).expect("it should have ended");
    assert!(server.log().contains(got), "{}", server.log());
}

#[test]
fn a_scenario_with_mistakes_is_refused_and_the_old_one_stays() {
    let server = Badftp::with_yaml("rules: [{when: NOOP, reply: 200 Still here}]");
    let control = server.control();
    let put = |body: &[u8]| ask(control, "PUT", "/scenario", &[], body);
    let answer =
        put(b"rules:\n  - {when: NOOP, repyl: 200 Hm}\n  - {when: uplaod, reply: 451 No}\n");
    let body = answer.json();
    assert_eq!(answer.status, 422);
    let problems = body["problems"].as_array().expect("each of them");
    assert_eq!(problems.len(), 2, "{body}");
    assert_eq!((&problems[1]["line"], &problems[1]["column"]), (&json!(3), &json!(12)));
    assert_eq!(refused(&put(b"")).0, 400);
    let (status, error, hint) = refused(&put(b"ftp/data-42"));
    assert_eq!((status, error), (404, json!("no scenario is called `ftp/data-42`")));
    assert!(hint.as_str().is_some_and(|hint| hint.contains("did you mean `ftp/data-42")), "{hint}");
    for path in ["/etc/passwd", "../../etc/passwd", "scenario.yaml"] {
        assert_eq!(refused(&put(path.as_bytes())).0, 404, "{path}");
    }
    assert_eq!(refused(&put(b"files: {/a: {from: /etc/passwd}}")).0, 422);
    assert_eq!(put(b"\xFF\xFE").status, 400);
    let too_much = vec![b'#'; 65 << 20];
    assert_eq!(put(&too_much).status, 413);
    assert_eq!(Session::greeted(server.port()).ask("NOOP"), "200 Still here\r\n");
}

#[test]
fn stored_files_are_read_put_and_removed() {
    let server = Badftp::with_yaml("files: {/a.txt: hello, '/b c/é.bin': {size: 5MiB}}");
    let control = server.control();
    let listing = get(control, "/files").json();
    assert_eq!(
        listing["files"],
        json!([{"path": "/a.txt", "size": 5}, {"path": "/b c/é.bin", "size": 5 << 20}])
    );
    assert_eq!(get(control, "/files/a.txt").text(), "hello");
    let big = get(control, "/files/b%20c/%C3%A9.bin");
    assert_eq!(big.body.len(), 5 << 20);
    let digest = |bytes: &[u8]| format!("{:x?}", Sha256::digest(bytes));
    let sent = vec![b'x'; 3 << 20];
    assert_eq!(ask(control, "PUT", "/files/new/deep/x", &[], &sent).status, 204);
    assert_eq!(digest(&get(control, "/files/new/deep/x").body), digest(&sent));
    let mut session = Session::logged_in(server.port());
    assert_eq!(session.ask("SIZE /new/deep/x"), format!("213 {}\r\n", 3 << 20));
    assert!(session.ask("DELE /new/deep/x").starts_with("250"), "it is the user's, too");
    assert_eq!(ask(control, "DELETE", "/files/a.txt", &[], b"").status, 204);
    let (status, error, _) = refused(&get(control, "/files/a.txt"));
    assert_eq!((status, error), (404, json!("/a.txt: no such file or directory")));
    assert_eq!(refused(&ask(control, "DELETE", "/files/new", &[], b"")).0, 409);
    assert_eq!(refused(&ask(control, "PUT", "/files/b%20c", &[], b"x")).0, 409);
    assert_eq!(refused(&ask(control, "PUT", "/files/b%20c/%C3%A9.bin/x", &[], b"x")).0, 409);
}

#[test]
fn what_a_client_has_to_trust_and_may_show_is_given() {
    let server = Badftp::sftp(&[]);
    let control = server.control();
    for (path, begins) in [
        ("/ca.pem", "-----BEGIN CERTIFICATE-----"),
        ("/client.pem", "-----BEGIN CERTIFICATE-----"),
        ("/client.key", "-----BEGIN PRIVATE KEY-----"),
        ("/identity", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        ("/identity.pub", "ssh-ed25519 "),
        ("/known_hosts", &format!("[127.0.0.1]:{}", server.port())),
    ] {
        let answer = get(control, path);
        assert!(answer.status == 200 && answer.text().starts_with(begins), "{path}: {answer:?}");
    }
    let without = Badftp::healthy(Family::V4);
    assert_eq!(refused(&get(without.control(), "/known_hosts")).0, 404);
}

#[test]
fn other_paths_and_methods_are_told_what_there_is() {
    let server = Badftp::healthy(Family::V4);
    let (status, error, hint) = refused(&get(server.control(), "/nowhere"));
    assert_eq!((status, error), (404, json!("there is no /nowhere here")));
    assert!(hint.as_str().is_some_and(|hint| hint.contains("/verify")), "{hint}");
    for (method, path) in [("DELETE", "/health"), ("GET", "/reset"), ("POST", "/scenario")] {
        let answer = ask(server.control(), method, path, &[], b"");
        assert_eq!(refused(&answer).0, 405, "{method} {path}");
    }
}

#[test]
fn a_web_page_may_not_ask() {
    let server = Badftp::healthy(Family::V4);
    let answer = ask(server.control(), "POST", "/reset", &["Origin: http://example.org"], b"");
    assert_eq!(refused(&answer).0, 403);
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    let server = Badftp::with_environment("BADFTP_CONTROL_TOKEN", "open sesame");
    let journal = |headers: &[&str]| ask(server.control(), "GET", "/journal", headers, b"").status;
    assert_eq!(journal(&[]), 401);
    assert_eq!(journal(&["Authorization: Bearer wrong"]), 401);
    assert_eq!(journal(&["Authorization: Bearer open sesame"]), 200);
    assert_eq!(get(server.control(), "/health").status, 200);
}

#[test]
fn a_listener_that_can_be_reached_from_elsewhere_tells_its_health_alone() {
    let reached = |arguments: &[&str]| {
        let server = Badftp::start_with(&[&["--control", "0.0.0.0:0"], arguments].concat());
        let at = SocketAddr::from(([127, 0, 0, 1], server.control().port()));
        assert_eq!(get(at, "/health").status, 200);
        (get(at, "/journal"), server)
    };
    let (answer, server) = reached(&[]);
    let (status, error, hint) = refused(&answer);
    assert_eq!(status, 401);
    assert_eq!(error, "the server was started without a token: only /health is told");
    assert!(hint.as_str().is_some_and(|hint| hint.contains("BADFTP_CONTROL_TOKEN")), "{hint}");
    assert!(server.log().contains("can be reached from elsewhere"), "{}", server.log());
    let (answer, _server) = reached(&["--control-token", "none"]);
    assert_eq!(answer.status, 200);
    let (answer, _server) = reached(&["--control-token", "sesame"]);
    assert_eq!(refused(&answer).1, "a token is needed");
}

#[test]
fn an_empty_token_is_a_mistake() {
    let desk = Desk::new();
    let mut command = desk.command(env!("CARGO_BIN_EXE_badftp"));
    let shown = run(command.args(["run", "--control-token", "", "--", "true"]));
    assert_eq!(shown.exit, 2, "{shown}");
}

/// A client that never says anything takes a place for a while, and no more.
#[test]
fn silent_clients_do_not_keep_others_out() {
    let server = Badftp::healthy(Family::V4);
    let at: SocketAddr = server.control();
    let silent: Vec<_> = (0..60).map(|_| std::net::TcpStream::connect(at)).collect();
    assert_eq!(get(at, "/health").status, 200);
    drop(silent);
}
