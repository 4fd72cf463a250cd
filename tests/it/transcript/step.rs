//! One line of a transcript.

use std::net::IpAddr;
use std::time::Duration;

use super::bytes;

/// What is done, or expected, on one control connection or its data connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `login ann secret`: from the greeting to the 230.
    Login { user: String, password: String },
    /// `> …` and `< …`
    Control(Act),
    /// `data> …` and `data< …`
    Data(Act),
    /// `epsv`, `pasv`: asks for a port and connects to it.
    Passive(&'static str),
    /// `eprt`, `port`: listens and announces it.
    Active(&'static str),
    /// `data connect`: once more to the port that was announced last.
    Connect { from: Option<IpAddr>, expected: Connection },
    /// `until NOOP < 200 *`: asked again and again until this is the answer.
    Until { line: String, expected: String },
    /// `wait 300ms`
    Wait(Duration),
    /// `took 300ms`: at least so long since something was said.
    Took(Duration),
}

/// What happens on a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    Say(Vec<u8>),
    /// The last byte is urgent, as in Telnet's Synch.
    SayUrgent(Vec<u8>),
    /// FIN.
    End,
    /// RST.
    Reset,
    Hear(Expected),
}

/// What is heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A whole line with its CRLF; `*` stands for anything.
    Line(Vec<u8>),
    Bytes(Vec<u8>),
    /// So many bytes, whatever they are.
    Any(usize),
    End,
    Reset,
    Silence(Duration),
    /// That the connection is not even made.
    Refused,
    /// Who made it.
    From(IpAddr),
}

/// What becomes of a connection to a passive port.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Connection {
    Made,
    Refused,
    Silence(Duration),
}

/// Reads a line without its number of the connection.
pub(super) fn parse(line: &str) -> Result<Step, String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Ok(match word {
        ">" => Step::Control(say(rest)),
        "<" => Step::Control(Act::Hear(hear(rest)?)),
        ">raw" => Step::Control(Act::Say(bytes::parse(rest)?)),
        ">urgent" => Step::Control(Act::SayUrgent(bytes::parse(rest)?)),
        "<raw" => Step::Control(Act::Hear(Expected::Bytes(bytes::parse(rest)?))),
        "data>" => Step::Data(say_data(rest)?),
        "data<" => Step::Data(Act::Hear(hear_data(rest)?)),
        "data" => connect(rest)?,
        "epsv" => Step::Passive("EPSV"),
        "pasv" => Step::Passive("PASV"),
        "eprt" => Step::Active("EPRT"),
        "port" => Step::Active("PORT"),
        "login" => {
            let mut words = rest.split_whitespace().map(str::to_owned);
            let mut word = |usual: &str| words.next().unwrap_or_else(|| usual.to_owned());
            Step::Login { user: word("ann"), password: word("secret") }
        }
        "until" => {
            let (line, expected) =
                rest.split_once(" < ").ok_or("expected `until COMMAND < REPLY`")?;
            Step::Until { line: line.to_owned(), expected: expected.to_owned() }
        }
        "wait" => Step::Wait(duration(rest)?),
        "took" => Step::Took(duration(rest)?),
        other => return Err(format!("`{other}` is no word of a transcript")),
    })
}

fn say(text: &str) -> Act {
    match text {
        "end" => Act::End,
        "reset" => Act::Reset,
        line => Act::Say([line.as_bytes(), b"\r\n"].concat()),
    }
}

fn say_data(text: &str) -> Result<Act, String> {
    match text {
        "end" => Ok(Act::End),
        "reset" => Ok(Act::Reset),
        quoted => bytes::parse(quoted).map(Act::Say),
    }
}

fn hear(text: &str) -> Result<Expected, String> {
    match text.split_once(' ').unwrap_or((text, "")) {
        ("end", "") => Ok(Expected::End),
        ("reset", "") => Ok(Expected::Reset),
        ("refused", "") => Ok(Expected::Refused),
        ("silence", time) => duration(time).map(Expected::Silence),
        ("from", address) => {
            address.parse().map(Expected::From).map_err(|_| "no address".to_owned())
        }
        _ => Ok(Expected::Line([text.as_bytes(), b"\r\n"].concat())),
    }
}

fn hear_data(text: &str) -> Result<Expected, String> {
    if text.starts_with('"') {
        return bytes::parse(text).map(Expected::Bytes);
    }
    match text.strip_suffix(" bytes").and_then(|count| count.parse().ok()) {
        Some(count) => Ok(Expected::Any(count)),
        None => hear(text),
    }
}

/// `data connect`, `data connect from 127.0.0.2`, `data connect refused`, `data connect silence 300ms`
fn connect(text: &str) -> Result<Step, String> {
    let (from, expected) = match text.split_whitespace().collect::<Vec<_>>()[..] {
        ["connect"] => (None, Connection::Made),
        ["connect", "refused"] => (None, Connection::Refused),
        ["connect", "silence", time] => (None, Connection::Silence(duration(time)?)),
        ["connect", "from", address] => (Some(address), Connection::Made),
        _ => return Err(format!("`data {text}` is no step of a transcript")),
    };
    let from = from.map(str::parse).transpose().map_err(|_| "no address")?;
    Ok(Step::Connect { from, expected })
}

fn duration(text: &str) -> Result<Duration, String> {
    let milliseconds = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => number.parse().ok(),
        (None, Some(number)) => number.parse::<u64>().ok().map(|seconds| seconds * 1000),
        (None, None) => None,
    };
    let duration = milliseconds.map(Duration::from_millis);
    duration.ok_or_else(|| format!("expected a duration such as `300ms`, got `{text}`"))
}

#[test]
fn each_form_of_a_line_is_understood() {
    let line = |text: &str| parse(text).expect("it is a line of a transcript");
    assert_eq!(line("> NOOP"), Step::Control(Act::Say(b"NOOP\r\n".to_vec())));
    let silence = Expected::Silence(Duration::from_millis(300));
    assert_eq!(line("< silence 300ms"), Step::Control(Act::Hear(silence)));
    assert_eq!(line("data< 5 bytes"), Step::Data(Act::Hear(Expected::Any(5))));
    assert_eq!(line("data> end"), Step::Data(Act::End));
    let until = Step::Until { line: "SIZE a".to_owned(), expected: "213 3".to_owned() };
    assert_eq!(line("until SIZE a < 213 3"), until);
    for wrong in
        ["until NOOP", "data> x", "data refused", "wait 3", "<raw 3", "say x", "data< silence"]
    {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
