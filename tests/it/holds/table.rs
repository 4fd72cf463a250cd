//! The table: what holds each word, and how a client brings it about.

#![allow(
    clippy::format_push_string,
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "a table is read line by line"
)]

use badftp::engine::{Operation, Protocol};
use badftp::journal::Record;
use badftp::{ftp, sftp, ssh};

use super::Hold;
use super::sftp::{self as sftp_client, APPEND, READ, Request, WRITE};

/// A way to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// FIN, and the client is gone.
    Close,
    /// FIN of the client's half: it listens still.
    End,
    Reset,
    /// TLS on the control connection ends, TCP does not.
    CloseNotify,
    /// The data connection alone.
    CloseData,
    ResetData,
    /// TLS on the data connection alone ends, TCP does not.
    CloseNotifyData,
    /// `SSH_MSG_CHANNEL_CLOSE`: the connection stays.
    CloseChannel,
    /// `SSH_MSG_CHANNEL_EOF`
    EndChannel,
}

/// Why there is no such combination.
pub(super) enum Why {
    /// A scenario cannot say it: this one is refused, with these words.
    Refused(String, &'static str),
    /// It never happens.
    Never(&'static str),
}

/// A combination that there is.
pub(super) struct Plan {
    pub(super) yaml: String,
    pub(super) act: Doing,
    pub(super) ways: Vec<Leaving>,
    /// Whether an expectation can count it.
    pub(super) is_counted: bool,
    /// Whether a rule holds it, and not the network.
    pub(super) has_rule: bool,
    word: &'static str,
}

impl Plan {
    /// Whether a record is that of the event that is held.
    pub(super) fn is_held(&self, record: &Record) -> bool {
        match &record.rule {
            Some(rule) => self.has_rule && rule.place == 0,
            None => !self.has_rule && is_of(self.word, record),
        }
    }
}

fn is_of(word: &str, record: &Record) -> bool {
    let on_files =
        || record.event.and_then(Operation::from_word).is_some_and(Operation::is_on_files);
    record.event == Some(word)
        || record.wire.as_deref() == Some(word)
        || (word == "any" && on_files())
}

/// What a client does.
pub(super) enum Doing {
    Ftp(Act),
    Sftp(sftp_client::Act),
}

/// What an FTP client does.
#[derive(Debug, Clone, Default)]
pub(super) struct Act {
    /// Commands that are answered as ever.
    pub(super) before: Vec<&'static str>,
    /// The event itself.
    pub(super) event: Deed,
    /// A data connection is made before it, and what moves on it.
    pub(super) data: Option<Way>,
    /// TLS is there before the event. With implicit TLS, a connection begins without.
    pub(super) is_secure: bool,
    /// Data connections are protected.
    pub(super) protects: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) enum Deed {
    /// The client connects, and says nothing by itself.
    #[default]
    Connect,
    /// It begins TLS.
    Handshake,
    /// It says this.
    Say(&'static str),
    /// It is silent.
    Silence,
}

/// Where the bytes of a transfer go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
}

/// Every word of `when`.
pub(super) fn words() -> Vec<&'static str> {
    let operations = Operation::ALL.into_iter().map(|(_, word)| word);
    let verbs = ftp::verbs().map(|verb| verb.name);
    let requests = sftp::wires().map(|wire| wire.name);
    operations.chain(["any"]).chain(verbs).chain(requests).chain(ssh::EVENTS).collect()
}

/// How a combination is played, or why there is none.
pub(super) fn plan(protocol: Protocol, word: &'static str, hold: Hold) -> Result<Plan, Why> {
    if protocol == Protocol::Sftp { of_sftp(word, hold) } else { of_ftp(protocol, word, hold) }
}

fn of_ftp(protocol: Protocol, word: &'static str, hold: Hold) -> Result<Plan, Why> {
    let refused = |reason| Err(Why::Refused(scenario(protocol, word, hold, &[]), reason));
    match (word, hold) {
        _ if word.starts_with("SSH_") && hold == Hold::Network => {
            return Err(Why::Never("it is a word of SFTP alone"));
        }
        _ if word.starts_with("SSH_") => return refused("never happens in"),
        ("idle", Hold::Delay) => {
            return Err(Why::Never("its delay is the silence itself: a clock"));
        }
        ("idle" | "handshake" | "channel", Hold::Network) => {
            return Err(Why::Never("it has no reply that the network could delay"));
        }
        ("denied", Hold::Network) => {
            return Err(Why::Never("its reply is that of the login, which is held then"));
        }
        (_, Hold::DataStall) if !has_data(word) => {
            return refused(match word {
                "passive" | "active" | "PASV" | "EPSV" | "PORT" | "EPRT" => {
                    "there is no data connection yet"
                }
                _ => "has no data connection",
            });
        }
        _ => {}
    }
    let verb = verb_of(word, hold);
    let mut act = match word {
        "connect" => Act::default(),
        "handshake" => Act { event: Deed::Handshake, ..Act::default() },
        "idle" => Act { event: Deed::Silence, ..Act::default() },
        _ => {
            act_of(verb).unwrap_or_else(|| panic!("nobody has said how `{verb}` is brought about"))
        }
    };
    let implicit = protocol == Protocol::Ftps;
    // A rule that says nothing itself acts on a connection before TLS.
    let early = ["connect", "handshake"].contains(&word)
        && !(word == "connect" && matches!(hold, Hold::Pause | Hold::Rate | Hold::Network));
    act.is_secure = implicit && !early;
    if word == "handshake" && !implicit {
        act.before.push("AUTH TLS");
    }
    act.protects = act.is_secure && act.data.is_some();
    if act.protects {
        act.before.extend(["PBSZ 0", "PROT P"]);
    }
    Ok(Plan {
        yaml: scenario(protocol, word, hold, &spared(word, &act)),
        ways: ways(word, hold, &act),
        act: Doing::Ftp(act),
        is_counted: is_counted(protocol, word),
        has_rule: hold != Hold::Network,
        word,
    })
}

/// Whether there is, or may be, a data connection whose fate a rule can tell.
fn has_data(word: &str) -> bool {
    let moves = |verb: &str| act_of(verb).is_some_and(|act| act.data.is_some());
    ["idle", "any"].contains(&word) || moves(verb_of(word, Hold::DataStall))
}

/// The ways in which a client can leave.
fn ways(word: &str, hold: Hold, act: &Act) -> Vec<Leaving> {
    let mut ways = vec![Leaving::Close, Leaving::End, Leaving::Reset];
    if act.is_secure {
        ways.push(Leaving::CloseNotify);
    }
    let on_data = match hold {
        Hold::Rate => word != "channel",
        Hold::DataStall => true,
        Hold::Delay => word == "channel",
        _ => false,
    };
    match act.data.filter(|_| on_data) {
        Some(Way::Down) => {
            ways.extend([Leaving::CloseData, Leaving::ResetData]);
            if act.protects && hold == Hold::Rate {
                ways.push(Leaving::CloseNotifyData);
            }
        }
        Some(Way::Up) => ways.push(Leaving::ResetData),
        None => {}
    }
    ways
}

const USER: &str = "USER ann";
const PASS: &str = "PASS secret";

/// The files, and a listing that is long enough to be slow.
const FILES: &str = "files:
  /big.bin: {size: 256KiB}
  /hello.txt: hello
  /dir/: {}
  /a-long-name-so-that-a-listing-of-names-takes-its-time-at-a-byte-a-second.txt: a
  /another-long-name-so-that-a-listing-takes-its-time-at-a-byte-a-second.txt: b
";

/// The events before the one that is held, which the network has to spare.
fn spared(word: &str, act: &Act) -> Vec<&'static str> {
    let verbs = act.before.iter().map(|line| line.split(' ').next().unwrap_or_default());
    let greeting = (word != "connect").then_some("connect");
    let data = act.data.map(|_| "EPSV");
    greeting.into_iter().chain(verbs).chain(data).collect()
}

