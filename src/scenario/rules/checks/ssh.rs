//! What is said and done below SFTP: which messages of SSH can be said where. What the library that speaks SSH cannot
//! do is refused with a sentence.

use super::super::draft::Draft;
use crate::engine::{Answer, Ending, HostKey, Operation, Protocol, Step};
use crate::scenario::keys::Reading;
use crate::scenario::problem::Problem;
use crate::scenario::word::Word;
use crate::scenario::yaml::Spanned;

/// The highest reason of RFC 4253, section 11.1: higher ones can only be said in clear.
const LAST_REASON: u32 = 15;

pub(super) fn check(rule: &Draft, reading: &mut Reading) {
    host_key(rule, reading);
    messages(rule, reading);
    pauses(rule, reading);
    paces(rule, reading);
    idle(rule, reading);
    disconnect(rule, reading);
    exit(rule, reading);
    new_keys(rule, reading);
}

fn host_key(rule: &Draft, reading: &mut Reading) {
    if rule.host_key == HostKey::Own {
        return;
    }
    for word in rule.when.iter().filter(|word| !is_handshake(word.value)) {
        let event = word.value.text();
        reading.add(
            Problem::error(rule.key("host-key"), format!("at `{event}`, no host key is shown"))
                .label("shown in the handshake")
                .also(word.span, "write `handshake`"),
        );
    }
}

fn is_handshake(word: Word) -> bool {
    matches!(word.text(), "handshake" | "SSH_MSG_KEXINIT")
}

/// Whether all is still in clear.
fn is_clear(word: Word) -> bool {
    is_handshake(word) || word.text() == "connect"
}

fn messages(rule: &Draft, reading: &mut Reading) {
    for message in rule.messages() {
        for word in &rule.when {
            let Some(why) = cannot_say(message, word.value) else { continue };
            let event = word.value.text();
            let title = format!("`{message}` cannot be said at `{event}`");
            reading.add(
                Problem::error(rule.value("send"), title)
                    .label("not to be had here")
                    .also(word.span, "at this")
                    .help(why),
            );
        }
    }
}

/// An answer of a login or a channel is one message, and nothing comes in parts.
fn pauses(rule: &Draft, reading: &mut Reading) {
    let paused = matches!(&rule.send, Some(Answer::Steps(steps)) if steps.iter().any(is_pause));
    let says_messages = rule.messages().next().is_some();
    let one = |word: &&Spanned<Word>| {
        let word = word.value;
        let is_one_message = says_messages && !is_clear(word) && !matches!(word, Word::Request(_));
        is_one_message || (only_in_ssh(rule) && is_answered_by_the_library(word))
    };
    let Some(word) = rule.when.iter().find(one) else { return };
    if paused {
        reading.add(
            Problem::error(rule.value("send"), "no pause can be made here")
                .label("said at once")
                .also(word.span, "at this")
                .help("`delay: 5s` waits before it"),
        );
    }
}

/// What the library that speaks SSH says, it says at once.
fn paces(rule: &Draft, reading: &mut Reading) {
    let Some(key) = ["rate", "chunk"].into_iter().find(|key| rule.has(key)) else { return };
    let at_once = |word: Word| {
        is_answered_by_the_library(word) || (is_handshake(word) && rule.send.is_none())
    };
    if !only_in_ssh(rule) {
        return;
    }
    for word in rule.when.iter().filter(|word| at_once(word.value)) {
        let event = word.value.text();
        reading.add(
            Problem::error(rule.key(key), format!("`{key}` slows nothing at `{event}`"))
                .label("the answer is said at once")
                .also(word.span, "of this, in SSH")
                .help("`delay: 5s` waits before it"),
        );
    }
}

/// A silence is the whole connection's.
fn idle(rule: &Draft, reading: &mut Reading) {
    let idle = rule.when.iter().find(|word| word.value.text() == "idle");
    if let Some(word) = idle.filter(|_| rule.has("data") && only_in_ssh(rule)) {
        reading.add(
            Problem::error(rule.key("data"), "at `idle`, SSH has no channel to end")
                .label("nothing to end")
                .also(word.span, "all channels are silent then")
                .help("how the session ends is written `then`"),
        );
    }
}

fn only_in_ssh(rule: &Draft) -> bool {
    rule.holds_in() == [Protocol::Sftp]
}

/// Whether the library that speaks SSH says what answers it, as one message or not at all.
fn is_answered_by_the_library(word: Word) -> bool {
    use Operation::{Channel, Denied, Idle, Login};
    match word {
        Word::Operation(operation) => matches!(operation, Login | Denied | Channel | Idle),
        Word::Message(_) => !is_handshake(word),
        Word::Any | Word::Verb(_) | Word::Other(_) | Word::Request(_) => false,
    }
}

fn is_pause(step: &Step) -> bool {
    matches!(step, Step::Pause(_))
}

