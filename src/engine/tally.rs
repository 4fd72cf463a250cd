//! What became of the events that passed a rule's filters: why a rule that matched has not acted.

/// Counts of one rule, whatever its `per`. Each event that passed the filters is in one of them besides `matched`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Passed the filters.
    pub matched: u64,
    /// Came in another state than the rule's.
    pub out_of_state: u64,
    /// Would not have exceeded its `limit`.
    pub within_limit: u64,
    /// Were taken by an earlier rule.
    pub taken: u64,
    /// The place of the first rule that took one.
    pub taken_by: Option<usize>,
    /// Came when its `times` were spent or its `for` was over.
    pub too_late: u64,
    /// Were let pass by its `chance`.
    pub by_chance: u64,
    /// Were let pass by its `skip`.
    pub skipped: u64,
    /// Were acted on; whether the point was reached at which a rule does what it does, only the protocol knows.
    pub acted: u64,
}