fn scenario(protocol: Protocol, word: &str, hold: Hold, spared: &[&str]) -> String {
    let mut yaml = FILES.to_owned();
    if word == "denied" {
        yaml.push_str("users: {ann: other}\n");
    }
    if hold == Hold::Network {
        yaml.push_str("server: {delay: 60s}\n");
        if !spared.is_empty() {
            let spared = spared.join(", ");
            yaml.push_str(&format!("rules:\n  - {{when: [{spared}], delay: 1ms, fires: 0+}}\n"));
        }
    } else {
        let silence = if word == "idle" { "delay: 100ms, " } else { "" };
        let does =
            if protocol == Protocol::Sftp { does_in_sftp(word, hold) } else { does(word, hold) };
        yaml.push_str(&format!(
            "rules:\n  - {{when: {word}, protocol: {protocol}, fires: 1, {silence}{does}}}\n"
        ));
    }
    if is_counted(protocol, word) {
        yaml.push_str(&format!(
            "expect:\n  - {{when: {word}, protocol: {protocol}, times: 1}}\n  - {{when: {word}, protocol: {protocol}, times: 0}}\n"
        ));
    }
    yaml
}

/// Whether an expectation can count it.
fn is_counted(protocol: Protocol, word: &str) -> bool {
    match word {
        "idle" => false,
        "handshake" => protocol != Protocol::Sftp,
        _ if word.starts_with("SSH_MSG_") => ssh::has_own_record(word),
        _ => sftp::wire(word).is_none_or(|wire| wire.has_own_record()),
    }
}

