//! Is what the client shows of badftp what it shows of a real server?

use crate::badftp::Badftp;
use crate::run::Shown;
use crate::site::Site;

/// Whether both servers can be made to use the same words in their replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    Same,
    Differ,
}

/// Runs the same client against a real server and against badftp, and insists that it shows the same.
///
/// Where the texts of replies differ, their codes and the client's own words must agree. Returns what both showed, for
/// the test to look at: two clients that cannot connect agree, too.
#[track_caller]
pub(crate) fn same(
    scenario: &str,
    real: &Site,
    texts: Texts,
    client: impl Fn(&Site) -> Shown,
) -> Shown {
    same_and_known(scenario, real, texts, client, |_| Ok(()))
}

/// The same of a client that is known to show something of both, or else why it does not.
#[track_caller]
pub(crate) fn same_and_known(
    scenario: &str,
    real: &Site,
    texts: Texts,
    client: impl Fn(&Site) -> Shown,
    known: impl Fn(&Shown) -> Result<(), String>,
) -> Shown {
    let seen = |site: &Site| {
        let shown = client(site);
        let unknown = known(&shown).err().unwrap_or_default();
        (soft(&shown, site, texts), unknown)
    };
    let (expected, why_not_real) = seen(real);
    let badftp =
        if real.is_implicit() { Badftp::serve_ftps(scenario) } else { Badftp::serve(scenario) };
    let (got, why_not) = seen(&badftp.site().over(real.tls));
    assert!(
        expected == got && why_not_real.is_empty() && why_not.is_empty(),
        "of the real server the client shows:\n{expected}\n{why_not_real}\n\
         of {scenario} it shows:\n{got}\n{why_not}"
    );
    got
}

/// What does not differ from run to run, or from server to server.
fn soft(shown: &Shown, site: &Site, texts: Texts) -> Shown {
    let soft = |text: &str| match texts {
        Texts::Same => blank(text, site),
        Texts::Differ => without_reply_texts(&blank(text, site)),
    };
    Shown { exit: shown.exit, stdout: soft(&shown.stdout), stderr: soft(&shown.stderr) }
}

/// Insists on curl's exit code and on its last message, in which times and ports are blanked.
#[track_caller]
pub(crate) fn curl_says(shown: &Shown, exit: i32, message: &str) {
    if let Err(why) = has_said(shown, exit, message) {
        panic!("{why}\n{shown}");
    }
}

/// For an event that curl may meet at one of several points: what it says is one of these, and the first stands for all.
#[track_caller]
pub(crate) fn says_one_of(shown: Shown, outcomes: &[(i32, &str)]) -> Shown {
    let told = |(exit, message): &(i32, &str)| has_said(&shown, *exit, message).is_ok();
    assert!(outcomes.iter().any(told), "curl should say one of {outcomes:?}\n{shown}");
    let (exit, message) = outcomes[0];
    Shown { exit, stderr: format!("curl: ({exit}) {message}"), ..shown }
}

/// Whether curl has said this, or why not.
pub(crate) fn has_said(shown: &Shown, exit: i32, message: &str) -> Result<(), String> {
    let said = if exit == 0 { String::new() } else { format!("curl: ({exit}) {message}") };
    let got = blank_numbers(shown.stderr.lines().last().unwrap_or_default());
    let right = shown.exit == exit && got == said;
    right.then_some(()).ok_or_else(|| format!("curl should exit {exit} and say {message:?}"))
}

/// Addresses, ports, times and the writable folder differ from run to run, and say nothing.
fn blank(text: &str, site: &Site) -> String {
    let text = text.replace(&site.address.to_string(), "host:port");
    let text = text.replace(&site.address.ip().to_string(), "host");
    let text = text.replace(&site.address.port().to_string(), "port");
    blank_numbers(&text.replace(site.folder, "/"))
}

/// `after 3001 milliseconds` becomes `after N milliseconds`, and an address with its port `host`.
pub(crate) fn blank_numbers(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let blanked = words.iter().enumerate().map(|(at, word)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        match next.trim_end_matches([':', ',', '.', '\n']) {
            "ms" | "milliseconds" | "seconds" if is_number => "N",
            _ => word,
        }
    });
    let text = as_a_reset(&blanked.collect::<Vec<_>>().join(" "));
    let text = without_number_after(&text, "127.0.0.1 port ", "host");
    without_number_after(&text, "(errno: ", "(errno: N")
}

/// Which of the two errors a writer meets depends on how much its peer had not read yet, and whether lftp names a
/// reset at all depends on when it looks.
fn as_a_reset(text: &str) -> String {
    let text = text.replace("BrokenPipeError: [Errno 32]", "ConnectionResetError: [Errno 104]");
    let text = text.replace("Broken pipe", "Connection reset by peer");
    text.replace("max-retries exceeded (Connection reset by peer)", "max-retries exceeded")
}

fn without_number_after(text: &str, before: &str, instead: &str) -> String {
    let mut parts = text.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    let without_number =
        |part: &str| part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    parts.fold(first, |text, part| text + instead + &without_number(part))
}

/// `550 Failed to open file. (/missing)` becomes `550 … (/missing)`.
fn without_reply_texts(text: &str) -> String {
    let soften = |line: &str| match code_at(line) {
        None => line.to_owned(),
        Some(at) => {
            let (before, reply) = line.split_at(at + 3);
            let own_words = reply.rfind(" (").map_or("", |at| &reply[at..]);
            format!("{before} …{own_words}")
        }
    };
    text.lines().map(soften).collect::<Vec<_>>().join("\n")
}

/// Where a reply code stands in a line: three digits as a word of their own.
fn code_at(line: &str) -> Option<usize> {
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut at = 0;
    for word in line.split([' ', '-', '"', '(']) {
        if is_code(word) && at + 3 < line.len() {
            return Some(at);
        }
        at += word.len() + 1;
    }
    None
}

#[test]
fn times_ports_and_reply_texts_can_be_blanked() {
    let refused = "curl: (7) Failed to connect to 127.0.0.1 port 40001 after 2 ms: Couldn't connect to server";
    assert_eq!(
        blank_numbers(refused),
        "curl: (7) Failed to connect to host after N ms: Couldn't connect to server"
    );
    let missing = "get: Access failed: 550 Failed to open file. (/missing)";
    assert_eq!(without_reply_texts(missing), "get: Access failed: 550 … (/missing)");
}
