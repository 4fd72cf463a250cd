//! Ranges as the language writes them: `3`, `0-4`, `1+`.

/// From a value to another, both included; without the other, that and everything above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range<T> {
    /// No less than this.
    pub least: T,
    /// No more than this, if there is a bound.
    pub most: Option<T>,
}

impl<T: PartialOrd + Copy> Range<T> {
    /// `1+`
    #[must_use]
    pub const fn at_least(least: T) -> Self {
        Self { least, most: None }
    }

    /// `3`
    #[must_use]
    pub const fn exactly(value: T) -> Self {
        Self { least: value, most: Some(value) }
    }

    /// Whether a value is in it.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        value >= self.least && !self.is_exceeded_by(value)
    }

    /// Whether a value is above it.
    #[must_use]
    pub fn is_exceeded_by(&self, value: T) -> bool {
        self.most.is_some_and(|most| value > most)
    }
}