/// What the rule does. Its answers are refusals, so that it acts at the start.
fn does(word: &str, hold: Hold) -> &'static str {
    let verb = verb_of(word, hold);
    let data = act_of(verb).and_then(|act| act.data).filter(|_| word != "channel");
    match hold {
        Hold::Delay => "delay: 60s",
        Hold::Pause if word == "handshake" => "send: [a, 60s, b]",
        Hold::Pause => "reply: [500-a, 60s, 500 b]",
        Hold::Stall => "then: stall",
        Hold::Close => "then: close 60s",
        Hold::Rate if word == "handshake" => "rate: 16B/s",
        Hold::Rate if is_listing(verb) => "rate: 1B/s",
        Hold::Rate if data == Some(Way::Up) => "rate: 16B/s",
        Hold::Rate if data == Some(Way::Down) => "rate: 4KiB/s",
        Hold::Rate => "rate: 1B/s, reply: 500 <60B>",
        Hold::DataStall => "data: stall",
        Hold::Network => "",
    }
}

fn is_listing(verb: &str) -> bool {
    ["LIST", "NLST", "MLSD"].contains(&verb)
}

/// The verb by which a word is brought about; a verb by itself.
fn verb_of(word: &str, hold: Hold) -> &str {
    match word {
        "login" => "PASS",
        "denied" => "PASS",
        "channel" => "RETR",
        "list" => "LIST",
        "stat" => "MDTM",
        "upload" => "STOR",
        "download" => "RETR",
        "append" => "APPE",
        "rename" => "RNTO",
        "delete" => "DELE",
        "mkdir" => "MKD",
        "rmdir" => "RMD",
        "setstat" => "MFMT",
        "passive" => "EPSV",
        "active" => "PORT",
        // The one operation on files of the session.
        "any" if matches!(hold, Hold::Rate | Hold::DataStall) => "RETR",
        "any" => "DELE",
        verb => verb,
    }
}

