//! Each key is judged by itself, however the deeds of several are interleaved.

use proptest::prelude::*;

use super::Story;
use super::deed::{Deed, deed, stor};
use crate::expect::Grade;

const SCENARIO: &str = "expect:
  - {when: upload, per: connection, times: 1-3, gap: 10ms+}
  - {when: upload, per: connection, after: login, times: 1+}
  - {when: any, per: connection, outcome: ok, times: 0-4}
  - {when: QUIT, per: connection}
  - {when: upload, per: user, offset: 1B+, times: 0-2}
  - {when: upload, per: path, times: 1-2}
";

fn one(connection: u64) -> impl Strategy<Value = Deed> {
    let kinds = prop_oneof![
        Just(deed("login")),
        Just(deed("QUIT")),
        Just(deed("download").at_path("/hello.txt")),
        (0..3_u64).prop_map(|offset| stor("/in").beginning_at(offset)),
        Just(stor("/in").refused("550 No")),
    ];
    (kinds, 0..200_u64, 0..20_u64).prop_map(move |(deed, began, length)| {
        let deed = deed.on(connection).by(&format!("user{connection}"));
        let deed = deed.lasting(began, began + length);
        if deed.has_path("/in") { deed.at_path(&format!("/in/{connection}")) } else { deed }
    })
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let of = |connection| prop::collection::vec(one(connection), 0..6);
    (of(1), of(2), of(3)).prop_map(|(one, two, three)| [one, two, three].concat())
}

/// What each expectation comes to.
fn grades(deeds: Vec<Deed>) -> Vec<Grade> {
    let judged = Story::of(SCENARIO).with(deeds).judged();
    judged.findings.iter().map(|finding| finding.grade).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_across_keys_does_not_matter(
        deeds in deeds(),
        shuffled in any::<prop::sample::Index>(),
    ) {
        let told = grades(deeds.clone());
        // In the order of connections, and one connection's deeds in theirs, among the others'.
        let mut others = deeds.clone();
        others.sort_by_key(|deed| (deed.connection + shuffled.index(3) as u64) % 3);
        prop_assert_eq!(&told, &grades(others));
        let mut merged: Vec<Deed> = Vec::new();
        let mut queues = [1, 2, 3].map(|number| {
            deeds.iter().filter(|deed| deed.connection == number).cloned().collect::<Vec<_>>()
        });
        for turn in 0.. {
            let queue = &mut queues[(turn + shuffled.index(7)) % 3];
            if !queue.is_empty() {
                merged.push(queue.remove(0));
            }
            if queues.iter().all(Vec::is_empty) {
                break;
            }
        }
        prop_assert_eq!(told, grades(merged));
    }

    #[test]
    fn a_key_alone_is_judged_as_among_others(deeds in deeds()) {
        let worst = |grades: &[Vec<Grade>], at: usize| grades.iter().map(|of| of[at]).max();
        let alone: Vec<Vec<Grade>> = (1..=3)
            .map(|number| deeds.iter().filter(|deed| deed.connection == number).cloned().collect())
            .filter(|of: &Vec<Deed>| !of.is_empty())
            .map(grades)
            .collect();
        prop_assume!(!alone.is_empty());
        let together = grades(deeds);
        // Of expectations that are kept apart by connection; where a key has no such event at all, another may have.
        for at in [0, 1, 2, 3] {
            prop_assert_eq!(worst(&alone, at), Some(together[at]), "expectation {}", at + 1);
        }
    }
}
