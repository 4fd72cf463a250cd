//! The house: its rooms know each other in one direction only (see the crate's documentation).

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the top to the bottom; those on one line do not know each other.
const FLOORS: [&[&str]; 12] = [
    &["main", "build"],
    &["cli"],
    &["control"],
    &["server"],
    &["scenario"],
    &["listener"],
    &["ftp", "ssh"],
    &["tls", "sftp", "scp"],
    &["run"],
    &["expect"],
    &["fault", "files", "journal"],
    &["engine"],
];

/// What the engine may not know: it does no I/O, and speaks no protocol and no file format.
const NOT_IN_THE_ENGINE: [&str; 5] =
    ["tokio", "serde", "std::net::Tcp", "Instant::now", "SystemTime"];

#[test]
fn every_room_imports_only_from_below() {
    let mut wrong = Vec::new();
    for file in sources() {
        let room = room_of(&file);
        let floor = floor_of(&room).unwrap_or_else(|| {
            panic!(
                "{} is in a room that the house does not have: add it to its floor",
                file.display()
            )
        });
        for (number, line) in code_of(&file) {
            for other in rooms_named_in(&line) {
                let allowed = other == room || floor_of(&other).is_none_or(|below| below > floor);
                if !allowed {
                    wrong.push(format!("{}:{number}: `{room}` imports `{other}`", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn the_engine_does_no_io_and_reads_no_clock() {
    let engine = sources().into_iter().filter(|file| room_of(file) == "engine");
    let mut wrong = Vec::new();
    for file in engine {
        for (number, line) in code_of(&file) {
            for banned in NOT_IN_THE_ENGINE.iter().filter(|banned| line.contains(**banned)) {
                wrong.push(format!("{}:{number}: `{banned}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the engine:\n{}", wrong.join("\n"));
}

/// Engine and faults know bytes and operations, never a protocol's own words.
#[test]
fn neither_engine_nor_faults_hold_a_protocols_words() {
    let words = ["\"RETR", "\"STOR", "\"PASV", "SSH_FXP_", "\"220", "\"226", "\"425", "\"550"];
    for file in sources().into_iter().filter(|file| ["engine", "fault"].contains(&&*room_of(file)))
    {
        for (number, line) in code_of(&file) {
            let found = words.iter().find(|word| line.contains(**word));
            assert_eq!(found, None, "{}:{number}: {line}", file.display());
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// `src/ftp/reply.rs` is in the room `ftp`; `lib.rs` is the map of all, and in none.
fn room_of(file: &Path) -> String {
    let inside = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let first = inside.expect("a source is below src").components().next();
    let first = first.expect("a source has a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").replace("lib", "main")
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The lines before a file's tests, without comments.
fn code_of(file: &Path) -> Vec<(usize, String)> {
    if file.file_name().is_some_and(|name| name == "tests.rs")
        || file.to_string_lossy().contains("/tests/")
    {
        return Vec::new();
    }
    let text = fs::read_to_string(file).expect("a source can be read");
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]");
    let numbered = code.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    numbered.map(|(index, line)| (index + 1, line.to_owned())).collect()
}

fn rooms_named_in(line: &str) -> Vec<String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            rest[..end.unwrap_or(rest.len())].to_owned()
        })
        .collect()
}