/// How a verb is brought about.
fn act_of(verb: &str) -> Option<Act> {
    let line = match verb {
        "USER" => USER,
        "PASS" => PASS,
        "ACCT" => "ACCT bob",
        "HOST" => "HOST localhost",
        "REIN" => "REIN",
        "QUIT" => "QUIT",
        "CWD" => "CWD /dir",
        "XCWD" => "XCWD /dir",
        "CDUP" => "CDUP",
        "XCUP" => "XCUP",
        "PORT" => "PORT 127,0,0,1,200,10",
        "PASV" => "PASV",
        "EPRT" => "EPRT |1|127.0.0.1|51210|",
        "EPSV" => "EPSV",
        "TYPE" => "TYPE I",
        "STRU" => "STRU F",
        "MODE" => "MODE S",
        "OPTS" => "OPTS UTF8 ON",
        "CLNT" => "CLNT test",
        "LANG" => "LANG EN",
        "RETR" => "RETR /big.bin",
        "STOR" => "STOR /up.bin",
        "STOU" => "STOU",
        "APPE" => "APPE /up.bin",
        "ALLO" => "ALLO 10",
        "REST" => "REST 0",
        "ABOR" => "ABOR",
        "LIST" => "LIST /",
        "NLST" => "NLST /",
        "MLSD" => "MLSD /",
        "MLST" => "MLST /hello.txt",
        "RNFR" => "RNFR /hello.txt",
        "RNTO" => "RNTO /new.txt",
        "DELE" => "DELE /hello.txt",
        "RMD" => "RMD /dir",
        "XRMD" => "XRMD /dir",
        "MKD" => "MKD /made",
        "XMKD" => "XMKD /made",
        "PWD" => "PWD",
        "XPWD" => "XPWD",
        "SIZE" => "SIZE /hello.txt",
        "MDTM" => "MDTM /hello.txt",
        "MFMT" => "MFMT 20200101000000 /hello.txt",
        "MFF" => "MFF Modify=20200101000000; /hello.txt",
        "SITE" => "SITE CHMOD 644 /hello.txt",
        "HASH" => "HASH /hello.txt",
        "XCRC" => "XCRC /hello.txt",
        "XMD5" => "XMD5 /hello.txt",
        "XSHA" => "XSHA /hello.txt",
        "XSHA1" => "XSHA1 /hello.txt",
        "XSHA256" => "XSHA256 /hello.txt",
        "XSHA512" => "XSHA512 /hello.txt",
        "SYST" => "SYST",
        "STAT" => "STAT",
        "HELP" => "HELP",
        "FEAT" => "FEAT",
        "NOOP" => "NOOP",
        "SMNT" => "SMNT /x",
        "LPSV" => "LPSV",
        "LPRT" => "LPRT 4,4,127,0,0,1,2,200,10",
        "AUTH" => "AUTH TLS",
        "ADAT" => "ADAT x",
        "PBSZ" => "PBSZ 0",
        "PROT" => "PROT C",
        "CCC" => "CCC",
        "MIC" => "MIC x",
        "CONF" => "CONF x",
        "ENC" => "ENC x",
        "CSID" => "CSID Name=x;",
        "PRET" => "PRET RETR /hello.txt",
        "SPSV" => "SPSV",
        "RANG" => "RANG 0 1",
        "MFCT" => "MFCT 20200101000000 /hello.txt",
        "RMDA" => "RMDA /dir",
        "AVBL" => "AVBL /",
        "DSIZ" => "DSIZ /",
        "COMB" => "COMB /x",
        "THMB" => "THMB JPG 1 1 /x",
        "XSEN" => "XSEN bob",
        "XSEM" => "XSEM bob",
        "XRSQ" => "XRSQ T",
        "XRCP" => "XRCP bob",
        "MSND" => "MSND bob",
        "MSOM" => "MSOM bob",
        "MSAM" => "MSAM bob",
        _ => return None,
    };
    let before: &[&str] = match verb {
        "USER" | "HOST" => &[],
        "PASS" => &[USER],
        "RNTO" => &[USER, PASS, "RNFR /hello.txt"],
        "SIZE" => &[USER, PASS, "TYPE I"],
        _ => &[USER, PASS],
    };
    let data = match verb {
        "RETR" | "LIST" | "NLST" | "MLSD" => Some(Way::Down),
        "STOR" | "STOU" | "APPE" => Some(Way::Up),
        _ => None,
    };
    Some(Act { before: before.to_vec(), event: Deed::Say(line), data, ..Act::default() })
}

