//! Completions, in a real bash: what a Tab would propose.

use super::{BADFTP, badftp};
use crate::clients::Desk;
use crate::run::run;

/// What bash proposes for the last of these words, after its user's `source <(badftp completions bash)`.
fn proposed(desk: &Desk, words: &[&str]) -> Vec<String> {
    let line = r#"source <("$0" completions bash)
        COMP_WORDS=(badftp "$@")
        COMP_CWORD=$#
        complete -p badftp > registered
        _clap_complete_badftp badftp "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let shown = run(desk.command("bash").args(["-c", line, BADFTP]).args(words)).ok();
    desk.holds(
        "registered",
        "complete -o bashdefault -o nosort -o nospace -F _clap_complete_badftp badftp\n",
    );
    shown.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn commands_and_flags_are_completed() {
    let desk = Desk::new();
    assert_eq!(proposed(&desk, &["he"])[0], "health");
    assert_eq!(proposed(&desk, &["serve", "--max"]), ["--max-hold"]);
    assert_eq!(proposed(&desk, &["completions", "ba"]), ["bash"]);
}

#[test]
fn scenarios_are_completed_and_their_variants() {
    let desk = Desk::new();
    for command in ["serve", "run", "show"] {
        assert_eq!(proposed(&desk, &[command, "ftp/data-42"]), ["ftp/data-425", "ftp/data-426"]);
        assert_eq!(proposed(&desk, &[command, "ftp/data-425/b"]), ["ftp/data-425/bad-ip"]);
    }
}

#[test]
fn files_are_completed_if_they_can_be_scenarios() {
    let desk = Desk::with("retry.yaml", "rules: []\n");
    desk.write("retry.txt", "");
    assert_eq!(proposed(&desk, &["serve", "ret"]), ["retry.yaml"]);
    assert_eq!(proposed(&desk, &["check", "./"]), ["./retry.yaml"]);
}

#[test]
fn every_shell_gets_a_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = badftp(&Desk::new(), &["completions", shell]).ok();
        assert!(script.contains("BADFTP_COMPLETE"), "{shell}: {script}");
    }
    let shown = badftp(&Desk::new(), &["completions", "csh"]);
    assert_eq!(shown.exit, 2, "{shown}");
    assert!(
        shown.stderr.contains("[possible values: bash, elvish, fish, powershell, zsh]"),
        "{shown}"
    );
}
