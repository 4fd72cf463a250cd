//! YAML in, engine rules and settings out; and the shipped catalog.
//!
//! A file's way: `source` holds its text, `yaml` makes a loose tree of it whose nodes know their places,
//! `keys` takes each map apart by a table (`document`, `server`, `users`, `files`, `rules::keys`), `field` and
//! `values` read single values, and `rules::checks` holds what was read against the language's laws. Only then
//! is it a [`Scenario`]: the engine never sees a half-valid rule. On the way everything that is wrong is
//! written down as a `problem`, with its place and what to write instead; nothing but broken YAML stops the
//! reading, so that a user sees all mistakes at once.
//!
//! `schema` tells editors the same, from the same tables.
//!
//! A new key is a row in its table. A new form of value is a file in `values`. Something that the language has
//! and we do not is in `later`, so that it is refused with a sentence and never swallowed.
//!
//! # Where the code taught us better
//!
//! The language was first tried on paper. Building it made these sentences of its page more exact:
//!
//! - **An answer that quotes what only the operation can know acts at the end.** `<answer>`, `<port>` and
//!   `<host-port>` have no value before the operation is done, so a rule whose answer has one of them and no `at`
//!   of its own means `at: end`: `{when: PASV, reply: 227 Entering Passive Mode <host-port>}` really listens.
//! - **A success in other words is told when there is one** (rule 12): a rule whose own answer is final and positive (2xx,
//!   3xx, `status: 0`), and which has neither `at` nor `data` nor `send`, means `at: end`. If the operation fails by
//!   nature, the natural failure is said, and the rule has not acted. The lie is written: `at: start`.
//! - **`keep` is settled before the answer, not after it** (rule 15): a client that looks as soon as it has its
//!   226 must see what the scenario says.
//! - **A 1xx reply of a rule stands in for the operation's own** (rule 12), and a final reply behind it in the list
//!   for the operation's final one: `{when: download, reply: [125 Open, 250 Done]}`. At `at: end` a 125 or 150
//!   and what follows it are said there, and nothing before: `{when: download, at: end, reply: [150 Open, 226 Done]}`.
//! - **`send` on a listing or a download of FTP goes out where its rule acts** (rules 15 and 20): in the place of all, after so
//!   many true bytes, or behind the last. `<answer>` in it is the listing, or the file's bytes, as they would have gone out.
//!   Then comes the rest of the rule, as at the end: `data`, the `reply`, which stands in the place of the 226 (or of both
//!   replies, as a list), `keep`, `then`. In SFTP and scp `send` at the start is the content, and elsewhere an answer.
//! - **`at: failure` is where an operation has failed by nature** (rule 12): refused, or broken off on its way; the rule's answer
//!   is then said in the place of the natural one, and the failure stays the client's. What has not failed is healthy. A
//!   refused login is a moment of its own, `denied`.
//! - **`goto` is entered where the rule acts** (rule 9): at once where that is the start, so that a request that is on its way
//!   meets it; else at its byte, its end or its failure, and not at all if it never comes there.
//! - **`of` says what is silent at `idle`**: `commands`, which is meant without it, `transfers` (since the last transfer or
//!   listing, or the beginning, and not while one is under way), or `bytes` (of a transfer under way; without `data` it ends
//!   by a close). The last two are FTP's.
//! - **A placeholder has a value, or is refused.** `<size>` and `<modified>` of a path where nothing is are 0 and now. `<id>` is
//!   four bytes, so it stands in a `send` of SFTP alone. A password is no `<argument>`.
//! - **A path is the one the user sees**, below the user's root, after `CWD`; of a rename the new one.
//! - **`idle` counts each silence**: it acts once for each, and again after the next command.
//! - **`ABOR` is an event of its own wherever it is heard**: during a transfer, while the server waits for a
//!   data connection, in a stall. A rule that answers it at the start lets go on what it was to end.
//! - **A rule that shuts a listener (`connect`, `then: refuse`) is only ever looked at**: whoever comes in
//!   while the port is open is no business of its.
//! - **`keep` beside an answer at the start** concerns what was there: nothing has been received, so `lost`
//!   removes it and a size cuts or fills it.
//! - **A password without a name is no `login`**, and so cannot be `denied`.
//! - **A login refused by a rule is `denied`, too**; a rule on `denied` then answers in the other's place, and
//!   the other's `then` still holds.
//! - **A refusal in place of a transfer leaves the data connection alone**, be it a rule's or natural: the port stays open,
//!   and the client's connection with it, until the next `PASV` or `EPSV` or the session's end, as with vsftpd. Any other
//!   answer without `data` closes the client's connection if it is made already; with `data`, it is waited for a second.
//! - **Two replies of a transfer stand in for its own** (rule 12) also where the second one is a refusal:
//!   `{when: RETR, reply: [150 Opening, 425 No]}` moves all of the data between them, and `check` says so. `data: close`
//!   beside it moves none.
//! - **A line within a reply is free text** (RFC 959, 4.2): `[150-Opening, 553- Excluded, 150 Opening]` is one reply, of 150.
//! - **A 230 or 232 that is said logs in**, be it the greeting's, that of `USER` or of any other verb: by the name that was
//!   given, `anonymous` without one. A lie (`at: start`) does not.
//! - **Any verb can be named**, also one that the server does not know: a rule makes it known. One that is a slip of a known
//!   one gets a warning.
//! - **An argument of nothing but blanks is told with the blank that parts it from its verb**: `argument: " "` is `LIST `,
//!   and `argument: ""` is `LIST`.
//! - **`keep` of what is done by path** (rename, delete, mkdir, rmdir, setstat): `none` acknowledges and does
//!   not do it, `after 5s` does it then, `lost` and `for 5s` take away what stands at the path: what cannot
//!   be done is refused as ever. Of a download, `keep` is about its file: changed where `at` says, so that a
//!   reader meets it, and at the end without.
//! - **`for 5s` takes away the new and the old**, as one who has picked the file up; `after 5s` leaves the
//!   old until then.
//! - **`repeat` is of the listing or the content where there is one**, and of the answer otherwise; to say a
//!   226 twice, write `reply: [<answer>, <answer>]`. What is endless ends with the client; at the cap on
//!   holds an answer's session is over, and a transfer says 426.
//! - **A hold ends with the client**: a delay, a pause, a rate, a stall or `close 5s` is over as soon as the client has
//!   left. Leaving is RST; FIN or `close_notify` on the control connection; FIN on the data connection, for what we send;
//!   the end of the SSH channel. What the rule still owes, and the answers to what was asked before, is then said at once,
//!   for a client that only closed its half. A hold that meets the server's cap (`--max-hold`) ends the session, as a stall
//!   does. The clocks are no holds: the `delay` of `idle`, `grace`, `for`, `keep: after 5s`.
//! - **What cannot be held is refused**: a pause in the `send` of a download or of FTP's listings, whose bytes go out as
//!   fast as they are taken; in SSH, which says its own answers at once, a `rate`, a `chunk` or a pause at `login`,
//!   `denied`, `channel`, `idle` and the messages after the key exchange. The network's `delay` is before each reply of
//!   FTP and each answer of SFTP.
//! - **In SFTP, what comes before a rule's byte is delivered or stored** (rule 17): the READ that crosses it is a
//!   short one, the WRITE is stored up to it, so that a client that resumes finds as much as in FTP. The status
//!   goes to that WRITE, or to the next READ, and to all later ones.
//! - **In SFTP, the answer comes before `data`** (rule 15): the channel that ends is the one it goes through.
//!   Without `data` the channel stays as it is, also part way.
//! - **An SSH request of method `none` is no `login`, unless the server takes it**: clients ask so what they may
//!   log in by. A key that is only offered is none either, unless it is refused.
//! - **`claim: size none` leaves out what an answer can do without**: a fact of `MLSD` and `MLST`. `SIZE` and
//!   `MDTM`, which say nothing else, are refused; the columns of `LIST` are always there and tell the truth.
//! - **`damage` is at `at`**, without it at the first byte: of the data in both directions, and of the answer
//!   elsewhere. `order` holds an answer back until the next one has been said. `short` and `long` are about the
//!   fields of SFTP's packets: a reply has none.
//! - **`data: elsewhere` goes to a stranger of our own**, who takes all and sends nothing: no port of the
//!   client's machine is tried. `data: refuse` and `blackhole` are about ports, so at `passive` and `active`:
//!   at `channel` the connection is made, and is ended by the other words.
//! - **`idle` with a `data` key runs while data flows**: the clock is the control connection's, as a firewall
//!   has it, and `data` says what becomes of the transfer (`flow`: it goes on while the session ends).
//!   Without `data` a transfer is not idle.
//! - **`then: restart 5s`** resets the data connection, too, unless `data` says otherwise, and is no longer
//!   than the cap on stalls.
//! - **`server: {family: …}`** turns an address that both families have (127.0.0.1, 0.0.0.0) into the
//!   other's, or stands beside it; without it the address of the command line decides. It holds from the
//!   start, not from a reload.
//! - **A user with `files` and no `root` lives in `/home/NAME`**: what is a user's own is not in everybody's
//!   `/`. `home` is where a user is after the login, below the root: the directory is there from the beginning, and the
//!   user's own; relative paths begin there.
//! - **`handshake`, and `channel` where data is protected, are asked when the client has begun TLS**: its first
//!   message tells whether it resumes a session. That of a data connection comes behind the 150, as on any server.
//! - **`tls: new` and `tls: resumed` are told apart at `channel` alone**: transfers are asked before there is a data
//!   connection, and each control connection begins a session of its own, which its data connections may resume.
//!   `tls: [new, resumed]` is any TLS, of every event that may have it.
//! - **`server: {tls: {session-reuse: …}}` is `any` or `required`**; what a server says of a new session is a rule
//!   on `channel` with `tls: new`, and 522 without one.
//! - **`tickets: n` lets the session of a control connection be resumed n times**, by ids and tickets of TLS 1.2
//!   as well as those of 1.3, so that it runs out in every version. Tickets may be used again until then, as
//!   on real servers. In TLS 1.3 each data connection gives a fresh one, as on real servers, because clients use each once
//!   (RFC 8446, appendix C.4). That of an upload is given on the control connection, behind the answer: on the data connection
//!   a client that only writes would close over it, so that its system throws away what is still to go.
//! - **A rule's `certificate` forces a full handshake**: a session that is resumed shows none.
//! - **A `PROT` that is granted and not done** (rule 12) leaves data the other way, whatever it was before, so that
//!   both lies can be told: clear though private, and TLS though clear.
//! - **TLS 1.0 and 1.1 are played up to the server's first flight**, which no client of today goes on from. One that
//!   still would (`GnuTLS`'s) finds that the key exchange is signed by nobody.
//! - **`parting` is known when an upload is over**: whether the client has ended its TLS by `close_notify` (`notified`) or by
//!   FIN alone (`torn`). It filters expectations and the journal, not rules, which are asked at the beginning; what the
//!   server makes of it is `server: {tls: {close-notify: required}}`.
//! - **During a transfer only `ABOR` is heard**, as by vsftpd; `server: {ftp: {during-transfer: [ABOR, STAT, NOOP, QUIT]}}`
//!   is a server that answers at once.
//! - **Where real servers differ, a setting of `server: {ftp: …}` says so, and is vsftpd's way without**: `dot-files`,
//!   `restart`, `crlf`, `mdtm`, `trailing-slash`, `during-transfer`.
//! - **`expect` has words that the page has not.** `after: denied` counts only what begins when such an event is over, for
//!   the same `per` key: `{when: login, after: denied, times: 0}`, `{when: rename, after: upload}`. `offset: 1B+` counts
//!   only transfers that begin there: a resume, be it by `REST`, `APPE` or SFTP's first offset. `stored: /in/*.part`, in
//!   place of `when`, is about the files and links that are there in the end, from the tree's own root; with `size` or
//!   `sha256` about files alone. A path that ends in `/` means folders: `stored: /in/done/`. Links are not followed.
//!   `times` holds for each `per` key by itself; what exactly is weighed is told in [`crate::expect`]. Here `tls: resumed`
//!   is known of transfers, too: it is asked when they are over.
//! - **`exit: nonzero` expects the client to fail**: the command that `badftp run` started for the scenario has to exit with 1
//!   to 119 or 255, and `run` then exits with 0. `exit: 19` and `exit: 1-5` are other codes. A signal, a time-out (124),
//!   126 and 127 meet none of them, and `run` exits with them as ever; any other exit is an unmet expectation (120). It
//!   stands alone in its expectation, once in a document. Where no command was run, it is not judged, and the report says
//!   so.
//! - **`fires: 0+` says that a rule may stay unused**, `fires: 0` that it must, `fires: 3` how often it is due; without it
//!   a rule has to fire at least once, or the verdict fails. It is a key of its own because `times` says what a rule does,
//!   and this what a test is worth.
//! - **What a request of SFTP carries is filtered, expected and told in the same words.** `flags: READ+WRITE` are those of
//!   `SSH_FXP_OPEN`, all of them, whatever others there are; `offset`, `length` and `order` (`sequential`: where the last
//!   READ or WRITE of the handle has ended, as it was asked or as it was done; else `random`) are of `SSH_FXP_READ` and
//!   `SSH_FXP_WRITE`, and `length` is also the size that `setstat` sets; `attributes: permissions rw-------` are what
//!   is set. A rule on a whole transfer is asked when nothing is read or written yet, so `check` refuses these there, but
//!   for the `offset` of FTP's `RETR`, `STOR` and `APPE`, which is known from the beginning; an expectation looks back, and sees where a transfer began, its longest request, and whether any was out of order.
//! - **`APPEND` without `WRITE` is a `download`** (rule 4): OpenSSH opens such a file for reading, and every `WRITE` fails.
//! - **A rule's `delay` of an SFTP request holds up those behind it**, as a slow disk does in OpenSSH's one process.
//!   `server: {sftp: {requests: at-once}}` is a server that works on all that it has heard; the network's `delay` is always
//!   for all that is under way.
//! - **`server: {chunk: …}` cuts SFTP's packets into pieces and shortens no READ**; a rule's own `chunk` is short reads and
//!   one entry a packet, as the page has it.
//! - **A fraction of a second in `modified` is kept, and told where there is room for it**: `MDTM`, `MLST` and `MLSD`
//!   (RFC 3659, section 2.3). What clients store has whole seconds, as on other servers.
//! - **An expectation has no `state`**: states are the rules' own. Nor can it count what the journal has no record of by
//!   itself: `idle` (only a rule says how long a silence is one; give it `fires: 0`), the packets of a transfer, SSH's
//!   messages but for logins and channels.
//! - **Aliases, anchors and tags of YAML are refused**: a scenario says what it says where it stands.

