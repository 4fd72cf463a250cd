//! How badftp exits, and what it says when it was typed wrong.

use insta::assert_snapshot;

use super::{BADFTP, badftp};
use crate::clients::Desk;
use crate::run::run;

/// The words of the message that must be there are those that a user can act on.
#[test]
fn what_was_typed_wrong_exits_with_2_and_names_it() {
    let wrong: [(&[&str], &str); 13] = [
        (&[], "Usage: badftp <COMMAND>"),
        (&["srve"], "a similar subcommand exists: 'serve'"),
        (&["serve", "--seeed", "1"], "a similar argument exists: '--seed'"),
        (&["serve", "--ftp", "127.0.0.1"], "expected `off`, or an address and port"),
        (&["serve", "--max-hold", "5"], "a duration needs its unit: write `5s` or `5ms`"),
        (&["serve", "--capacity", "10MB"], "write `10MiB`"),
        (&["serve", "--seed", "x"], "'--seed <NUMBER>'"),
        (&["serve", "--sftp", "here"], "expected `off`, or an address and port"),
        (&["serve", "--control", "here"], "expected `off`, or an address and port"),
        (&["serve", "--journal", "nowhere/journal"], "cannot write the journal nowhere/journal"),
        (&["check"], "<FILE>..."),
        (&["run", "ftp/data-425"], "<COMMAND>..."),
        (&["list", "nothing-of-the-kind"], "`badftp list` without a word shows all of them"),
    ];
    for (arguments, expected) in wrong {
        let shown = badftp(&Desk::new(), arguments);
        assert_eq!(shown.exit, 2, "{arguments:?}: {shown}");
        assert!(shown.stderr.contains(expected), "{arguments:?} should say {expected:?}: {shown}");
        assert_eq!(shown.stdout, "", "{arguments:?}");
    }
}

#[test]
fn what_was_asked_for_exits_with_0() {
    for arguments in [&["--version"][..], &["--help"], &["help", "run"], &["list"]] {
        let shown = badftp(&Desk::new(), arguments);
        assert_eq!((shown.exit, shown.stderr.as_str()), (0, ""), "{arguments:?}: {shown}");
    }
}

/// Everything that prints an answer, typed into a shell.
const PRINTING: [&str; 5] =
    ["list", "show ftp/data-425", "schema", "check s.yaml", "completions bash"];

#[test]
fn a_full_disk_behind_standard_output_is_told_with_125() {
    let desk = Desk::with("s.yaml", "{}");
    for command in PRINTING {
        let line = format!("{BADFTP} {command} > /dev/full");
        let shown = run(desk.command("sh").args(["-c", &line]));
        assert_eq!(shown.exit, 125, "{command}: {shown}");
        let expected = "error: cannot write to standard output: No space left on device";
        assert!(shown.stderr.starts_with(expected), "{command}: {shown}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::with("s.yaml", "{}");
    for command in PRINTING {
        // Nobody reads from the pipe when it is written.
        let line = format!("{{ sleep 0.2; {BADFTP} {command}; echo $? >&2; }} | true");
        let shown = run(desk.command("sh").args(["-c", &line]));
        assert_eq!(shown.stderr, "0\n", "{command}");
    }
}

#[test]
fn a_scenario_is_missing() {
    let desk = Desk::with("mine.yaml", "rules: []\n---\nname: second\n");
    let said = |reference| badftp(&desk, &["serve", reference]);
    assert_snapshot!(said("ftp/dta-425"), @r"
    exit 2
    --- stdout

    --- stderr
    error: no scenario is called `ftp/dta-425`

    hint: did you mean `ftp/data-425`? `badftp list` shows all of them

    ---
    ");
    assert_snapshot!(said("ftp/data-425/bad-op"), @r"
    exit 2
    --- stdout

    --- stderr
    error: `ftp/data-425` has no variant `bad-op`

    hint: did you mean `bad-ip`?

    ---
    ");
    assert_snapshot!(said("mine"), @r"
    exit 2
    --- stdout

    --- stderr
    error: no scenario is called `mine`

    hint: did you mean the file `./mine.yaml`?

    ---
    ");
    assert_snapshot!(said("mine.yaml/secnd"), @r"
    exit 2
    --- stdout

    --- stderr
    error: `mine.yaml` has no variant `secnd`

    hint: did you mean `second`?

    ---
    ");
    assert_snapshot!(said("yours.yaml"), @r"
    exit 2
    --- stdout

    --- stderr
    error: cannot read the scenario `yours.yaml`: No such file or directory (os error 2)

    hint: `badftp list` shows the scenarios that come with badftp

    ---
    ");
    assert_snapshot!(said("nothing of the kind"), @r"
    exit 2
    --- stdout

    --- stderr
    error: no scenario is called `nothing of the kind`

    hint: `badftp list` shows the shipped scenarios; a file of yours is named with its path

    ---
    ");
}

#[test]
fn a_scenario_with_mistakes_is_neither_served_nor_run() {
    let desk = Desk::with("s.yaml", "rules:\n  - {when: delete, reply: Failure}\n");
    let checked = badftp(&desk, &["check", "s.yaml"]);
    assert_eq!(checked.exit, 2, "{checked}");
    assert_eq!(badftp(&desk, &["serve", "s.yaml"]), checked);
    assert_eq!(badftp(&desk, &["show", "s.yaml"]), checked);
    assert_eq!(badftp(&desk, &["run", "s.yaml", "--", "touch", "started"]), checked);
    assert!(!desk.path("started").exists());
}
