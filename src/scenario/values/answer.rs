//! The codes that answers begin with.

use super::Mistake;

/// Whether a reply begins with a code: any three digits, because clients meet them all.
pub(in crate::scenario) fn code(text: &str) -> Result<(), Mistake> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mistake = |label: &str| {
        Mistake::new(label).help(
            "write the code first, as `550 text`; what has none goes by `send`, byte for byte",
        )
    };
    if digits == 0 {
        return Err(mistake("no code"));
    }
    if digits != 3 {
        return Err(mistake("a code has three digits"));
    }
    if !text[3..].is_empty() && !text[3..].starts_with([' ', '-']) {
        return Err(mistake("expected a space or a `-` behind the code"));
    }
    Ok(())
}

/// A status: its number, and the text behind it.
pub(in crate::scenario) fn status_number(text: &str) -> Result<(u32, &str), Mistake> {
    let (number, text) = text.split_once(' ').unwrap_or((text, ""));
    match number.parse() {
        Ok(number) => Ok((number, text)),
        Err(_) => Err(Mistake::new("no status number").help("write `status: 4 Failure`")),
    }
}
