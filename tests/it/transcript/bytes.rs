//! Bytes as a transcript writes them: `"\xE9\r\n"`, `"ab" x1000`, and lines in which `*` stands for anything.

use std::fmt::Write as _;

/// More of a long mismatch helps nobody.
const MOST_SHOWN: usize = 200;

/// Reads `"…"`, or `"…" x3` for three times the same.
pub(crate) fn parse(text: &str) -> Result<Vec<u8>, String> {
    let inner = text.strip_prefix('"').ok_or("expected bytes in double quotes")?;
    let (quoted, rest) = inner.rsplit_once('"').ok_or("the closing quote is missing")?;
    let bytes = unescape(quoted)?;
    match rest.trim() {
        "" => Ok(bytes),
        times => {
            let times = times.strip_prefix('x').and_then(|times| times.parse().ok());
            times.map(|times| bytes.repeat(times)).ok_or("expected `x` and a number".to_owned())
        }
    }
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let (byte, after) = escape(&rest[at + 1..])?;
        bytes.push(byte);
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

fn escape(text: &str) -> Result<(u8, &str), String> {
    let mut characters = text.chars();
    let byte = match characters.next() {
        Some('r') => b'\r',
        Some('n') => b'\n',
        Some('0') => 0,
        Some(same @ ('"' | '\\')) => same as u8,
        Some('x') => {
            let digits = text.get(1..3).ok_or("`\\x` needs two digits")?;
            let byte = u8::from_str_radix(digits, 16);
            return byte.map(|byte| (byte, &text[3..])).map_err(|error| error.to_string());
        }
        other => return Err(format!("`\\{}` is no escape", other.unwrap_or(' '))),
    };
    Ok((byte, characters.as_str()))
}

/// Shows bytes as a transcript would write them.
pub(crate) fn show(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in bytes.iter().take(MOST_SHOWN) {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => text.push(char::from(*byte)),
            byte => write!(text, "\\x{byte:02X}").expect("a string takes all"),
        }
    }
    text.push('"');
    if bytes.len() > MOST_SHOWN {
        write!(text, "… ({} bytes)", bytes.len()).expect("a string takes all");
    }
    text
}

/// Whether a line is what a pattern says, in which `*` stands for any run of bytes.
pub(super) fn matches(pattern: &[u8], line: &[u8]) -> bool {
    let mut parts = pattern.split(|byte| *byte == b'*');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let found = (0..=rest.len()).find(|at| rest[*at..].starts_with(part));
        match found {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn bytes_are_written_with_escapes_and_repeated() {
    assert_eq!(parse(r#""a\r\n\xE9\"" "#), Ok(b"a\r\n\xE9\"".to_vec()));
    assert_eq!(parse(r#""ab" x3"#), Ok(b"ababab".to_vec()));
    assert_eq!(show(b"a\r\n\xE9\""), r#""a\r\n\xE9\"""#);
    for wrong in ["a", "\"a", r#""\q""#, r#""\x1""#, r#""a" 3"#] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_star_stands_for_anything_and_all_else_for_itself() {
    assert!(matches(b"229 (|||*|)", b"229 (|||4711|)"));
    assert!(matches(b"a*b*c", b"abc"));
    assert!(matches(b"*", b""));
    assert!(!matches(b"331", b"331 "));
    assert!(!matches(b"a*b", b"ac"));
    assert!(!matches(b"ab*b", b"ab"));
}