mod answers;
mod builder;
mod catalog;
mod document;
mod expect;
mod field;
mod files;
mod filters;
mod find;
mod forms;
mod keys;
mod later;
mod problem;
mod render;
mod rules;
mod schema;
mod secure;
mod sentence;
mod server;
mod similar;
mod source;
mod tls;
mod users;
mod values;
mod word;
mod yaml;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::engine::Rule;
use crate::expect::Expectation;
use crate::files::Tree;
use crate::ftp;
use crate::listener::{Family, ProxyHeader};
use crate::run::{Accounts, Network};
use crate::ssh;

pub use builder::Builder;
pub use catalog::{Entry, Variant, catalog};
pub use find::{Error, Found, check, find, find_all, find_inline};
pub use keys::KeyDoc;
pub use problem::{Problems, Severity};
pub use schema::schema;
pub use sentence::{Sentence, Value, exit, stored, when};
pub use source::Source;

use keys::Reading;

/// What a server without any rule is called.
pub const HEALTHY: &str = "healthy";

/// One document of a scenario file, with nothing wrong in it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it was found by: a path, a shipped name, or its place in Rust.
    pub reference: Option<String>,
    /// What a variant is chosen by.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// What clients show.
    pub symptom: Option<String>,
    /// What all chances are drawn from.
    pub seed: u64,
    /// The address families of the listeners; those of the addresses they are given, without.
    pub family: Option<Family>,
    /// What stands before each connection.
    pub proxy_header: ProxyHeader,
    /// How FTP looks.
    pub ftp: ftp::Settings,
    /// How SSH looks, and SFTP.
    pub ssh: ssh::Settings,
    /// How TLS looks.
    pub tls: crate::tls::Settings,
    /// The network below everything.
    pub network: Network,
    /// Who may log in.
    pub accounts: Accounts,
    /// What is in the tree at the start.
    pub files: Tree,
    /// What goes wrong.
    pub rules: Vec<Rule>,
    /// What the client is expected to do.
    pub expectations: Vec<Expectation>,
}

