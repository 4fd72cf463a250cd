//! Whether the command ended as it should have.

use super::Found;
use crate::expect::{Ended, ExpectedExit, Grade};

pub(super) fn judge(exit: ExpectedExit, ended: Option<Ended>) -> Found {
    let Some(ended) = ended else {
        return Found::new(
            Grade::Skipped,
            "not judged here: no command has ended in this scenario",
        );
    };
    let found = Found::new(Grade::Met, ended.to_string());
    if exit.is_met_by(ended) {
        return found;
    }
    let nearest = match (ended.own_code(), exit) {
        (None, _) => Some("only a code that the command exits with by itself is expected"),
        (Some(1..), ExpectedExit::Nonzero) => Some("`nonzero` is 1 to 119, and 255"),
        (Some(_), _) => None,
    };
    Found { grade: Grade::Unmet, nearest: nearest.map(str::to_owned), ..found }
}
