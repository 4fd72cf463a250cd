//! A packet as a transcript writes it: `STATUS 1 2 "No such file" ""`.

use crate::transcript::bytes;

const KINDS: [(&str, u8); 27] = [
    ("INIT", 1),
    ("VERSION", 2),
    ("OPEN", 3),
    ("CLOSE", 4),
    ("READ", 5),
    ("WRITE", 6),
    ("LSTAT", 7),
    ("FSTAT", 8),
    ("SETSTAT", 9),
    ("FSETSTAT", 10),
    ("OPENDIR", 11),
    ("READDIR", 12),
    ("REMOVE", 13),
    ("MKDIR", 14),
    ("RMDIR", 15),
    ("REALPATH", 16),
    ("STAT", 17),
    ("RENAME", 18),
    ("READLINK", 19),
    ("SYMLINK", 20),
    ("STATUS", 101),
    ("HANDLE", 102),
    ("DATA", 103),
    ("NAME", 104),
    ("ATTRS", 105),
    ("EXTENDED", 200),
    ("REPLY", 201),
];

/// A field, or what stands for any.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    Bytes(Vec<u8>),
    Handle,
    AnyNumber,
    AnyString,
    StringOf(usize),
    Rest,
}

/// A packet, or what stands for any of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form(Vec<Field>);

impl Form {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
        let known = KINDS.iter().find(|(name, _)| *name == kind);
        let (_, kind) = known.ok_or_else(|| format!("`{kind}` is no packet"))?;
        let mut fields = vec![Field::Bytes(vec![*kind])];
        let mut rest = rest.trim_start();
        while !rest.is_empty() {
            let (field, after) = field(rest)?;
            fields.push(field);
            rest = after.trim_start();
        }
        Ok(Self(fields))
    }

    /// The packet with its length.
    pub(super) fn packet(&self, handle: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        for field in &self.0 {
            match field {
                Field::Bytes(bytes) => body.extend_from_slice(bytes),
                Field::Handle => body.extend(string(handle)),
                other => panic!("{other:?} is no field that can be said"),
            }
        }
        string(&body)
    }

    /// Whether a packet without its length is of this form; it may bring a handle.
    pub(super) fn matches(&self, mut body: &[u8], handle: &mut Vec<u8>) -> bool {
        for field in &self.0 {
            let size = match field {
                Field::Rest => return true,
                Field::Bytes(bytes) if body.starts_with(bytes) => bytes.len(),
                Field::Bytes(_) => return false,
                Field::AnyNumber => 4,
                Field::Handle | Field::AnyString | Field::StringOf(_) => {
                    let Some(length) = body.first_chunk() else { return false };
                    let length = u32::from_be_bytes(*length) as usize;
                    if matches!(field, Field::StringOf(expected) if *expected != length) {
                        return false;
                    }
                    if *field == Field::Handle
                        && let Some(heard) = body.get(4..4 + length)
                    {
                        *handle = heard.to_vec();
                    }
                    4 + length
                }
            };
            let Some(rest) = body.get(size..) else { return false };
            body = rest;
        }
        body.is_empty()
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a packet is short");
    [&length.to_be_bytes(), bytes].concat()
}

/// The first field of a text, and what is behind it.
fn field(text: &str) -> Result<(Field, &str), String> {
    if let Some(raw) = text.strip_prefix("raw") {
        let (quoted, rest) = quoted(raw)?;
        return Ok((Field::Bytes(bytes::parse(&quoted)?), rest));
    }
    if text.starts_with('"') {
        let (quoted, rest) = quoted(text)?;
        return Ok((Field::Bytes(string(&bytes::parse(&quoted)?)), rest));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let number = |digits: &str| digits.parse::<u64>().map_err(|_| format!("`{word}` is no field"));
    let field = match word {
        "@" => Field::Handle,
        "?" => Field::AnyNumber,
        "~" => Field::AnyString,
        "*" => Field::Rest,
        _ => match (word.strip_prefix('#'), word.strip_suffix('L')) {
            (Some(size), _) => {
                Field::StringOf(usize::try_from(number(size)?).unwrap_or(usize::MAX))
            }
            (None, Some(long)) => Field::Bytes(number(long)?.to_be_bytes().to_vec()),
            (None, None) => {
                let short = u32::try_from(number(word)?).map_err(|error| error.to_string())?;
                Field::Bytes(short.to_be_bytes().to_vec())
            }
        },
    };
    Ok((field, rest))
}

/// `"…"`, or `"…" x3`, as far as it goes.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let (end, _) = end.ok_or("the closing quote is missing")?;
    let (quoted, rest) = text.split_at(end + 1);
    let times =
        rest.trim_start().split(' ').next().filter(|word| {
            word.strip_prefix('x').is_some_and(|times| times.parse::<usize>().is_ok())
        });
    match times {
        Some(times) => {
            let (_, rest) = rest.split_once(times).unwrap_or_default();
            Ok((format!("{quoted} {times}"), rest))
        }
        None => Ok((quoted.to_owned(), rest)),
    }
}

#[test]
fn each_field_is_understood() {
    let form = |text: &str| Form::parse(text).expect("it is a packet");
    let status = form(r#"STATUS 1 2 "no\"" "" "#);
    assert_eq!(status.packet(b""), b"\0\0\0\x14\x65\0\0\0\x01\0\0\0\x02\0\0\0\x03no\"\0\0\0\0");
    assert_eq!(
        form(r#"READ @ 7L raw"\x01" x2"#).packet(b"h")[4..],
        *b"\x05\0\0\0\x01h\0\0\0\0\0\0\0\x07\x01\x01"
    );
    let mut handle = Vec::new();
    assert!(form("HANDLE 1 @").matches(b"\x66\0\0\0\x01\0\0\0\x02ab", &mut handle));
    assert_eq!(handle, b"ab");
    assert!(form("DATA ? #2").matches(b"\x67\0\0\0\x09\0\0\0\x02ab", &mut handle));
    assert!(!form("DATA ? #3").matches(b"\x67\0\0\0\x09\0\0\0\x02ab", &mut handle));
    assert!(form("NAME 1 *").matches(b"\x68\0\0\0\x01anything", &mut handle));
    assert!(!form("NAME 1").matches(b"\x68\0\0\0\x01anything", &mut handle));
    for wrong in ["NOTHING", "STAT x", "STAT \"a"] {
        assert!(Form::parse(wrong).is_err(), "{wrong}");
    }
}
