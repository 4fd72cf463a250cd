//! A journal that has forgotten the beginning: nothing passes because of it.

use super::Story;
use super::deed::stor;
use crate::expect::Grade;

/// How an expectation is graded when two uploads of `/a` are left of more.
fn grade(expectation: &str) -> Grade {
    let mut story = Story::of(&format!("expect: [{expectation}]"))
        .with([stor("/a").lasting(0, 1), stor("/a").lasting(5000, 5001)]);
    story.dropped = 7;
    story.judged().findings[0].grade
}

#[test]
fn what_was_seen_often_enough_was_seen() {
    assert_eq!(grade("{when: upload}"), Grade::Met);
    assert_eq!(grade("{when: upload, times: 2+}"), Grade::Met);
}

#[test]
fn what_was_seen_too_often_is_unmet() {
    assert_eq!(grade("{when: upload, times: 0}"), Grade::Unmet);
    assert_eq!(grade("{when: upload, per: path, times: 1}"), Grade::Unmet);
}

#[test]
fn all_else_cannot_be_told() {
    for expectation in [
        "{when: upload, times: 2}",
        "{when: upload, times: 3+}",
        "{when: download}",
        "{when: download, times: 0}",
        "{when: upload, per: path}",
        "{when: upload, gap: 1s+}",
        "{when: upload, gap: 9s+}",
        "{when: upload, after: login}",
        "{when: upload, after: login, times: 0}",
    ] {
        assert_eq!(grade(expectation), Grade::Inconclusive, "{expectation}");
    }
}

#[test]
fn what_cannot_be_told_is_no_pass_and_says_so() {
    let mut story = Story::of("expect: [{when: download, times: 0}]");
    story.dropped = 12_345;
    insta::assert_snapshot!(story.report(), @r"
    inconclusive: expectation 1 at s.yaml:1: the journal is full, and its oldest 12,345 records are gone: this cannot be told
      expected {when: download, times: 0}

    fail: 0 of 1 expectations met
    ");
}
