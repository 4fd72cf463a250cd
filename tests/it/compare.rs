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
    let [expected, got] = both(scenario, real, texts, client);
    assert!(
        expected == got,
        "of the real server the client shows:\n{expected}\nof {scenario} it shows:\n{got}"
    );
    got
}

/// The same of a client that changes nothing, and on a busy machine now and then shows something else of one and the
/// same server: lftp, when its own clock and the end of a transfer come together.
#[track_caller]
pub(crate) fn same_once(
    scenario: &str,
    real: &Site,
    texts: Texts,
    client: impl Fn(&Site) -> Shown,
) -> Shown {
    for _ in 0..2 {
        let [expected, got] = both(scenario, real, texts, &client);
        if expected == got {
            return got;
        }
    }
    same(scenario, real, texts, client)
}

fn both(scenario: &str, real: &Site, texts: Texts, client: impl Fn(&Site) -> Shown) -> [Shown; 2] {
    let seen = |site: &Site| {
        let Shown { exit, stdout, stderr } = client(site);
        let soften = |text: &str| match texts {
            Texts::Same => blank(text, site),
            Texts::Differ => without_reply_texts(&blank(text, site)),
        };
        Shown { exit, stdout: soften(&stdout), stderr: soften(&stderr) }
    };
    let expected = seen(real);
    let badftp =
        if real.is_implicit() { Badftp::serve_ftps(scenario) } else { Badftp::serve(scenario) };
    [expected, seen(&badftp.site().over(real.tls))]
}

/// Insists on curl's exit code and on its last message, in which times and ports are blanked.
#[track_caller]
pub(crate) fn curl_says(shown: &Shown, exit: i32, message: &str) {
    let said = if exit == 0 { String::new() } else { format!("curl: ({exit}) {message}") };
    let got = blank_numbers(shown.stderr.lines().last().unwrap_or_default());
    let right = shown.exit == exit && got == said;
    assert!(right, "curl should exit {exit} and say {message:?}\n{shown}");
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
