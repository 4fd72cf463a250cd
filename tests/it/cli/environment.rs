//! Flags as variables of the environment, for containers.

use std::process::Stdio;

use serde_json::Value;

use super::{BADFTP, badftp};
use crate::badftp::Badftp;
use crate::clients::Desk;
use crate::ports::Ports;
use crate::run::{Shown, end, run, spawn};
use crate::site::Family;
use crate::until::until;

/// `badftp run` with these variables, for a command that asks nothing.
fn told(variables: &[(&str, &str)], arguments: &[&str]) -> Shown {
    let desk = Desk::new();
    let mut command = desk.command(BADFTP);
    run(command.envs(variables.iter().copied()).arg("run").args(arguments).args(["--", "true"]))
}

#[test]
fn every_flag_has_a_variable() {
    for command in ["serve", "run"] {
        let help = badftp(&Desk::new(), &[command, "--help"]).ok();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, options) = help.split_once("Options:").expect("help has options");
        let flags: Vec<&str> = options.split(" --").skip(1).collect();
        assert!(flags.len() > 10, "{help}");
        for flag in flags {
            let name = flag.split([' ', ',']).next().unwrap_or_default();
            let variable = format!("[env: BADFTP_{}", name.to_uppercase().replace('-', "_"));
            assert!(name == "help" || flag.contains(&variable), "{command} --{flag}");
        }
    }
}

#[test]
fn a_variable_is_a_flag_that_a_typed_one_goes_before() {
    let wrong = told(&[("BADFTP_MAX_HOLD", "soon")], &[]);
    assert_eq!(wrong.exit, 2, "{wrong}");
    assert!(wrong.stderr.contains("--max-hold"), "{wrong}");
    assert_eq!(told(&[("BADFTP_MAX_HOLD", "soon")], &["--max-hold", "1s"]).exit, 0);
}

#[test]
fn a_variable_that_is_set_to_nothing_says_nothing() {
    let empty = ["BADFTP_FTP", "BADFTP_SEED", "BADFTP_ADVERTISE", "BADFTP_VERBOSE"];
    let shown = told(&empty.map(|name| (name, "")), &[]);
    assert_eq!((shown.exit, shown.stderr.as_str()), (0, ""), "{shown}");
}

#[test]
fn a_switch_is_a_word_for_yes_or_no() {
    for (word, is_on) in [("1", true), ("true", true), ("yes", true), ("0", false), ("no", false)] {
        let badftp = Badftp::with_environment("BADFTP_QUIET", word);
        if is_on {
            assert_eq!(badftp.log(), "", "{word}");
        } else {
            // The server may be ready before it has said so.
            until(format!("`{word}` lets it say something"), || !badftp.log().is_empty());
        }
    }
}

#[test]
fn a_scenario_may_be_named_or_written_in_a_variable() {
    for scenario in ["ftp/data-425", "rules:\n  - {when: PWD, reply: 550 No}\n", "{rules: []}"] {
        Badftp::with_environment("BADFTP_SCENARIO", scenario);
    }
    let shown = run(Desk::new().command(BADFTP).env("BADFTP_SCENARIO", "rules: 1\n").arg("serve"));
    assert_eq!(shown.exit, 2, "{shown}");
    assert!(shown.stderr.contains("--> inline:1:8"), "{shown}");
    let shown = run(Desk::new().command(BADFTP).args(["serve", "{rules: 1}"]));
    assert!(shown.stderr.contains("--> inline:1:9"), "{shown}");
}

#[test]
fn the_journal_may_go_to_standard_output() {
    let scenario = "{rules: [{when: connect, reply: 421 Busy, then: close}]}";
    let desk = Desk::new();
    let line = r#"curl -s "$BADFTP_FTP_URL/" >/dev/null || true"#;
    let mut command = desk.command(BADFTP);
    let shown = run(command.args(["run", scenario, "--journal", "-", "--", "sh", "-c", line]));
    let mut events = shown.ok();
    events.retain(|byte| byte != '\r');
    let records: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert_eq!(records[0]["event"], "connect", "{records:?}");
    assert!(!desk.path("-").exists());
}

#[test]
fn health_asks_where_the_variable_of_serve_says() {
    let server = Badftp::healthy(Family::V4);
    let health = |control: &str| {
        let desk = Desk::new();
        run(desk.command(BADFTP).env("BADFTP_CONTROL", control).arg("health"))
    };
    let port = server.control().port();
    let shown = health(&format!("127.0.0.1:{port}"));
    assert_eq!(shown.exit, 0, "{shown}");
    let ports = Ports::claim();
    let control = format!("*:{}", ports.first());
    let mut everywhere = spawn(
        Desk::new()
            .command(BADFTP)
            .args(["serve", "--ftp", "0", "--ftps", "off", "--sftp", "off", "--control", &control])
            .stderr(Stdio::null()),
    );
    until("what listens everywhere is asked on loopback", || health(&control).exit == 0);
    end(&mut everywhere);
    let shown = health("off");
    assert_eq!(shown.exit, 1, "{shown}");
    assert!(shown.stderr.contains("BADFTP_CONTROL=off"), "{shown}");
    let shown = health("somewhere");
    assert_eq!(shown.exit, 2, "{shown}");
    // One that is set to nothing says nothing.
    let shown = health("");
    assert!(shown.exit != 2 && !shown.stderr.contains("BADFTP_CONTROL"), "{shown}");
    let variables = [("BADFTP_CONTROL_URL", ""), ("BADFTP_CONTROL", "off")];
    let shown = run(Desk::new().command(BADFTP).envs(variables).arg("health"));
    assert!(shown.stderr.contains("BADFTP_CONTROL=off"), "{shown}");
}
