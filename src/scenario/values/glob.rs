//! Globs and paths.

use super::{Mistake, literal};
use crate::engine::Glob;
use crate::expect::StoredKind;
use crate::files::Path;

/// `/in/*.csv`: from the root.
pub(in crate::scenario) fn path_glob(text: &str) -> Result<Glob, Mistake> {
    if text.starts_with('/') || text.starts_with("**") {
        if text.len() > 1 && text.ends_with('/') {
            let help =
                format!("write `{}`, or `{text}**` for all below it", text.trim_end_matches('/'));
            return Err(Mistake::new("no path ends in `/`").help(help));
        }
        return glob(text, Glob::path);
    }
    let help =
        if text.contains('/') { format!("write `/{text}`") } else { format!("write `/**/{text}`") };
    Err(Mistake::new("paths begin at the root").help(help))
}

/// `/in/*.csv`, files and links; `/in/*/`, folders.
pub(in crate::scenario) fn stored_glob(text: &str) -> Result<(StoredKind, Glob), Mistake> {
    if text == "/" {
        let help = "name a folder in it, such as `/in/`, or a file, such as `/in/*.csv`";
        return Err(Mistake::new("the root is always there").help(help));
    }
    match text.strip_suffix('/') {
        Some(folder) => Ok((StoredKind::Folders, path_glob(folder)?)),
        None => Ok((StoredKind::FilesAndLinks, path_glob(text)?)),
    }
}

/// `UTF8*`
pub(in crate::scenario) fn text_glob(text: &str) -> Result<Glob, Mistake> {
    glob(text, Glob::text)
}

fn glob(text: &str, make: impl Fn(&str) -> Result<Glob, String>) -> Result<Glob, Mistake> {
    if literal(text).is_ok_and(|bytes| bytes != text.as_bytes()) {
        return Err(Mistake::new("a pattern holds no `<x..>`").help("`?` stands for any one byte"));
    }
    make(text).map_err(|sentence| {
        Mistake::new(sentence)
            .help("`*` is any text but `/`, `**` any at all, `?` one byte, `[ab]` one of these")
    })
}

/// An absolute path of the tree; `<x..>` in it are bytes.
pub(in crate::scenario) fn absolute_path(text: &str) -> Result<Path, Mistake> {
    if !text.starts_with('/') {
        return Err(Mistake::new("paths begin at the root").help(format!("write `/{text}`")));
    }
    let bytes = literal(text)?;
    let mut parts = bytes.split(|byte| *byte == b'/');
    if parts.any(|part| part == b"." || part == b"..") {
        return Err(Mistake::new("a path is written out, without `.` and `..`"));
    }
    if bytes.contains(&0) {
        return Err(Mistake::new("no name has a zero byte in it"));
    }
    Ok(Path::root().resolve(&bytes))
}
