//! `badftp list` and `badftp show`.

use insta::assert_snapshot;

use super::badftp;
use crate::clients::Desk;

/// The names in the first column.
fn names(list: &str) -> Vec<&str> {
    list.lines().filter_map(|line| line.split_whitespace().next()).collect()
}

/// The YAML at the end of what `show` prints.
fn yaml_of(shown: &str) -> &str {
    let (_, behind) = shown.split_once("\nIts YAML (").expect("the YAML is shown");
    behind.split_once('\n').expect("the YAML has lines").1
}

#[test]
fn list_has_a_line_for_each_scenario_and_variant() {
    let list = badftp(&Desk::new(), &["list"]).ok();
    assert!(list.lines().count() > 50, "{list}");
    let column = names(&list).iter().map(|name| name.len()).max().unwrap_or(0) + 2;
    for line in list.lines() {
        let (name, description) = line.split_at(column);
        assert!(name.ends_with("  ") && !description.starts_with(' '), "out of line: {line:?}");
        assert!(description.ends_with('.'), "no sentence: {line:?}");
    }
}

#[test]
fn list_finds_a_word_in_names_descriptions_and_symptoms() {
    assert_snapshot!(badftp(&Desk::new(), &["list", "UMLAUTS"]), @r"
    exit 0
    --- stdout
    ftp/names-latin1          Names with umlauts in Latin-1; the server does not promise UTF8.
    ftp/names-latin1/in-feat  FEAT promises UTF8, and the names are in Latin-1 all the same.

    --- stderr

    ---
    ");
    assert_snapshot!(badftp(&Desk::new(), &["list", "no-such-word"]), @r"
    exit 2
    --- stdout

    --- stderr
    error: no scenario mentions `no-such-word`

    hint: `badftp list` without a word shows all of them

    ---
    ");
}

#[test]
fn show_tells_what_it_does_what_clients_show_and_its_yaml() {
    assert_snapshot!(badftp(&Desk::new(), &["show", "ftp/data-425/bad-ip"]), @r#"
    exit 0
    --- stdout
    ftp/data-425/bad-ip: The data connection comes from another address than the control connection, as behind a carrier's NAT.

    What clients show
      curl: (19) RETR response: 425
      lftp: tries again and again, then "Fatal error: max-retries exceeded"
      ftplib: error_temp: 425 Security: Bad IP connecting.

    Its YAML (ftp/data-425)
    description: No listing and no transfer gets its data connection.
    symptom: |
      curl: (19) RETR response: 425, for an upload (25) Failed FTP upload: 425
      lftp: tries again and again, then "Fatal error: max-retries exceeded"
      ftplib: error_temp: 425 Can't open data connection.
    rules:
      - when: [list, download, upload, append]
        reply: 425 Can't open data connection.
    ---
    name: bad-ip
    description: The data connection comes from another address than the control connection, as behind a carrier's NAT.
    symptom: |
      curl: (19) RETR response: 425
      lftp: tries again and again, then "Fatal error: max-retries exceeded"
      ftplib: error_temp: 425 Security: Bad IP connecting.
    rules:
      - when: [list, download, upload, append]
        reply: "425 Security: Bad IP connecting."

    --- stderr

    ---
    "#);
}

#[test]
fn show_takes_a_file_too() {
    let desk = Desk::with("mine.yaml", "rules: [{when: PWD, reply: 550 No}]\n");
    assert_snapshot!(badftp(&desk, &["show", "./mine.yaml"]), @r"
    exit 0
    --- stdout
    ./mine.yaml: a scenario

    Its YAML (./mine.yaml)
    rules: [{when: PWD, reply: 550 No}]

    --- stderr

    ---
    ");
}

/// "Its YAML to start from": what is shown is a whole scenario file.
#[test]
fn what_is_shown_can_be_saved_and_checked() {
    let list = badftp(&Desk::new(), &["list"]).ok();
    for name in names(&list) {
        let desk = Desk::new();
        desk.write("mine.yaml", yaml_of(&badftp(&desk, &["show", name]).ok()));
        let said = badftp(&desk, &["check", "mine.yaml"]).ok();
        assert!(said.starts_with("mine.yaml: ok, "), "{name}: {said}");
    }
}

/// Those whose ports are shut or silent, too. As nobody comes, most rules never fire, which is 121, and who should have
/// failed has not, which is 120.
#[test]
fn every_listed_scenario_becomes_ready() {
    let list = badftp(&Desk::new(), &["list"]).ok();
    for name in names(&list) {
        let shown = badftp(&Desk::new(), &["run", name, "--", "true"]);
        let ready = [0, 120, 121].contains(&shown.exit) && !shown.stderr.starts_with("error");
        assert!(ready, "{name}: {shown}");
    }
}