/// A file with nothing wrong in it.
#[derive(Debug)]
pub struct Checked {
    /// Its documents; the first is the default.
    pub scenarios: Vec<Scenario>,
    /// What can be run, and hardly does what was meant.
    pub warnings: Option<Problems>,
    /// The files that it takes by `from:`.
    pub from: Vec<PathBuf>,
}

impl Scenario {
    /// A server without any rule, called [`HEALTHY`].
    #[must_use]
    pub fn healthy() -> Self {
        Self {
            reference: Some(HEALTHY.to_owned()),
            name: None,
            description: None,
            symptom: None,
            seed: 0,
            family: None,
            proxy_header: ProxyHeader::None,
            ftp: ftp::Settings::default(),
            ssh: ssh::Settings::default(),
            tls: crate::tls::Settings::default(),
            network: Network::default(),
            accounts: Accounts::default(),
            files: files::usual_tree(),
            rules: Vec::new(),
            expectations: Vec::new(),
        }
    }

    /// What it is called in a line to people: its description or its name.
    #[must_use]
    pub fn title(&self) -> String {
        let title = self.description.as_deref().or(self.name.as_deref());
        let healthy = if self.rules.is_empty() { "a healthy server" } else { "a scenario" };
        title.unwrap_or(healthy).trim().to_owned()
    }

