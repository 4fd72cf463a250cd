//! Every fragment of the families N, F and D of the scenario language's reference is seen on a socket: a transcript
//! each, below `tests/transcripts/fragments`, whose scenario is the fragment.

use std::fs;
use std::path::{Path, PathBuf};

/// The fragments, where they are checked for being right.
const CHECKED: &str = include_str!("../../../src/scenario/tests/fragments.rs");

/// Those that end a connection before a transcript could speak of it, and the tests that show them.
const ELSEWHERE: [(&str, &str); 2] =
    [("N2", "scenarios/connect_silence.rs"), ("N3 RST", "scenarios/connect_reset.rs")];

/// The names of all fragments: the first text of each row.
fn names() -> Vec<&'static str> {
    let (_, rows) = CHECKED.split_once("= &[\n").expect("there is a table");
    let (rows, _) = rows.split_once("\n];").expect("the table ends");
    let pieces: Vec<&str> = rows.split(", &[").flat_map(|row| row.split(",\n        &[")).collect();
    let (_, named) = pieces.split_last().expect("the table has rows");
    named.iter().filter_map(|row| row.rsplit('"').nth(1)).collect()
}

fn transcript(name: &str) -> PathBuf {
    let words = name.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let file = format!("fragments/{}.txt", words.collect::<Vec<_>>().join("_"));
    super::script::folder().join(file)
}

/// The lines of a transcript that are no fragment: what surrounds one, and files and users that it needs.
fn is_beside(line: &str) -> bool {
    let beside = ["#", "serve ", "rules:", "files: ", "users: "];
    beside.iter().any(|beside| line.starts_with(beside))
}

#[test]
fn every_fragment_is_seen_on_a_socket() {
    let names = names();
    assert!(names.len() > 130, "the table was not understood: {names:?}");
    for name in names {
        if let Some((_, test)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
            let test = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(test);
            assert!(test.exists(), "{name}: {} is not there", test.display());
            continue;
        }
        let path = transcript(name);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{name}: write {}: {error}", path.display()));
        let (title, scenario) = text.split_once('\n').expect("a transcript has lines");
        let title = title.strip_prefix("# ").expect("a transcript begins with its fragment's name");
        let (scenario, _) = scenario.split_once("---\n").expect("a scenario is before the steps");
        let shortened = title.strip_suffix(", its time shortened");
        assert_eq!(shortened.unwrap_or(title), name, "{}", path.display());
        let mut lines = scenario.lines().filter(|line| !is_beside(line));
        let unknown = |line: &&str| !CHECKED.contains(line.trim_start_matches("  - "));
        if let Some(line) = lines.find(unknown).filter(|_| shortened.is_none()) {
            panic!("{}: `{line}` is no fragment", path.display());
        }
    }
}