fn of_sftp(word: &'static str, hold: Hold) -> Result<Plan, Why> {
    let refused = |reason| Err(Why::Refused(scenario(Protocol::Sftp, word, hold, &[]), reason));
    let is_verb = ftp::verb(word).is_some() || ["passive", "active"].contains(&word);
    match (word, hold) {
        _ if is_verb && hold == Hold::Network => {
            return Err(Why::Never("it is a word of FTP alone"));
        }
        _ if is_verb => return refused("never happens in `sftp`"),
        ("idle", Hold::Delay) => {
            return Err(Why::Never("its delay is the silence itself: a clock"));
        }
        (_, Hold::Network) if !is_answered_in_sftp(word) => {
            return Err(Why::Never("the network delays what SFTP says, and not what SSH does"));
        }
        (_, Hold::Network) if !is_counted(Protocol::Sftp, word) => {
            return Err(Why::Never("the packets of a transfer have one record together"));
        }
        ("SSH_MSG_NEWKEYS", Hold::Pause | Hold::Rate | Hold::DataStall) => {
            return refused("a connection can only end");
        }
        ("download" | "SSH_FXP_OPEN", Hold::Pause) => {
            return refused("no pause can be made in a content");
        }
        (_, Hold::Pause) if is_answered_by_ssh(word) => {
            return refused("no pause can be made here");
        }
        (_, Hold::Rate) if is_answered_by_ssh(word) => return refused("slows nothing"),
        ("idle", Hold::DataStall) => return refused("SSH has no channel to end"),
        (_, Hold::DataStall) if !has_channel(word) => return refused("has no data connection"),
        _ => {}
    }
    let act = act_in_sftp(word, hold)
        .unwrap_or_else(|| panic!("nobody has said how `{word}` is brought about"));
    let mut ways = vec![Leaving::Close, Leaving::End, Leaving::Reset];
    match act {
        // Where nothing is read any more, only the connection's end can be seen.
        _ if hold == Hold::Stall => {}
        sftp_client::Act::Ask(_) => ways.extend([Leaving::CloseChannel, Leaving::EndChannel]),
        // While a client waits for its answer, russh hears nothing of it but the connection's end.
        sftp_client::Act::Subsystem if hold != Hold::DataStall => {}
        sftp_client::Act::Subsystem => ways.push(Leaving::CloseChannel),
        sftp_client::Act::Eof => ways.push(Leaving::CloseChannel),
        _ => {}
    }
    let spared: &[&str] = match word {
        "SSH_FXP_INIT" => &[],
        "SSH_FXP_FSTAT" | "SSH_FXP_FSETSTAT" => &["SSH_FXP_INIT", "SSH_FXP_OPEN"],
        _ => &["SSH_FXP_INIT"],
    };
    Ok(Plan {
        yaml: scenario(Protocol::Sftp, word, hold, spared),
        act: Doing::Sftp(act),
        ways,
        is_counted: is_counted(Protocol::Sftp, word),
        has_rule: hold != Hold::Network,
        word,
    })
}

fn is_answered_in_sftp(word: &str) -> bool {
    word.starts_with("SSH_FXP_") || is_operation_on_files(word)
}

/// Whether the library that speaks SSH says the answer.
fn is_answered_by_ssh(word: &str) -> bool {
    let is_message = word.starts_with("SSH_MSG_") && word != "SSH_MSG_KEXINIT";
    is_message || ["login", "denied", "channel", "idle"].contains(&word)
}

/// Whether a rule can tell the fate of the channel.
fn has_channel(word: &str) -> bool {
    let ends_it = ["channel", "any", "list", "download", "upload", "append"];
    let messages = ["SSH_MSG_CHANNEL_OPEN", "SSH_MSG_CHANNEL_REQUEST", "SSH_MSG_CHANNEL_EOF"];
    word.starts_with("SSH_FXP_") || ends_it.contains(&word) || messages.contains(&word)
}

/// What the rule does. Its answers are refusals, so that it acts at the start.
fn does_in_sftp(word: &str, hold: Hold) -> &'static str {
    let moves = ["upload", "download", "append", "list", "SSH_FXP_OPEN", "SSH_FXP_OPENDIR"];
    match hold {
        Hold::Delay if word == "SSH_MSG_NEWKEYS" => "delay: 60s, then: close",
        Hold::Delay => "delay: 60s",
        Hold::Pause => "send: [a, 60s, b]",
        Hold::Stall => "then: stall",
        Hold::Close => "then: close 60s",
        Hold::Rate if word == "connect" => "rate: 1B/s, send: SSH-2.0-<60B>",
        Hold::Rate if is_key_exchange(word) => "rate: 1B/s, send: <60B>",
        Hold::Rate if moves.contains(&word) => "rate: 16B/s",
        Hold::Rate if is_answered_in_sftp(word) => "rate: 1B/s, status: 4 <60B>",
        Hold::Rate => "rate: 1B/s",
        Hold::DataStall => "data: stall",
        Hold::Network => "",
    }
}

