//! The unused-rule guard: what is said of a rule that has not fired.

use insta::assert_snapshot;

use super::deed::{Deed, appe, deed, stor};
use super::{Story, report};

#[test]
fn a_rule_is_to_fire_unless_it_may_stay_unused() {
    let cut = [stor("/a").hit()];
    assert_snapshot!(report("rules: [{when: upload, reply: 451 No}]", cut.clone()), @r"
    pass: 1 of 1 rules fired as they should
    ");
    assert_snapshot!(report("rules: [{when: upload, fires: 0+, reply: 451 No}]", [deed("PWD")]), @r"
    pass: 1 of 1 rules fired as they should
    ");
    assert_snapshot!(report("rules: [{when: upload, fires: 2+, reply: 451 No}]", cut), @r"
    unmet: rule 1 at s.yaml:1: it fired once
      expected fires 2+ times: {when: upload, fires: 2+, reply: 451 No}
      nearest  it matched once

    fail: 0 of 1 rules fired as they should
    ");
}

#[test]
fn a_rule_may_be_one_that_never_fires() {
    let scenario = "rules: [{when: upload, target: file, fires: 0, reply: 553 No}]";
    assert_snapshot!(report(scenario, [stor("/a").meeting(crate::engine::Target::File).hit()]), @r"
    unmet: rule 1 at s.yaml:1: it fired once
      expected fires 0 times: {when: upload, target: file, fires: 0, reply: 553 No}
             1    0.000s #1 ftp STOR /a  ← rule s.yaml:1

    fail: 0 of 1 rules fired as they should
    ");
}

#[test]
fn a_rule_whose_filters_nothing_passed_has_a_nearest_miss() {
    let scenario = "rules:
  - {when: STOR, path: /in/*, reply: 552 Full}";
    let deeds = ["/in/a", "/in/b", "/in/c", "/in/d"].map(appe);
    assert_snapshot!(report(scenario, deeds), @r"
    unmet: rule 1 at s.yaml:2: it never fired
      expected fires 1+ times: {when: STOR, path: /in/*, reply: 552 Full}
      nearest  the path matched 4 times, but the verb was APPE, not STOR
             1    0.000s #1 ftp APPE /in/a
             2    0.000s #1 ftp APPE /in/b
             3    0.000s #1 ftp APPE /in/c
             4    0.000s #1 ftp APPE /in/d

    fail: 0 of 1 rules fired as they should
    ");
}

#[test]
fn a_point_that_was_never_reached_is_told() {
    let scenario = "rules: [{when: upload, at: 64KiB, reply: 426 Cut}]";
    let small = |bytes| stor("/a").moving(bytes).answered("226 Transfer complete.");
    assert_snapshot!(report(scenario, [small(100), small(4096)]), @r"
    unmet: rule 1 at s.yaml:1: it never fired
      expected fires 1+ times: {when: upload, at: 64KiB, reply: 426 Cut}
      nearest  it matched 2 times, but the transfer ended at 4,096 bytes, before `at: 64KiB`
             1    0.000s #1 ftp STOR /a → 226 Transfer complete. (100 bytes)
             2    0.000s #1 ftp STOR /a → 226 Transfer complete. (4096 bytes)

    fail: 0 of 1 rules fired as they should
    ");
    let end = "rules: [{when: rename, at: end, then: reset}]";
    let refused = deed("rename").wire("RNTO").at_path("/b").refused("550 No such file");
    assert_snapshot!(report(end, [refused]), @r"
    unmet: rule 1 at s.yaml:1: it never fired
      expected fires 1+ times: {when: rename, at: end, then: reset}
      nearest  it matched once, but it was answered `550 No such file` before `at: end`
             1    0.000s #1 ftp RNTO → 550 No such file  ← the client

    fail: 0 of 1 rules fired as they should
    ");
}

/// Why a rule has not fired, which some uploads have met.
fn why(rules: &str, deeds: impl IntoIterator<Item = Deed>) -> String {
    let judgement = Story::of(&format!("rules: [{rules}]")).with(deeds).judged();
    let last = judgement.findings.last().expect("a rule");
    last.nearest.clone().unwrap_or_default()
}

#[test]
fn what_kept_a_rule_from_acting_is_told() {
    let three = || ["/a", "/b", "/c"].map(stor);
    let said = [
        why("{when: upload, skip: 3, reply: 451 No}", three()),
        why("{when: upload, limit: 9, reply: 451 No}", three()),
        why("{when: upload, chance: 0%, reply: 451 No}", three()),
        why("{when: PWD, goto: full}, {when: upload, state: full, reply: 451 No}", three()),
        why("{when: upload, times: 0, reply: 451 No}", three()),
        why("{when: upload, keep: none}, {when: STOR, reply: 451 No}", three()),
        why("{when: upload, times: 1, fires: 2, reply: 451 No}", three().map(Deed::hit)),
        why("{when: connect, limit: 5, then: refuse}", [deed("connect")]),
    ];
    assert_snapshot!(said.join("\n"), @r"
    it matched 3 times, but its `skip: 3` let it pass
    it matched 3 times, but its `limit: 9` was not exceeded
    it matched 3 times, but its `chance` let it pass
    it matched 3 times, but the state was not `full`
    it matched 3 times, but its `times: 0` were spent
    it matched 3 times, but rule 1 at s.yaml:1 acted first
    it matched 3 times, but for 2 of them its `times: 1` were spent
    its listener was never shut
    ");
}
