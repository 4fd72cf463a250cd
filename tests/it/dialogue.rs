//! The same lines said to vsftpd and to badftp: every verb that either names in `HELP` or `FEAT`, with right, missing and
//! wrong arguments, before and after the login, and what goes over data connections.
//!
//! Where the answers differ, [`DIFFERENCES`] says why; a difference that is not listed there fails, and so does one that is
//! listed and does not occur. A refusal may be in other words: ours name the path and the cause.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::badftp::Badftp;
use crate::peers::Vsftpd;
use crate::session::Session;
use crate::site::Family;

/// The same tree as vsftpd's.
const TREE: &str = r#"files:
  /hello.txt: "Hello from badftp!\n"
  /pub/lines: "a\r\nb\nc\r\n"
  /pub/.dot: x
  /pub/long: "0123456789"
  "/pub/20200101 x": q
  /pub/dir/: {}
"#;

fn vsftpd() -> Vsftpd {
    Vsftpd::on(Family::V4, &Vsftpd::TLS, |home| {
        home.put("pub/lines", "a\r\nb\nc\r\n");
        home.put("pub/.dot", "x");
        home.put("pub/long", "0123456789");
        home.put("pub/20200101 x", "q");
        home.make_folder("pub/dir");
    })
}

/// Every verb, and what stands behind it.
const VERBS: &[(&str, &[&str])] = &[
    ("USER", &["", "anonymous", "nobody"]),
    ("PASS", &["", "x"]),
    ("ACCT", &["", "a"]),
    ("HOST", &["", "here"]),
    ("REIN", &["", "x"]),
    ("QUIT", &["", "x"]),
    ("CWD", &["", "pub", "missing", "hello.txt"]),
    ("XCWD", &["", "pub"]),
    ("CDUP", &["", "x"]),
    ("XCUP", &[""]),
    ("SMNT", &["", "/"]),
    ("PORT", &["", "127,0,0,1,200,1", "1,2,3", "10,0,0,1,200,1", "127,0,0,1,0,80"]),
    ("PASV", &["", "x"]),
    ("EPRT", &["", "|1|127.0.0.1|51201|", "|9|x|1|", "x", "|1|10.0.0.1|51201|"]),
    ("EPSV", &["", "1", "2", "9", "ALL", "x"]),
    ("TYPE", &["", "A", "a", "I", "L 8", "L8", "A N", "E", "X"]),
    ("STRU", &["", "F", "f", "R", "P", "X"]),
    ("MODE", &["", "S", "s", "B", "C", "X"]),
    ("OPTS", &["", "UTF8 ON", "utf8 on", "UTF8 OFF", "X"]),
    ("CLNT", &["", "x"]),
    ("LANG", &["", "en", "fr"]),
    ("RETR", &["", "hello.txt", "missing", "pub"]),
    ("STOR", &["", "pub/a", "hello.txt/x", "pub"]),
    ("STOU", &["", "pub/a"]),
    ("APPE", &["", "pub/a", "pub"]),
    ("ALLO", &["", "10", "x"]),
    ("REST", &["", "10", "x", "-1"]),
    ("ABOR", &["", "x"]),
    ("LIST", &["", "pub", "missing", "-a", "hello.txt"]),
    ("NLST", &["", "pub", "missing"]),
    ("MLSD", &["", "pub"]),
    ("MLST", &["", "pub"]),
    ("RNFR", &["", "pub/long", "missing"]),
    ("RNTO", &["", "pub/x"]),
    ("DELE", &["", "pub/lines", "missing", "pub"]),
    ("RMD", &["", "pub/dir", "missing", "hello.txt", "pub"]),
    ("XRMD", &["", "missing"]),
    ("MKD", &["", "pub/new", "pub", "hello.txt/x"]),
    ("XMKD", &["", "pub"]),
    ("PWD", &["", "x"]),
    ("XPWD", &[""]),
    ("SIZE", &["", "hello.txt", "missing", "pub"]),
    ("MDTM", &["", "hello.txt", "missing", "pub", "20200102030405 pub/long", "20200102030405 pub"]),
    ("MFMT", &["", "20200102030405 pub/long"]),
    ("MFF", &["", "Modify=20200102030405; pub/long"]),
    ("SITE", &["", "HELP", "CHMOD", "CHMOD 644 pub/long", "CHMOD x pub/long", "UMASK", "NOSUCH"]),
    ("HASH", &["", "missing"]),
    ("XCRC", &["", "missing"]),
    ("XMD5", &["", "missing"]),
    ("XSHA1", &["", "missing"]),
    ("XSHA256", &["", "missing"]),
    ("XSHA512", &["", "missing"]),
    ("SYST", &["", "x"]),
    ("STAT", &["", "pub", "missing", "hello.txt"]),
    ("HELP", &["", "SITE", "x"]),
    ("FEAT", &["", "x"]),
    ("NOOP", &["", "x"]),
    ("noop", &[""]),
    ("AUTH", &["", "X"]),
    ("PBSZ", &["", "0"]),
    ("PROT", &["", "P"]),
    ("CCC", &[""]),
    ("XXXX", &["", "x"]),
];

