//! What right scenarios mean to the engine and the protocols.

use std::time::Duration;

use super::{message, scenario};
use crate::engine::{
    Answer, At, Delay, Ending, Keep, Limit, Part, Per, Protocol, Rule, Step, Template, When,
};
use crate::files::{Account, Files, INITIAL_TIME, Limits, Path};
use crate::ftp::{
    Charset, Crlf, Dots, Fact, Interrupting, Listing, Login, Mdtm, Restart, TrailingSlash,
};
use crate::run::Accounts;
use crate::tls::CloseNotify;

/// The only rule of a scenario of one rule.
fn rule(text: &str) -> Rule {
    scenario(&format!("rules:\n  - {text}\n")).rules.remove(0)
}

fn said(answer: Option<&Answer>) -> Vec<String> {
    let Some(Answer::Steps(steps)) = answer else {
        return vec![format!("{answer:?}")];
    };
    let text = |step: &Step| match step {
        Step::Say(text) => String::from_utf8_lossy(&text.render(|_, _| ())).into_owned(),
        Step::Pause(pause) => format!("{pause:?}"),
    };
    steps.iter().map(text).collect()
}

#[test]
fn the_page_s_first_example_is_read() {
    let rule = rule(
        "{when: upload, per: path, times: 1, at: 64KiB, reply: 426 Connection closed; transfer aborted, status: 4 Failure}",
    );
    assert_eq!(rule.origin.to_string(), "s.yaml:2");
    assert_eq!(rule.pattern.when, [When::Operation(crate::engine::Operation::Upload)]);
    assert_eq!((rule.count.per, rule.count.times), (Per::Path, Some(1)));
    assert_eq!(rule.action().at, Some(At::Bytes(64 << 10)));
    assert_eq!(said(rule.action().reply.as_ref()), ["426 Connection closed; transfer aborted"]);
}

#[test]
fn a_rule_without_anything_is_the_default_everywhere() {
    let rule = rule("{when: PWD, delay: 1s}");
    assert_eq!(rule.count, crate::engine::Count::default());
    assert_eq!(rule.action().delay, Some(Delay::Fixed(Duration::from_secs(1))));
    assert!(rule.pattern.users.is_empty() && rule.pattern.states.is_empty());
}

#[test]
fn a_reply_alone_holds_only_in_ftp() {
    let ftp = [Protocol::Ftp, Protocol::Ftps];
    assert_eq!(rule("{when: upload, reply: 550 No}").pattern.protocols, ftp);
    assert_eq!(rule("{when: upload, reply: 550 No, status: 4 No}").pattern.protocols, []);
    assert_eq!(rule("{when: upload, then: reset}").pattern.protocols, []);
    assert_eq!(rule("{when: STOR, then: reset}").pattern.protocols, ftp);
    assert_eq!(
        rule("{when: upload, protocol: ftp, reply: 550 No}").pattern.protocols,
        [Protocol::Ftp]
    );
}

#[test]
fn replies_are_lines_and_pauses() {
    assert_eq!(said(rule("{when: PWD, reply: 550}").action().reply.as_ref()), ["550"]);
    assert_eq!(rule("{when: PWD, reply: none}").action().reply, Some(Answer::Silence));
    let list = rule("{when: connect, reply: [120 Ready soon, 5s, 220 Ready]}");
    assert_eq!(said(list.action().reply.as_ref()), ["120 Ready soon", "5s", "220 Ready"]);
    let block = rule("when: FEAT\n    reply: |\n      211-Features\n       SIZE\n      211 End");
    assert_eq!(said(block.action().reply.as_ref()), ["211-Features", " SIZE", "211 End"]);
    let stray = rule("{when: NOOP, reply: [<answer>, 226 Done]}");
    let first = Step::Say(Template(vec![Part::Answer]));
    assert!(matches!(&stray.action().reply, Some(Answer::Steps(steps)) if steps[0] == first));
}

