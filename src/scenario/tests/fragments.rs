//! Every fragment of the families N, F and D of the reference (`reference/fragments.md`): each is right, or
//! refused because something is not built yet.

use crate::scenario::{Severity, Source, read};

/// The line it stands for, and its rules or keys.
const FRAGMENTS: &[(&str, &[&str])] = &[
    ("N1", &["{when: connect, then: refuse}"]),
    ("N2", &["{when: connect, then: blackhole}"]),
    ("N3 FIN", &["{when: connect, then: close}"]),
    ("N3 RST", &["{when: connect, then: reset}"]),
    ("N4", &["{when: connect, then: stall}"]),
    ("N5 down", &["{when: download, at: 64KiB, data: reset}"]),
    ("N5 up", &["{when: upload, at: 64KiB, data: reset}"]),
    ("N5 control", &["{when: PWD, at: 5B, then: reset}"]),
    ("N6", &["{when: PWD, at: 5B, then: close}"]),
    ("N7 data", &["{when: download, at: 64KiB, data: eof}"]),
    ("N7 control", &["{when: PWD, then: eof}"]),
    ("N8", &["{when: upload, at: 64KiB, data: stall}"]),
    ("N9", &["{when: download, at: 64KiB, data: stall}"]),
    (
        "N10 latency, cap, segments",
        &["server: {delay: normal 100ms 20ms, rate: 256KiB/s, chunk: 100B}"],
    ),
    ("N10 bursts", &["{when: any, chance: 5%, delay: 2s}"]),
    ("N11", &["{when: download, at: end, reply: 226 Done, data: close 5s}"]),
    ("N12 flip", &["{when: download, at: 64KiB, damage: bit}"]),
    ("N12 lost", &["{when: download, at: 64KiB, damage: gap}"]),
    ("N12 doubled", &["{when: download, at: 64KiB, damage: echo}"]),
    ("N13", &["{when: upload, at: 64KiB, times: 1, then: restart 5s}"]),
    (
        "N14",
        &["{when: connect, per: address, limit: 8, reply: 421 Too many connections, then: close}"],
    ),
    ("N14 RST", &["{when: connect, per: address, limit: 8, then: reset}"]),
    ("N15", &["server: {family: ipv6}"]),
    ("N16", &["server: {proxy-header: required}"]),
    ("F1", &["{when: connect, reply: 421 Too many connections, then: close}"]),
    ("F2 after PASS", &["{when: PASS, reply: 421 Service closing, then: close}"]),
    ("F2 between commands", &["{when: idle, delay: 2s, reply: 421 Shutting down, then: close}"]),
    ("F2 CWD", &["{when: CWD, reply: 421 Service closing, then: close}"]),
    ("F3", &["{when: login, reply: 530 Too many users}"]),
    ("F4 no greeting", &["{when: connect, reply: none}"]),
    ("F4 dribble", &["{when: connect, chunk: 1B, rate: 2B/s}"]),
    ("F5", &["{when: connect, reply: [120 Ready in 1 minute, 5s, 220 Ready]}"]),
    ("F6 shapes", &[r#"{when: connect, reply: [220-Hello, "221"]}"#]),
    ("F6 not UTF-8", &["{when: connect, reply: 220 Gr<xFC>n}"]),
    ("F7", &[r#"{when: connect, send: "HTTP/1.1 400 Bad Request\r\n\r\n", then: close}"#]),
    ("F8", &["server: {ftp: {greeting: 230 Logged in, methods: [none]}}"]),
    ("F9", &["server: {ftp: {methods: [none]}}"]),
    ("F10", &["{when: PASS, reply: 530 Login incorrect}"]),
    ("F10 transient", &["{when: PASS, times: 1, reply: 430 Try again}"]),
    (
        "F11",
        &["{when: PASS, at: end, reply: 332 Need account}", "{when: ACCT, reply: 230 Logged in}"],
    ),
    ("F12", &["{when: [USER, PASS, PWD, CWD, TYPE, PASV, EPSV, PORT, RETR], reply: 314 What}"]),
    ("F13", &["{when: PWD, reply: 633 Odd}"]),
    ("F14 delay", &["{when: login, delay: 5s}"]),
    (
        "F14 ban",
        &[
            "{when: denied, per: address, skip: 2, reply: 421 Banned, then: close, goto: banned}",
            "{when: connect, per: address, state: banned, then: close}",
        ],
    ),
    ("F15", &["{when: PASS, reply: none, then: close}"]),
    ("F16", &["{when: idle, delay: 30s, reply: 421 Timeout, then: close}"]),
    ("F16 silent", &["{when: idle, delay: 30s, then: stall}"]),
    ("F17", &["{when: download, at: 64KiB, data: flow, reply: 421 Timeout, then: close}"]),
    ("F18 never", &["{when: PWD, reply: none}"]),
    ("F18 late", &["{when: PWD, delay: 60s}"]),
    ("F19 double", &["{when: NOOP, repeat: 2}"]),
    ("F19 stray", &["{when: NOOP, reply: [226 Done, <answer>]}"]),
    ("F20", &[r#"{when: PWD, send: "257 \"/\"\n"}"#]),
    ("F20 NUL", &[r#"{when: PWD, reply: 257 "/" a<x00>b}"#]),
    ("F21 17 kB", &[r#"{when: PWD, reply: 257 "/" <17KiB>}"#]),
    ("F21 200 lines", &[r#"{when: PWD, send: "257-filler\r\n", repeat: 200}"#]),
    ("F21 endless", &[r#"{when: PWD, send: "257-filler\r\n", repeat: endless}"#]),
    ("F22 split", &["{when: PASV, chunk: 3B}"]),
    ("F22 joined", &[r#"{when: PWD, reply: [257 "/", 200 extra]}"#]),
    ("F23", &["{when: TYPE, at: end, reply: 226 Type set}"]),
    ("F24", &["server: {ftp: {without: [FEAT, EPSV, SIZE, MDTM, MLSD, REST]}}"]),
    ("F25", &["{when: MLSD, reply: 500 Unknown command}"]),
    ("F26", &["{when: FEAT, reply: 211 No features}"]),
    ("F27", &["{when: SYST, reply: 215 OS/400 is the remote system}"]),
    ("F28", &["{when: PWD, reply: 257 /no/quotes}"]),
    ("F28 true path", &["{when: PWD, reply: 257 C:<path> is current directory}"]),
    ("F29", &["{when: CWD, times: 1, reply: 550 No such directory}"]),
    ("F29 MKD race", &["{when: mkdir, at: end, reply: 550 File exists}"]),
    ("F30", &["{when: delete, reply: 450 Busy}"]),
    (
        "F31",
        &[
            "{when: passive, per: connection, state: start, reply: 503 Use PRET first}",
            "{when: PRET, per: connection, reply: 200 ok, goto: pret}",
        ],
    ),
    ("F32", &["{when: ABOR, reply: [426 Aborted, 226 Abort done]}"]),
    ("F33", &["{when: QUIT, reply: none, then: reset}"]),
    ("F34 OPTS", &["{when: OPTS, argument: UTF8*, reply: 501 No}"]),
    ("F34 charset", &["server: {charset: latin-1}"]),
    ("F35", &["{when: login, per: user, limit: 1, reply: 530 Already connected}"]),
    ("F36", &[r#"{when: connect, reply: "500 OOPS: child died", then: close}"#]),
    ("D1", &["{when: passive, claim: address 10.0.0.1}"]),
    ("D2", &["{when: passive, claim: address 0.0.0.0}"]),
    (
        "D3 octet, port 0",
        &[r#"{when: PASV, reply: "227 Entering Passive Mode (127,0,0,300,0,0)"}"#],
    ),
    ("D3 no parentheses", &["{when: PASV, reply: 227 Entering Passive Mode <host-port>}"]),
    ("D4 port", &["{when: EPSV, reply: 229 Extended Passive Mode (|||1000000|)}"]),
    ("D4 closed port", &["{when: passive, data: refuse}"]),
    ("D4 delimiters", &["{when: EPSV, reply: 229 Extended Passive Mode (!!!<port>!)}"]),
    ("D5", &["{when: PASV, reply: 229 Extended Passive Mode (|||<port>|)}"]),
    ("D6", &["{when: PASV, reply: 425 No free ports}"]),
    ("D7 refused", &["{when: passive, data: refuse}"]),
    ("D7 never accepted", &["{when: passive, data: blackhole}"]),
    ("D8", &["{when: download, at: 0B, reply: 425 Can't open}"]),
    ("D8 at once", &["{when: download, reply: 425 Can't open}"]),
    ("D9", &["{when: download, at: 0B, reply: 421 Closing, then: close}"]),
    ("D10 after 150", &["{when: download, at: 0B, data: stall}"]),
    ("D10 nothing", &["{when: download, reply: none}"]),
    ("D11 never", &["{when: active, data: blackhole}"]),
    ("D11 late", &["{when: channel, delay: 30s}"]),
    ("D11 from wrong address", &["{when: active, claim: address 127.0.0.2}"]),
    ("D11 from wrong port", &["{when: active, claim: port 1025}"]),
    ("D11 to wrong port", &["{when: active, data: elsewhere}"]),
    (
        "D12",
        &["{when: active, reply: 500 I won't open a connection to 10.0.0.9 (only to <client>)}"],
    ),
    ("D13", &["{when: PASV, chance: 5%, reply: 425 Cannot assign requested address}"]),
    ("D14", &["{when: download, at: 0B, data: close, reply: 226 Done}"]),
    ("D15", &["{when: download, at: 64KiB, data: reset, reply: 426 Aborted}"]),
    ("D16", &["{when: download, at: 64KiB, data: stall}"]),
    ("D17", &["{when: download, at: 0B, data: flow, reply: 226 Done}"]),
    ("D18 late", &["{when: download, at: end, delay: 5m}"]),
    ("D18 never", &["{when: download, at: end, reply: none}"]),
    ("D19", &["{when: download, at: 100KiB, data: close, reply: 226 Done}"]),
    ("D20", &["{when: download, at: end, reply: 451 Local error}"]),
    ("D21", &["{when: upload, at: 64KiB, data: flow, then: close}"]),
    ("D22 more", &["{when: [stat, list], claim: size 10B}"]),
    ("D22 fewer", &["{when: [stat, list], claim: size 10MiB}"]),
    ("D23", &["{when: download, reply: 150 Opening (1 bytes)}"]),
    ("D24 garbage", &[r#"{when: SIZE, reply: "213 file: 213, Size =51"}"#]),
    (
        "D24 ASCII",
        &[
            "{when: TYPE, argument: I, per: connection, goto: binary}",
            "{when: SIZE, per: connection, state: start, reply: 550 Not in ASCII}",
        ],
    ),
    ("D25", &["{when: download, per: path, times: 1, reply: 450 Locked}"]),
    ("D26", &["{when: upload, reply: 553 Not allowed}"]),
    ("D27", &["{when: upload, at: 64KiB, data: close, reply: 552 Disk full}"]),
    ("D28", &["{when: upload, at: end, reply: 451 Disk full, keep: none}"]),
    ("D29 refused", &["{when: REST, reply: 502 No}"]),
    ("D29 ignored", &["{when: REST, reply: 350 Restarting}"]),
    ("D29 zero-fill", &["server: {ftp: {restart: zero-fill}}"]),
    ("D30 refused", &["{when: TYPE, argument: I, reply: 504 No}"]),
    ("D30 rewrites", &["{when: TYPE, argument: I, reply: 200 Type is I}"]),
    ("D31", &["{when: list, target: empty, reply: 550 No files found}"]),
    ("D32", &["{when: LIST, argument: -*, reply: 550 No such file}"]),
    ("D33", &[r#"{when: NLST, target: missing, send: "<path>\r\n"}"#]),
    ("D34", &["server: {ftp: {listing: dos}}"]),
    ("D34 clock", &[r#"{when: LIST, send: "11-21-2026  13:05       12 a.txt\r\n"}"#]),
    ("D35", &["server: {ftp: {listing: eplf}}"]),
    ("D36", &[r#"files: {"/in/ a ": x, "/in/b\r\nc": x}"#]),
    ("D36 not UTF-8", &[r#"files: {"/in/<xE9>t<xE9>": x}"#]),
    ("D37", &["server: {ftp: {facts: [type, size], dots: none}}"]),
    ("D37 file", &["{when: MLSD, target: file, reply: 501 Not a directory}"]),
    ("D38", &[r#"{when: STAT, reply: ["213-Status", "", "213 End"]}"#]),
    ("D39", &["{when: list, at: 100B, reply: 226 Done}"]),
    ("D40", &["{when: MDTM, reply: 550 No}"]),
    ("D40 skew", &["{when: [stat, list], claim: modified +5h}"]),
    ("D41 ALLO", &["{when: ALLO, per: user, limit: 10MiB, reply: 552 Quota}"]),
    ("D41 write", &["{when: upload, per: user, limit: 10MiB, reply: 552 Quota}"]),
    ("D42", &["{when: download, chunk: 1B, rate: 10B/s}"]),
];

/// A file of the fragments: rules are items of a list, keys of the top level stand as they are.
fn file(fragments: &[&str]) -> String {
    if fragments.iter().all(|fragment| fragment.starts_with('{')) {
        return format!("rules:\n  - {}", fragments.join("\n  - "));
    }
    fragments.join("\n")
}

#[test]
fn every_fragment_is_right_or_waits_for_something() {
    let mut wrong = Vec::new();
    for (line, fragments) in FRAGMENTS {
        let text = file(fragments);
        let read = read(&Source::inline(line, &text));
        let Some(problems) = read.map_or_else(Some, |checked| checked.warnings) else {
            continue;
        };
        let waits = problems.iter().all(|(severity, .., title)| {
            severity == Severity::Error
                && title.contains("is part of the language, but this version does not")
        });
        if !waits {
            wrong.push(problems);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