/// Before the login, after it, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Before,
    After,
    Always,
}
use When::{After, Always, Before};

/// Lines that are answered differently, and why. `VERB *` is the verb with every argument.
const DIFFERENCES: &[(When, &[&str], &str)] = &[
    (
        Before,
        &[
            "ACCT *", "REIN *", "SYST *", "HELP *", "NOOP *", "noop", "SMNT *", "XXXX *", "CLNT *",
            "LANG *", "HOST *",
        ],
        "vsftpd says 530 to all that it hears before a login; ProFTPD and others answer what tells nothing of the files",
    ),
    (
        After,
        &[
            "HOST *",
            "CLNT *",
            "LANG *",
            "MLSD *",
            "MLST *",
            "MFMT *",
            "MFF *",
            "HASH *",
            "XCRC *",
            "XMD5 *",
            "XSHA1 *",
            "XSHA256 *",
            "XSHA512 *",
            "CCC",
        ],
        "vsftpd does not know it; ProFTPD does",
    ),
    (Always, &["FEAT *"], "it tells of what only ours knows"),
    (After, &["HELP *"], "it names what only ours knows; HELP SITE is ProFTPD's"),
    (Before, &["USER"], "a name that is missing is 501 (RFC 959, 5.4)"),
    (After, &["USER *"], "vsftpd keeps a guest; RFC 959, 4.1.1, lets USER begin anew at any time"),
    (After, &["ACCT *"], "RFC 959, 5.4: 202, or 230 by a rule; vsftpd has none"),
    (After, &["REIN *"], "RFC 959, 4.1.1, has it; vsftpd does not"),
    (
        After,
        &[
            "CWD", "XCWD", "PORT", "EPRT", "TYPE", "STRU", "MODE", "RETR", "STOR", "APPE", "ALLO",
            "REST", "RNFR", "RNTO", "DELE", "RMD", "XRMD", "MKD", "XMKD", "SIZE", "MDTM", "SITE",
        ],
        "an argument that is missing is 501 (RFC 959, 5.4), where vsftpd takes it for an empty one",
    ),
    (Always, &["AUTH", "PBSZ", "PROT"], "an argument that is missing is 501 (RFC 959, 5.4)"),
    (
        After,
        &[
            "PORT 1,2,3",
            "EPRT x",
            "EPSV x",
            "TYPE X",
            "STRU X",
            "MODE X",
            "ALLO x",
            "REST x",
            "REST -1",
        ],
        "an argument that cannot be read is 501 (RFC 959, 5.4)",
    ),
    (After, &["EPRT |9|x|1|"], "522 with the families known (RFC 2428, 2)"),
    (After, &["TYPE E"], "504: known to RFC 959, and not implemented"),
    (Always, &["OPTS UTF8 OFF"], "504: understood, and not to be had"),
    (
        After,
        &[
            "SITE HELP",
            "SITE CHMOD",
            "SITE CHMOD 644 pub/long",
            "SITE CHMOD x pub/long",
            "SITE UMASK",
            "SITE NOSUCH",
        ],
        "vsftpd lets no guest say SITE",
    ),
    (After, &["SIZE hello.txt"], "in ASCII it counts what a transfer would move (RFC 3659, 4.1)"),
    (After, &["STAT", "STAT pub", "STAT hello.txt"], "the lines are each server's own"),
    (After, &["STAT missing"], "450 (RFC 959, 5.4), where vsftpd has an empty listing"),
    (
        After,
        &["AUTH *"],
        "vsftpd has TLS before the login only; RFC 4217, 4, lets it begin later, too",
    ),
];

/// One server, spoken to.
struct Server {
    address: SocketAddr,
}

impl Server {
    /// Says a line in a session of its own, before or after the login.
    fn asked(&self, when: When, line: &str) -> String {
        let mut session = Session::greeted_at(self.address);
        if when == After {
            log_in(&mut session);
        }
        normal(&ask(&mut session, line))
    }
}

fn log_in(session: &mut Session) {
    ask(session, "USER anonymous");
    let reply = ask(session, "PASS frog");
    assert!(reply.starts_with("230"), "{reply}");
}