    /// What it is called in reports: what it was found by, or its name, or the first line of its description.
    #[must_use]
    pub fn label(&self) -> String {
        let description =
            || self.description.as_deref().and_then(|text| text.trim().lines().next());
        let own = self.reference.as_deref().or(self.name.as_deref()).or_else(description);
        own.unwrap_or("inline").to_owned()
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: usize = self.scenarios.iter().map(|scenario| scenario.rules.len()).sum();
        let plural = |count, thing: &str| match count {
            1 => format!("1 {thing}"),
            count => format!("{count} {thing}s"),
        };
        f.write_str(&plural(rules, "rule"))?;
        let expectations: usize =
            self.scenarios.iter().map(|scenario| scenario.expectations.len()).sum();
        if expectations > 0 {
            write!(f, ", {}", plural(expectations, "expectation"))?;
        }
        match self.scenarios.len() {
            0 | 1 => Ok(()),
            documents => write!(f, " in {}", plural(documents, "document")),
        }
    }
}

/// A duration as the language writes it, for flags.
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub fn duration(text: &str) -> Result<Duration, String> {
    values::duration(text).map_err(values::Mistake::sentence)
}

/// A size as the language writes it, for flags.
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub fn size(text: &str) -> Result<u64, String> {
    values::size(text).map_err(values::Mistake::sentence)
}

