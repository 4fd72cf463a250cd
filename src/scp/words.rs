//! Words as a shell makes them of a command line: quotes, backslashes, and patterns of names. Nothing else of a shell
//! is here: a `$`, a `;` or a `|` stands for itself.

use crate::engine::Glob;
use crate::files::{Account, Files, Follow};

/// One word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes, each with whether it was quoted.
    bytes: Vec<(u8, bool)>,
}

/// What stands for other names, unless it is quoted.
const WILD: &[u8] = b"*?[";

/// Splits a command line into its words; a quote that is never closed ends with the line.
pub(super) fn split(line: &[u8]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote = None;
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b' ' | b'\t' | b'\n') => words.extend(word.take()),
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            (None | Some(b'"'), b'\\') => {
                let next = bytes.next().map(|next| (next, true));
                word.get_or_insert_default().bytes.extend(next);
            }
            (quote, byte) => word.get_or_insert_default().bytes.push((byte, quote.is_some())),
        }
    }
    words.extend(word);
    words
}

impl Word {
    /// As it was meant, if it is no pattern; `~` is home, which is the root.
    pub(super) fn text(&self) -> Vec<u8> {
        let text: Vec<u8> = self.bytes.iter().map(|(byte, _)| *byte).collect();
        match text.strip_prefix(b"~") {
            Some([]) => b"/".to_vec(),
            Some(rest) if rest.starts_with(b"/") && !self.bytes[0].1 => rest.to_vec(),
            _ => text,
        }
    }

    /// The paths it stands for, in order; a pattern that no name matches stands for itself.
    pub(super) fn paths(&self, files: &Files, account: &Account) -> Vec<Vec<u8>> {
        let mut found: Vec<Vec<u8>> = vec![Vec::new()];
        if !self.bytes.iter().any(|byte| is_wild(*byte)) {
            return vec![self.text()];
        }
        for (index, part) in self.bytes.split(|byte| byte.0 == b'/').enumerate() {
            let slash: &[u8] = if index == 0 { b"" } else { b"/" };
            let before = found.into_iter().map(|path| [&path, slash].concat());
            found = before.flat_map(|path| matching(files, account, &path, part)).collect();
        }
        found.retain(|path| files.stat(account, &account.resolve(path), Follow::No).is_ok());
        if found.is_empty() { vec![self.text()] } else { found }
    }
}

fn is_wild((byte, quoted): (u8, bool)) -> bool {
    !quoted && WILD.contains(&byte)
}

/// A directory's path with each name in it that this part of a pattern matches.
fn matching(files: &Files, account: &Account, folder: &[u8], part: &[(u8, bool)]) -> Vec<Vec<u8>> {
    if !part.iter().any(|byte| is_wild(*byte)) {
        let plain: Vec<u8> = part.iter().map(|(byte, _)| *byte).collect();
        return vec![[folder, &plain].concat()];
    }
    let Some(glob) = glob(part) else { return Vec::new() };
    let hidden = part.first().is_some_and(|(first, _)| *first == b'.');
    let entries = files.list(account, &account.resolve(folder)).unwrap_or_default();
    let names = entries.iter().map(|entry| &entry.name);
    let shown = names.filter(|name| hidden || !name.starts_with(b"."));
    shown.filter(|name| glob.matches(name)).map(|name| [folder, name].concat()).collect()
}

/// What is quoted stands for itself, and so do braces, which are no part of a pattern.
fn glob(part: &[(u8, bool)]) -> Option<Glob> {
    let mut source = Vec::new();
    for (byte, quoted) in part {
        if b"{}\\".contains(byte) || *quoted && b"*?[]!".contains(byte) {
            source.push(b'\\');
        }
        source.push(*byte);
    }
    Glob::text(std::str::from_utf8(&source).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        let texts = split(line.as_bytes()).into_iter().map(|word| word.text());
        texts.map(|text| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn quotes_and_backslashes_hold_a_word_together() {
        assert_eq!(texts("scp -t 'a b'"), ["scp", "-t", "a b"]);
        assert_eq!(texts(r#"  "a\"b" c\ d'e' '' "#), ["a\"b", "c de", ""]);
        assert_eq!(texts("'it'\\''s' ~ ~/x '~'/y"), ["it's", "/", "/x", "~/y"]);
        assert_eq!(texts(""), [""; 0]);
    }
}
