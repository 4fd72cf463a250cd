//! From what a user types to a scenario; and that what we ship is right.

use std::fs;
use std::path::Path;

use crate::scenario::{Error, Source, catalog, check, find, read};

fn hint(error: Result<crate::scenario::Found, Error>) -> (String, Option<String>) {
    let error = error.unwrap_err();
    (error.to_string(), error.hint())
}

#[test]
fn every_shipped_scenario_is_right_and_described() {
    for entry in catalog() {
        let checked = read(&Source::inline(&entry.name, entry.source)).unwrap();
        assert!(checked.warnings.is_none(), "{:?}", checked.warnings);
        assert!(!entry.description.is_empty(), "`{}` has no description", entry.name);
        assert!(
            entry.variants.iter().all(|variant| variant.description.is_some()),
            "{}",
            entry.name
        );
    }
}

#[test]
fn a_shipped_name_needs_no_path() {
    for entry in catalog() {
        assert_eq!(find(&entry.name).unwrap().files, [] as [std::path::PathBuf; 0]);
        for variant in entry.variants.iter().filter_map(|variant| variant.name.as_ref()) {
            let found = find(&format!("{}/{variant}", entry.name)).unwrap();
            assert_eq!(found.scenario.name.as_ref(), Some(variant));
        }
    }
}

#[test]
fn a_file_is_found_by_its_path_and_its_variants_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("retry.yaml");
    fs::write(&file, "description: one\n---\nname: twice\nseed: 2\n").unwrap();
    let path = file.to_str().unwrap();
    assert_eq!(find(path).unwrap().files, [file.as_path()]);
    assert_eq!(find(&format!("{path}/twice")).unwrap().scenario.seed, 2);
    let (message, hint) = hint(find(&format!("{path}/twise")));
    assert_eq!(message, format!("`{path}` has no variant `twise`").replace(path, &shortened(path)));
    assert_eq!(hint.as_deref(), Some("did you mean `twice`?"));
}

/// A path as a message shows it.
fn shortened(path: &str) -> String {
    if path.chars().count() > 60 {
        path.chars().take(60).chain(['…']).collect()
    } else {
        path.to_owned()
    }
}

#[test]
fn a_missing_file_is_told_from_a_missing_name() {
    assert!(matches!(find("./missing.yaml"), Err(Error::Unreadable { .. })));
    assert!(
        matches!(find("missing.yaml/variant"), Err(Error::Unreadable { path, .. }) if path == Path::new("missing.yaml"))
    );
    let (message, hint) = hint(find("no-such-fault-at-all"));
    assert_eq!(message, "no scenario is called `no-such-fault-at-all`");
    assert_eq!(
        hint.as_deref(),
        Some("`badftp list` shows the shipped scenarios; a file of yours is named with its path")
    );
}

#[test]
fn a_file_with_mistakes_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.yaml");
    fs::write(&file, "rules:\n  - {when: upload, reply: No}\n").unwrap();
    assert!(
        matches!(find(file.to_str().unwrap()), Err(Error::Wrong(problems)) if problems.has_errors())
    );
}

#[test]
fn files_are_read_from_below_the_scenario_only() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("scenarios");
    fs::create_dir_all(inside.join("data")).unwrap();
    fs::write(inside.join("data/a.bin"), "inside").unwrap();
    fs::write(folder.path().join("secret"), "outside").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret"), inside.join("link")).unwrap();
    let message = |from: &str| {
        let file = inside.join("s.yaml");
        fs::write(&file, format!("files: {{/a: {{from: {from}}}}}\n")).unwrap();
        check(&file).map_or_else(|error| error.to_string(), |checked| checked.to_string())
    };
    assert_eq!(message("data/a.bin"), "0 rules");
    for outside in ["../secret", "link", "/etc/passwd"] {
        assert!(message(outside).contains("outside the scenario's folder"), "{outside}");
    }
    assert!(message("data").contains("no regular file"));
    assert!(message("missing").contains("no such file"));
}

#[test]
fn a_file_that_is_too_big_or_no_text_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("big.yaml");
    fs::write(&file, vec![b'#'; 9 << 20]).unwrap();
    assert!(Source::open(&file).is_err());
    fs::write(&file, b"description: \xff\n").unwrap();
    assert!(Source::open(&file).is_err());
}