#[test]
fn what_is_sent_is_exact() {
    let rule = rule(r#"{when: PWD, send: "257 \"/\"\n<x00>"}"#);
    assert_eq!(said(rule.action().send.as_ref()), ["257 \"/\"\n\0"]);
}

#[test]
fn the_unit_tells_limits_apart() {
    assert_eq!(rule("{when: connect, limit: 2, then: close}").count.limit, Some(Limit::Count(2)));
    assert_eq!(
        rule("{when: ALLO, limit: 10MiB, reply: 552 No}").count.limit,
        Some(Limit::Size(10 << 20))
    );
}

#[test]
fn the_four_axes_are_read() {
    let rule = rule(
        "{when: upload, at: end, data: close 5s, keep: 1KiB, then: cut, state: gone, goto: gone, reply: 226}",
    );
    let action = rule.action();
    assert_eq!(action.at, Some(At::End));
    assert_eq!(action.data, Some(Ending::Close(Duration::from_secs(5))));
    assert_eq!(action.keep, Some(Keep::Size(1 << 10)));
    assert_eq!(action.then, Some(Ending::Cut));
    assert_eq!(action.goto.as_deref(), Some("gone"));
}

#[test]
fn the_server_is_shaped() {
    let scenario = scenario(
        "server:
  {charset: latin-1, grace: 10s, delay: normal 100ms 20ms, rate: 256KiB/s, chunk: 100B,
   ftp: {greeting: 230 Logged in, methods: [none], listing: dos, facts: [size, unix.mode], dots: shown,
         without: [FEAT, EPSV], restart: zero-fill, passive-ports: 30000-30009, dot-files: shown, features: [PRET],
         crlf: doubled, mdtm: tells, trailing-slash: ignored, during-transfer: [QUIT, NOOP]},
   tls: {close-notify: required}}",
    );
    let ftp = &scenario.ftp;
    assert_eq!((ftp.charset, ftp.login, ftp.listing), (Charset::Latin1, Login::None, Listing::Dos));
    assert_eq!((ftp.dots, ftp.restart), (Dots::Shown, Restart::ZeroFill));
    assert_eq!((ftp.dot_files, ftp.crlf, ftp.mdtm), (Dots::Shown, Crlf::Doubled, Mdtm::Tells));
    assert_eq!(ftp.trailing_slash, TrailingSlash::Ignored);
    assert_eq!(ftp.during_transfer, [Interrupting::Quit, Interrupting::Noop]);
    assert_eq!(
        (&*ftp.features, scenario.tls.close_notify),
        (&["PRET".to_owned()][..], CloseNotify::Required)
    );
    assert_eq!(ftp.facts, [Fact::Size, Fact::UnixMode]);
    assert_eq!(ftp.without, ["FEAT", "EPSV"]);
    assert_eq!(ftp.passive_ports, Some(30000..=30009));
    assert_eq!(ftp.grace, Some(Duration::from_secs(10)));
    assert_eq!(ftp.greeting, Answer::Steps(vec![Step::Say(Template::text("230 Logged in"))]));
    assert_eq!((scenario.network.rate, scenario.network.chunk), (Some(256 << 10), Some(100)));
}

#[test]
fn users_are_those_who_are_named() {
    let named = scenario("users: {alice: secret, bob: {root: /home/bob}, carol: {password: \"\"}}");
    let Accounts::Only(users) = named.accounts else { panic!("everybody") };
    assert_eq!(users["alice"].password.as_deref(), Some("secret"));
    assert_eq!(users["bob"].password, None);
    assert_eq!(users["bob"].root.as_bytes(), b"/home/bob");
    assert_eq!(users["carol"].password.as_deref(), Some(""));
    assert!(matches!(scenario("rules: []").accounts, Accounts::Everybody));
}

/// The names in a directory of a scenario's tree, with their sizes.
fn listed(text: &str, directory: &str) -> Vec<(String, u64)> {
    let limits = Limits { capacity: 0, files: 100 };
    let files = Files::new(scenario(text).files, limits, || INITIAL_TIME);
    let directory = Path::root().resolve(directory.as_bytes());
    let entries = files.list(&Account::new("alice"), &directory).unwrap();
    let name = |name: &[u8]| name.escape_ascii().to_string();
    entries.iter().map(|entry| (name(&entry.name), entry.stat.size)).collect()
}

#[test]
fn one_key_makes_many_files() {
    let text = "files: {\"/in/<08-11>.csv\": {size: 3B}, \"/d<1-2>/f<1-2>\": \"\", \"/a<1>\": x}";
    let names = |directory| -> Vec<String> {
        listed(text, directory).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names("/in"), ["08.csv", "09.csv", "10.csv", "11.csv"]);
    assert_eq!(names("/"), ["a<1>", "d1", "d2", "in"]);
    assert_eq!(names("/d2"), ["f1", "f2"]);
    for (key, why) in [
        ("/<2-1>", "write `/<1-2>`"),
        ("/<1-100000>/<1-2>", "at most 100000 files"),
        ("/<0-9999999999>", "no number is above 999999999"),
    ] {
        let said = message(&format!("files: {{\"{key}\": x}}"));
        assert!(said.contains(why), "{said}");
    }
    let twice = message("files: {\"/<1-3>\": x, /2: y}");
    assert!(twice.contains("is given twice"), "{twice}");
}

#[test]
fn files_of_every_kind_are_made() {
    let text = r#"files:
  /in/a.txt: "hello\n"
  /in/<xE9>.bin: {base64: AAEC, permissions: r--r-----, owner: alice, modified: "2031-01-01T00:00:00Z"}
  /in/big: {size: 1GiB}
  /in/link: {link: a.txt}
  /empty/: {}
"#;
    let expected = [("a.txt", 6), ("big", 1 << 30), ("link", 5), ("\\xe9.bin", 3)];
    assert_eq!(listed(text, "/in"), expected.map(|(name, size)| (name.to_owned(), size)));
    assert_eq!(listed(text, "/empty"), []);
}

#[test]
fn without_files_there_is_something_to_download() {
    assert_eq!(listed("rules: []", "/")[0].0, "hello.txt");
    assert_eq!(listed("files: {}", "/"), []);
}

#[test]
fn a_file_holds_several_documents() {
    let text = "description: one\n---\nname: two\nseed: 7\n";
    let checked = super::read(&super::Source::inline("s.yaml", text)).unwrap();
    assert_eq!(checked.to_string(), "0 rules in 2 documents");
    let names: Vec<_> = checked
        .scenarios
        .iter()
        .map(|scenario| (scenario.name.as_deref(), scenario.seed))
        .collect();
    assert_eq!(names, [(None, 0), (Some("two"), 7)]);
}

#[test]
fn the_same_text_on_windows_means_the_same() {
    let rule = scenario("rules:\r\n  - when: PWD\r\n    reply: 550 No\r\n");
    assert_eq!(said(rule.rules[0].action().reply.as_ref()), ["550 No"]);
}
