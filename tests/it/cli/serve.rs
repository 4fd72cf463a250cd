//! `badftp serve`: what it says when it begins, and the file that says it has begun.

use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{BADFTP, badftp};
use crate::clients::Desk;
use crate::run::{Shown, run};
use crate::site::Family;

/// Serves until the ready file is there, and shows all that was said until then, with the port by its name.
fn serve(desk: &Desk, arguments: &str) -> Shown {
    let line = format!(
        "{BADFTP} serve --ftps off --sftp off --control off --ready-file ready {arguments} & until [ -e ready ]; do sleep 0.01; done; kill $!; wait $!"
    );
    let shown = run(desk.command("sh").args(["-c", &line]));
    let port = ready(desk)["ftp"].as_str().and_then(|ftp| Some(ftp.rsplit_once(':')?.1.to_owned()));
    Shown { stderr: shown.stderr.replace(&port.unwrap_or_default(), "PORT"), ..shown }
}

fn ready(desk: &Desk) -> Value {
    serde_json::from_slice(&desk.read("ready")).expect("the ready file is JSON")
}

#[test]
fn it_says_where_it_is_and_who_may_log_in() {
    assert_snapshot!(serve(&Desk::new(), "ftp/data-425/bad-ip --ftp :0"), @r#"
    exit 0
    --- stdout

    --- stderr
    badftp 0.1.0 serves The data connection comes from another address than the control connection, as behind a carrier's NAT.
      ftp://127.0.0.1:PORT  (user badftp, password badftp)
    Ctrl-C ends it.
    unmet: rule 1 at ftp/data-425:17: it never fired
      expected fires 1+ times: {when: [list, download, upload, append], reply: "425 Security: Bad IP connecting."}
      nearest  nothing happened at all

    fail: 0 of 1 rules fired as they should

    ---
    "#);
    assert_snapshot!(serve(&Desk::with("s.yaml", "users: {ann: secret}\n"), "s.yaml --ftp [::1]:0"), @r"
    exit 0
    --- stdout

    --- stderr
    badftp 0.1.0 serves a healthy server
      ftp://[::1]:PORT  (user ann, password secret)
    Ctrl-C ends it.

    ---
    ");
}

/// What OpenSSH shows of a host that it does not know.
#[test]
fn it_says_which_host_key_it_has() {
    let shown = run(Desk::new().command("sh").args([
        "-c",
        &format!("timeout 2 {BADFTP} serve --ftp off --ftps off --control off --sftp 127.0.0.1:0"),
    ]));
    assert!(shown.stderr.contains(", host key SHA256:"), "{shown}");
}

#[test]
fn quiet_says_nothing_but_what_is_wrong() {
    assert_snapshot!(serve(&Desk::new(), "--quiet --ftp :0"), @r"
    exit 0
    --- stdout

    --- stderr

    ---
    ");
    let doubtful = Desk::with("s.yaml", "rules: [{when: PWD, times: 0, reply: 550 No}]\n");
    assert_snapshot!(serve(&doubtful, "s.yaml --quiet --ftp :0"), @r"
    exit 0
    --- stdout

    --- stderr
    warning: this rule can never act
     --> s.yaml:1:28
      |
    1 | rules: [{when: PWD, times: 0, reply: 550 No}]
      |                            ^ no times at all
      |
      = help: leave the rule out, or give it at least `times: 1`

    ---
    ");
}

#[test]
fn the_ready_file_has_its_version_and_an_address_for_each_listener() {
    let desk = Desk::with("healthy.yaml", "rules: []\n");
    let command = ["run", "healthy.yaml", "--ready-file", "ready", "--"];
    let script = r#"[ "$(cat ready)" ] && echo $BADFTP_FTP_PORT"#;
    let port = badftp(&desk, &[&command[..], &["sh", "-c", script]].concat()).ok();
    let address = format!("127.0.0.1:{}", port.trim_end());
    let ready_file = ready(&desk);
    assert_eq!(ready_file["ftp"], address);
    assert_eq!(ready_file["version"], 1);
    let keys: Vec<_> = ready_file.as_object().into_iter().flatten().map(|(key, _)| key).collect();
    assert_eq!(keys, ["control", "ftp", "ftps", "sftp", "version"]);
    let desk = Desk::new();
    serve(&desk, "--quiet --ftp off");
    assert_eq!(ready(&desk), json!({"version": 1}));
}

/// Who waits for the file would take an old one for ours, and go to a port that is somebody else's by now.
#[test]
fn an_old_ready_file_is_gone_before_anything_can_fail() {
    let busy = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address = busy.local_addr().expect("a bound socket has an address").to_string();
    let desk = Desk::with("ready", r#"{"version":1,"ftp":"127.0.0.1:1"}"#);
    let shown = badftp(
        &desk,
        &["serve", "--ftps", "off", "--sftp", "off", "--ready-file", "ready", "--ftp", &address],
    );
    assert_eq!(shown.exit, 125, "{shown}");
    assert!(!desk.path("ready").exists(), "the file of an earlier run is still there");
}

#[test]
fn a_busy_port_is_an_error_that_names_the_flag() {
    let busy = TcpListener::bind(Family::V4.any_port()).expect("a loopback port can be bound");
    let address = busy.local_addr().expect("a bound socket has an address").to_string();
    let shown =
        badftp(&Desk::new(), &["serve", "--ftps", "off", "--sftp", "off", "--ftp", &address]);
    assert_snapshot!(shown.to_string().replace(&address, "ADDRESS"), @r"
    exit 125
    --- stdout

    --- stderr
    error: cannot listen on `--ftp ADDRESS`: Address already in use (os error 98)

    hint: choose another port with `--ftp ADDRESS`, or any free one with `--ftp 127.0.0.1:0`

    ---
    ");
}