/// The whole reply, its lines parted by `|`.
fn ask(session: &mut Session, line: &str) -> String {
    session.say(line);
    hear(session)
}

fn hear(session: &mut Session) -> String {
    let mut lines = vec![session.hear()];
    let end = lines[0].get(..3).unwrap_or_default().to_owned() + " ";
    while lines[0].as_bytes().get(3) == Some(&b'-') && !lines[lines.len() - 1].starts_with(&end) {
        lines.push(session.hear());
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("|")
}

/// What differs from one run to the next is blanked, and so are the words of a refusal.
fn normal(reply: &str) -> String {
    match reply.split_at_checked(3) {
        Some((code @ ("227" | "229"), _)) => format!("{code} …"),
        Some(("213", time)) if time.len() == 15 => "213 TIME".to_owned(),
        Some((code, _)) if code >= "400" => format!("{code} …"),
        _ => reply.to_owned(),
    }
}

fn lines() -> impl Iterator<Item = String> {
    let line = |verb: &str, argument: &&str| format!("{verb} {argument}").trim_end().to_owned();
    VERBS.iter().flat_map(move |(verb, arguments)| {
        arguments.iter().map(move |argument| line(verb, argument)).collect::<Vec<_>>()
    })
}

/// Whether a difference in this line is listed.
fn listed(when: When, line: &str) -> Vec<usize> {
    let verb = line.split(' ').next().unwrap_or_default();
    let names = |pattern: &str| pattern == line || pattern.strip_suffix(" *") == Some(verb);
    let is = |(_, (at, lines, _)): &(usize, &(When, &[&str], &str))| {
        (*at == when || *at == Always) && lines.iter().any(|pattern| names(pattern))
    };
    DIFFERENCES.iter().enumerate().filter(is).map(|(place, _)| place).collect()
}

#[test]
#[ignore = "needs the real servers: tests/run"]
fn every_verb_is_answered_as_by_vsftpd() {
    let (real, ours) = (vsftpd(), Badftp::with_yaml(TREE));
    let real = Server { address: real.site().address };
    let ours = Server { address: ours.site().address };
    let (mut wrong, mut occurred) = (Vec::new(), BTreeSet::new());
    for when in [Before, After] {
        for line in lines() {
            let (theirs, own) = (real.asked(when, &line), ours.asked(when, &line));
            let reasons = listed(when, &line);
            if theirs != own && reasons.is_empty() {
                wrong.push(format!(
                    "{when:?} the login, {line:?}\n  vsftpd {theirs}\n  badftp {own}"
                ));
            } else if theirs != own {
                occurred.extend(reasons);
            }
        }
    }
    assert!(wrong.is_empty(), "differences without a reason:\n{}", wrong.join("\n"));
    let stale = DIFFERENCES.iter().enumerate().filter(|(place, _)| !occurred.contains(place));
    let stale: Vec<_> = stale.map(|(_, difference)| difference).collect();
    assert!(stale.is_empty(), "listed, and no differences: {stale:?}");
}

#[test]
#[ignore = "needs the real servers: tests/run"]
fn no_verb_is_left_out() {
    let (real, ours) = (vsftpd(), Badftp::with_yaml(TREE));
    let mut named = BTreeSet::new();
    for address in [real.site().address, ours.site().address] {
        let server = Server { address };
        for line in ["HELP", "FEAT"] {
            let reply = server.asked(After, line);
            let inner = reply.split('|').filter(|line| line.starts_with(' '));
            let is_help = line == "HELP";
            let words = inner.flat_map(|line| {
                line.split_whitespace().take(if is_help { usize::MAX } else { 1 })
            });
            named.extend(words.map(str::to_owned));
        }
    }
    let known: BTreeSet<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
    // Features that are no verbs.
    let missing = named.iter().filter(|verb| !["TVFS", "UTF8"].contains(&verb.as_str()));
    let missing: Vec<_> = missing.filter(|verb| !known.contains(verb.as_str())).collect();
    assert!(missing.is_empty(), "no line has {missing:?}");
}

/// What is said in a session that moves data.
enum Step {
    Say(&'static str),
    Down(&'static str),
    Up(&'static str, &'static [u8]),
    /// A port is asked for, and connected to.
    Port,
    /// The same on the port that is still there.
    DownOnIt(&'static str),
    /// All of these at once, with the connection that is there; so many replies come.
    Ahead(&'static str, &'static [u8], usize),
}
use Step::{Ahead, Down, DownOnIt, Port, Say, Up};

const TRANSFERS: &[(&str, &[Step])] = &[
    ("a CRLF in a file goes out as it is", &[Say("TYPE A"), Down("RETR lines")]),
    (
        "an upload in ASCII loses the CR before an LF alone",
        &[Say("TYPE A"), Up("STOR up", b"a\r\nb\nc\r\r\nd\re"), Say("TYPE I"), Down("RETR up")],
    ),
    (
        "what is behind a resumed upload stays",
        &[Say("REST 2"), Up("STOR long", b"xy"), Down("RETR long"), Say("SIZE long")],
    ),
    (
        "an upload beyond the end leaves a hole",
        &[
            Say("REST 12"),
            Up("STOR long", b"xy"),
            Down("RETR long"),
            Up("APPE long", b"z"),
            Say("SIZE long"),
        ],
    ),
    (
        "a slash behind a file's name is refused",
        &[
            Up("STOR new/", b"x"),
            Up("STOR long/", b"x"),
            Up("STOR dir/", b"x"),
            Up("APPE new/", b"x"),
            Down("RETR long/"),
            Say("SIZE long/"),
            Say("SIZE none/"),
            Say("MDTM long/"),
            Say("DELE long/"),
            Say("RNFR long/"),
            Say("RNFR long"),
            Say("RNTO other/"),
            Say("RNFR dir/"),
            Say("RNTO there/"),
            Say("CWD long/"),
        ],
    ),
    ("dot files are hidden without -a", &[Down("NLST"), Down("NLST .*"), Down("NLST *")]),
    (
        "MDTM sets a time",
        &[
            Say("MDTM 20200102030405 long"),
            Say("MDTM long"),
            Say("MDTM 20210102030405.123 long"),
            Say("MDTM 20200101 x"),
            Say("MDTM 20200102030405 none"),
            Say("MDTM 20200102030405 dir"),
        ],
    ),
    (
        "a refusal leaves the port open",
        &[Port, Say("RETR missing"), Say("STOR dir"), DownOnIt("RETR long"), Say("RETR long")],
    ),
    (
        "what is said during a transfer waits",
        &[Port, Ahead("STOR b\r\nNOOP\r\nPWD\r\nQUIT\r\n", b"abc", 5)],
    ),
];

/// All that comes back for these steps.
fn played(address: SocketAddr, steps: &[Step]) -> Vec<String> {
    let mut session = Session::greeted_at(address);
    log_in(&mut session);
    ask(&mut session, "CWD /pub");
    ask(&mut session, "TYPE I");
    let mut port = None;
    let mut heard = Vec::new();
    for step in steps {
        let fresh = match step {
            Down(_) | Up(..) | Port => Some(connect(&mut session)),
            _ => None,
        };
        match step {
            Say(line) => heard.push(normal(&ask(&mut session, line))),
            Port => port = fresh,
            Down(line) | DownOnIt(line) => {
                let data = fresh.or_else(|| port.take()).expect("a port was asked for");
                heard.extend(moved(&mut session, line, data, None));
            }
            Up(line, bytes) => {
                let data = fresh.expect("a port was asked for");
                heard.extend(moved(&mut session, line, data, Some(bytes)));
            }
            Ahead(said, bytes, replies) => {
                let mut data = port.take().expect("a port was asked for");
                session.say(said.trim_end());
                heard.push(normal(&hear(&mut session)));
                // Long enough for an answer that does not wait.
                std::thread::sleep(Duration::from_millis(200));
                data.write_all(bytes).expect("the server reads");
                drop(data);
                heard.extend((1..*replies).map(|_| normal(&hear(&mut session))));
            }
        }
    }
    heard
}

fn connect(session: &mut Session) -> TcpStream {
    let data = session.data();
    data.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
    data
}

/// The replies of one transfer, and what came down between them.
fn moved(session: &mut Session, line: &str, mut data: TcpStream, up: Option<&[u8]>) -> Vec<String> {
    let first = ask(session, line);
    if !first.starts_with('1') {
        return vec![normal(&first)];
    }
    let mut content = Vec::new();
    match up {
        Some(bytes) => data.write_all(bytes).expect("the server reads"),
        None => drop(data.read_to_end(&mut content).expect("the data can be read")),
    }
    drop(data);
    // Where a path is told, vsftpd says it as it was sent.
    let first = first.split(" for ").next().unwrap_or_default().to_owned();
    vec![first, content.escape_ascii().to_string(), normal(&hear(session))]
}

#[test]
#[ignore = "needs the real servers: tests/run"]
fn transfers_are_as_vsftpds() {
    for (name, steps) in TRANSFERS {
        let (real, ours) = (vsftpd(), Badftp::with_yaml(TREE));
        let theirs = played(real.site().address, steps);
        assert_eq!(theirs, played(ours.site().address, steps), "{name}: vsftpd, and badftp");
    }
}
