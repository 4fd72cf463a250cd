//! Words of the language, and names of the user's own.

use super::Mistake;
use crate::scenario::similar::did_you_mean;

/// One of the words of a table, and what it stands for.
pub(in crate::scenario) fn one_of<T: Copy>(
    text: &str,
    words: &[(T, &'static str)],
) -> Result<T, Mistake> {
    let found = words.iter().find(|(_, word)| *word == text);
    found.map(|(meaning, _)| *meaning).ok_or_else(|| {
        let names = words.iter().map(|(_, word)| *word);
        Mistake::new("unknown word").maybe_help(did_you_mean(text, names))
    })
}

/// The name of a state or a variant.
pub(in crate::scenario) fn name(text: &str) -> Result<String, Mistake> {
    let letters = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if text.is_empty() || !letters {
        return Err(Mistake::new("letters, digits and hyphens"));
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return Err(Mistake::new("a name needs a letter"));
    }
    Ok(text.to_owned())
}
