//! Expectations about files.

use insta::assert_snapshot;

use super::Story;
use crate::files::{Account, Path};

/// What is said of a tree.
fn report(expectation: &str, files: &[(&str, &str)]) -> String {
    Story::of(&format!("expect: [{expectation}]")).leaving(files).report()
}

#[test]
fn a_file_is_to_be_there() {
    assert_snapshot!(report("{stored: /in/a.csv}", &[("/in/a.csv", "1")]), @r"
    pass: 1 of 1 expectations met
    ");
    let others = [("/in/a.csv.part", "1"), ("/b", ""), ("/c", ""), ("/in/b.csv", ""), ("/d", "")];
    assert_snapshot!(report("{stored: /in/a.csv}", &others), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /in/a.csv}
      nearest  what is there is /in/b.csv, /in/a.csv.part, /c and 2 others

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(report("{stored: /in/a.csv}", &[]), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /in/a.csv}
      nearest  there is no file at all

    fail: 0 of 1 expectations met
    ");
}

/// What is said of `/link`, which leads to nothing, `/new/`, a folder, and `/file`, with a byte in it.
fn of_all_kinds(expectation: &str) -> String {
    let story = Story::of(&format!("expect: [{expectation}]")).leaving(&[("/file", "1")]);
    let (account, path) = (Account::new("ann"), |name: &str| Path::root().join(name.as_bytes()));
    story.files.symlink(&account, &path("link"), b"nowhere").unwrap();
    story.files.mkdir(&account, &path("new")).unwrap();
    story.report()
}

#[test]
fn links_and_folders_are_stored_too() {
    for met in [
        "{stored: /link}",
        "{stored: /new/}",
        "{stored: /*/, times: 1}",
        "{stored: '**', times: 2}",
        "{stored: /*, size: 0B+, times: 1}",
        "{stored: /new, times: 0}",
        "{stored: /link/, times: 0}",
        "{stored: /new/*, times: 0}",
    ] {
        assert_eq!(of_all_kinds(met), "pass: 1 of 1 expectations met\n", "{met}");
    }
    assert_snapshot!(of_all_kinds("{stored: '/link*', times: 0}"), @r"
    unmet: expectation 1 at s.yaml:1: there is /link
      expected {stored: '/link*', times: 0}

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(of_all_kinds("{stored: /new}"), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /new}
      nearest  /new is a folder, which is expected by a `/` at the end

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(of_all_kinds("{stored: /f*/}"), @r"
    unmet: expectation 1 at s.yaml:1: there is no such folder
      expected {stored: /f*/}
      nearest  /file is a file, not a folder

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(of_all_kinds("{stored: /link, size: 7B}"), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /link, size: 7B}
      nearest  /link is a link, not a file

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(of_all_kinds("{stored: /newer/}"), @r"
    unmet: expectation 1 at s.yaml:1: there is no such folder
      expected {stored: /newer/}
      nearest  what is there is /new/

    fail: 0 of 1 expectations met
    ");
    assert_snapshot!(report("{stored: /new/}", &[]), @r"
    unmet: expectation 1 at s.yaml:1: there is no such folder
      expected {stored: /new/}
      nearest  there is no folder at all

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn no_such_file_is_to_be_there() {
    assert_snapshot!(report("{stored: /in/*.part, times: 0}", &[("/in/a.csv", "1")]), @r"
    pass: 1 of 1 expectations met
    ");
    let parts = [("/in/a.part", ""), ("/in/b.part", ""), ("/in/c.part", ""), ("/in/d.part", "")];
    assert_snapshot!(report("{stored: /in/*.part, times: 0}", &parts), @r"
    unmet: expectation 1 at s.yaml:1: there are /in/a.part, /in/b.part, /in/c.part and 1 more
      expected {stored: /in/*.part, times: 0}

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn a_file_is_to_have_a_size() {
    assert_snapshot!(report("{stored: /a, size: 1B+}", &[("/a", "1")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report("{stored: /a, size: 1KiB}", &[("/a", "12")]), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /a, size: 1KiB}
      nearest  /a has 2B, not 1KiB

    fail: 0 of 1 expectations met
    ");
}

#[test]
fn a_file_is_to_have_a_content() {
    // Of `abc`: FIPS 180-4's own example.
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let expectation = format!("{{stored: /in/*, sha256: {digest}}}");
    assert_snapshot!(report(&expectation, &[("/in/a", "abc"), ("/in/b", "")]), @r"
    pass: 1 of 1 expectations met
    ");
    assert_snapshot!(report(&expectation, &[("/in/a", "abd")]), @r"
    unmet: expectation 1 at s.yaml:1: there is no such file
      expected {stored: /in/*, sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}
      nearest  /in/a has the SHA-256 a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9

    fail: 0 of 1 expectations met
    ");
}
