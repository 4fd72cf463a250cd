//! What the client of a transfer has asked for and not got as it is. The transfer has failed, unless the client asks
//! again and gets it.

use crate::journal::Cause;

/// A part of a transfer that one request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Bytes of a file, from here to there.
    Bytes(u64, u64),
    /// The answer of this turn of a listing.
    Entries(u64),
    Close,
}

impl Part {
    /// So many bytes; a request of none is one, too.
    pub(super) fn bytes(offset: u64, length: u64) -> Self {
        Self::Bytes(offset, offset.saturating_add(length.max(1)))
    }
}

#[derive(Debug)]
struct Debt {
    part: Part,
    cause: Cause,
}

/// All of them, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Debts(Vec<Debt>);

impl Debts {
    /// This was refused, left unanswered or falsified.
    pub(super) fn owe(&mut self, part: Part, cause: Cause) {
        if !self.0.iter().any(|debt| debt.part == part) {
            self.0.push(Debt { part, cause });
        }
    }

    /// This was given as it is.
    pub(super) fn pay(&mut self, paid: Part) {
        self.0.retain_mut(|debt| match (&mut debt.part, paid) {
            (Part::Bytes(from, to), Part::Bytes(first, end)) => {
                if first <= *from {
                    *from = end.max(*from);
                }
                from < to
            }
            (part, paid) => *part != paid,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something was refused by nature.
    pub(super) fn has_natural(&self) -> bool {
        self.0.iter().any(|debt| debt.cause == Cause::Client)
    }

    /// Who caused the first one, and what that is.
    pub(super) fn first(&self) -> Option<(Cause, &'static str)> {
        let Debt { part, cause } = self.0.first()?;
        let what = match (part, cause) {
            (Part::Close, _) => "it was not closed as asked",
            (_, Cause::Rule) => "a rule acted on a request of it, and the client did not ask again",
            _ => "a request of it was refused, and the client did not ask again",
        };
        Some((*cause, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_paid_by_all_of_it_at_once_or_in_pieces() {
        let mut debts = Debts::default();
        debts.owe(Part::bytes(10, 10), Cause::Rule);
        debts.pay(Part::bytes(0, 10));
        debts.pay(Part::bytes(15, 10));
        debts.pay(Part::bytes(10, 4));
        assert!(!debts.is_empty());
        debts.pay(Part::bytes(14, 6));
        assert!(debts.is_empty());
        debts.owe(Part::Entries(1), Cause::Client);
        debts.pay(Part::Entries(2));
        debts.pay(Part::Close);
        assert!(debts.has_natural());
        debts.pay(Part::Entries(1));
        assert!(debts.is_empty());
    }
}