/// Every key of the language, map by map, in the order of its page.
#[must_use]
pub fn keys() -> Vec<KeyDoc> {
    let document = keys::docs("a scenario", document::DOCUMENT);
    let server = keys::docs("`server`", server::SERVER)
        .chain(keys::docs("`server: ftp`", server::FTP))
        .chain(keys::docs("`server: tls`", tls::TLS))
        .chain(keys::docs("`server: ssh`", secure::SSH))
        .chain(keys::docs("`server: sftp`", secure::SFTP));
    let users = keys::docs("a user", users::USER);
    let files = keys::docs("a file", files::FILE);
    document
        .chain(server)
        .chain(users)
        .chain(files)
        .chain(keys::docs("a rule", rules::RULE))
        .chain(keys::docs("an expectation", expect::EXPECTATION))
        .collect()
}

/// Reads every document of a file.
///
/// # Errors
/// All that is wrong with it, warnings included.
pub fn read(source: &Source) -> Result<Checked, Problems> {
    let mut reading = Reading::new(source.clone());
    let nodes = match yaml::documents(source.text(), &mut reading) {
        Ok(nodes) if nodes.is_empty() => return Err(reading.with(document::nothing())),
        Ok(nodes) => nodes,
        // What was odd before the place where it ceased to be YAML may be odd for the same reason.
        Err(broken) => return Err(Reading::new(source.clone()).with(broken)),
    };
    let documents: Vec<_> =
        nodes.into_iter().map(|node| document::document(node, &mut reading)).collect();
    document::check_names(&documents, &mut reading);
    let scenarios = documents.into_iter().filter_map(|document| document.scenario).collect();
    let from = std::mem::take(&mut reading.from);
    let problems = reading.into_problems();
    if problems.has_errors() {
        return Err(problems);
    }
    let warnings = Some(problems).filter(|warnings| !warnings.is_empty());
    Ok(Checked { scenarios, warnings, from })
}