fn is_key_exchange(word: &str) -> bool {
    ["handshake", "SSH_MSG_KEXINIT"].contains(&word)
}

fn is_operation_on_files(word: &str) -> bool {
    word == "any" || Operation::from_word(word).is_some_and(Operation::is_on_files)
}

/// How a word is brought about in SFTP.
fn act_in_sftp(word: &str, hold: Hold) -> Option<sftp_client::Act> {
    use Request::{
        Close, Extended, HandleAndAttributes, Init, Of, Open, Path, PathAndAttributes, Read, Two,
        Write,
    };
    use sftp_client::Act;

    // What is slow is the file's content or the listing.
    let moves = hold == Hold::Rate;
    let requests: &[Request] = match word {
        "connect" => return Some(Act::Connect),
        "handshake" | "SSH_MSG_KEXINIT" | "SSH_MSG_NEWKEYS" => return Some(Act::Handshake),
        "login" | "denied" | "SSH_MSG_USERAUTH_REQUEST" => return Some(Act::Login),
        "channel" | "SSH_MSG_CHANNEL_OPEN" => return Some(Act::Channel),
        "SSH_MSG_CHANNEL_REQUEST" => return Some(Act::Subsystem),
        "SSH_MSG_CHANNEL_EOF" => return Some(Act::Eof),
        // Nobody waits for what comes in between, for the silence may be taken for one before.
        "idle" => return Some(Act::Handshake),
        "SSH_FXP_INIT" => &[Init],
        "download" | "SSH_FXP_OPEN" if moves => &[Init, Open(READ, "/big.bin"), Read(0)],
        "upload" if moves => &[Init, Open(WRITE, "/up.bin"), Write],
        "append" if moves => &[Init, Open(APPEND, "/up.bin"), Write],
        "list" | "SSH_FXP_OPENDIR" if moves => &[Init, Path(11, "/"), Of(12)],
        "download" | "SSH_FXP_OPEN" => &[Init, Open(READ, "/big.bin")],
        "upload" => &[Init, Open(WRITE, "/up.bin")],
        "append" => &[Init, Open(APPEND, "/up.bin")],
        "SSH_FXP_CLOSE" => &[Init, Open(READ, "/big.bin"), Close],
        "SSH_FXP_READ" => &[Init, Open(READ, "/big.bin"), Read(0)],
        "SSH_FXP_WRITE" => &[Init, Open(WRITE, "/up.bin"), Write],
        "SSH_FXP_FSTAT" => &[Init, Open(READ, "/big.bin"), Of(8)],
        "SSH_FXP_FSETSTAT" => &[Init, Open(WRITE, "/up.bin"), HandleAndAttributes(10)],
        "SSH_FXP_READDIR" => &[Init, Path(11, "/"), Of(12)],
        "list" | "SSH_FXP_OPENDIR" => &[Init, Path(11, "/")],
        "SSH_FXP_LSTAT" => &[Init, Path(7, "/hello.txt")],
        "stat" | "SSH_FXP_STAT" => &[Init, Path(17, "/hello.txt")],
        "setstat" | "SSH_FXP_SETSTAT" => &[Init, PathAndAttributes(9, "/hello.txt")],
        "any" | "delete" | "SSH_FXP_REMOVE" => &[Init, Path(13, "/hello.txt")],
        "mkdir" | "SSH_FXP_MKDIR" => &[Init, PathAndAttributes(14, "/made")],
        "rmdir" | "SSH_FXP_RMDIR" => &[Init, Path(15, "/dir")],
        "SSH_FXP_REALPATH" => &[Init, Path(16, ".")],
        "rename" | "SSH_FXP_RENAME" => &[Init, Two(18, "/hello.txt", "/new.txt")],
        "SSH_FXP_READLINK" => &[Init, Path(19, "/hello.txt")],
        "SSH_FXP_SYMLINK" => &[Init, Two(20, "/hello.txt", "/link")],
        "SSH_FXP_EXTENDED" => &[Init, Extended("unheard-of@example.com")],
        _ => return None,
    };
    Some(Act::Ask(requests.to_vec()))
}