/// Why a message cannot be said at an event, if it cannot.
fn cannot_say(message: &str, word: Word) -> Option<&'static str> {
    match (message, word.text()) {
        ("SSH_MSG_USERAUTH_PASSWD_CHANGEREQ", _) => {
            return Some(
                "the library that speaks SSH does not know it; ask as PAM does, by `prompts` of `keyboard-interactive`",
            );
        }
        ("SSH_MSG_USERAUTH_BANNER", _) => {
            return Some("the banner is shown before the login: `server: {ssh: {banner: text}}`");
        }
        ("SSH_MSG_USERAUTH_FAILURE", "login" | "denied" | "SSH_MSG_USERAUTH_REQUEST")
        | ("SSH_MSG_CHANNEL_OPEN_FAILURE", "channel" | "SSH_MSG_CHANNEL_OPEN")
        | (
            "SSH_MSG_CHANNEL_SUCCESS" | "SSH_MSG_CHANNEL_FAILURE" | "SSH_MSG_CHANNEL_EXTENDED_DATA",
            "SSH_MSG_CHANNEL_REQUEST",
        ) => return None,
        ("SSH_MSG_CHANNEL_EOF" | "SSH_MSG_CHANNEL_EXTENDED_DATA", _)
            if matches!(word, Word::Request(_)) =>
        {
            return None;
        }
        _ => {}
    }
    let numbered = message["SSH_MSG_".len()..].parse::<u8>().is_ok();
    let plain = ["IGNORE", "DEBUG", "UNIMPLEMENTED", "DISCONNECT"];
    let in_clear = numbered || plain.contains(&&message["SSH_MSG_".len()..]);
    if in_clear && is_handshake(word) {
        return None;
    }
    if in_clear {
        return Some(
            "messages of one's own go out only while all is in clear, at `handshake`; a session is left by `then: disconnect 11 text`",
        );
    }
    Some(
        "said can be SSH_MSG_IGNORE, _DEBUG, _UNIMPLEMENTED, _DISCONNECT or SSH_MSG_192 at `handshake`, SSH_MSG_USERAUTH_FAILURE at `login` and `denied`, SSH_MSG_CHANNEL_OPEN_FAILURE at `channel`, SSH_MSG_CHANNEL_SUCCESS, _FAILURE and _EXTENDED_DATA at `SSH_MSG_CHANNEL_REQUEST`, SSH_MSG_CHANNEL_EOF and _EXTENDED_DATA at requests of SFTP such as `SSH_FXP_READ`",
    )
}

fn disconnect(rule: &Draft, reading: &mut Reading) {
    let Some(Ending::Disconnect(reason)) = rule.then else { return };
    let encrypted = rule.when.iter().find(|word| !is_clear(word.value));
    let Some(word) = encrypted else { return };
    let span = rule.value("then");
    if reason == 0 || reason > LAST_REASON {
        reading.add(
            Problem::error(span, format!("a session is not left for reason {reason}"))
                .label("1 to 15")
                .also(word.span, "all is encrypted here")
                .help("the library that speaks SSH has no others; in clear, at `connect` and `handshake`, any number can be said"),
        );
    }
    if std::str::from_utf8(&rule.farewell).is_err() {
        reading.add(
            Problem::error(span, "the text is no UTF-8")
                .label("the library that speaks SSH says no other")
                .also(word.span, "all is encrypted here")
                .help("in clear, at `connect` and `handshake`, any bytes can be said"),
        );
    }
}

/// Only what runs on a channel exits.
fn exit(rule: &Draft, reading: &mut Reading) {
    let Some(Ending::Exit(_)) = rule.then else { return };
    let on_channel = |word: Word| {
        matches!(word, Word::Any | Word::Request(_))
            || matches!(word.text(), "SSH_MSG_CHANNEL_REQUEST" | "SSH_MSG_CHANNEL_EOF")
            || matches!(word, Word::Operation(operation) if operation.is_on_files())
    };
    for word in rule.when.iter().filter(|word| !on_channel(word.value)) {
        let event = word.value.text();
        reading.add(
            Problem::error(
                rule.value("then"),
                format!("at `{event}`, nothing runs that could exit"),
            )
            .label("the end of a subsystem")
            .also(word.span, "there is no channel yet")
            .help("the connection ends by `then: close`, or `then: disconnect 11 text`"),
        );
    }
}

/// Once keys are taken, everything goes on or ends.
fn new_keys(rule: &Draft, reading: &mut Reading) {
    let word = rule.when.iter().find(|word| word.value.text() == "SSH_MSG_NEWKEYS");
    if let Some(word) = word.filter(|_| rule.then.is_none() || rule.send.is_some()) {
        reading.add(
            Problem::error(word.span, "at `SSH_MSG_NEWKEYS`, a connection can only end")
                .label("it has no `then`, or says something")
                .help("write `then: close`, `reset` or `stall`; a delay before it is fine"),
        );
    }
}
