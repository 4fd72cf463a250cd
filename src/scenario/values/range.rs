//! Ranges: `3`, `0-4`, `1+`, of counts, sizes and durations.

use std::time::Duration;

use super::number::whole;
use super::{Mistake, duration, size};
use crate::engine::Range;

/// What a range of counts is called.
pub(in crate::scenario) const COUNTS: &str = "a range of counts such as `3`, `0-4` or `1+`";
/// What a range of sizes is called.
pub(in crate::scenario) const SIZES: &str = "a range of sizes such as `64KiB`, `0B-1KiB` or `1B+`";
/// What a range of durations is called.
pub(in crate::scenario) const DURATIONS: &str = "a range of durations such as `1s-3s` or `1s+`";

/// `3`, `0-4`, `1+`
pub(in crate::scenario) fn counts(text: &str) -> Result<Range<u64>, Mistake> {
    range(text, whole)
}

/// `64KiB`, `0B-1KiB`, `1B+`
pub(in crate::scenario) fn sizes(text: &str) -> Result<Range<u64>, Mistake> {
    range(text, size)
}

/// `1s-3s`, `1s+`; nothing takes exactly so long.
pub(in crate::scenario) fn durations(text: &str) -> Result<Range<Duration>, Mistake> {
    let range = range(text, duration)?;
    if range.most == Some(range.least) {
        let help = format!("write `{text}+` for no less, or `0s-{text}` for no more");
        return Err(Mistake::new("nothing takes exactly so long").help(help));
    }
    Ok(range)
}

pub(super) fn range<T: PartialOrd + Copy>(
    text: &str,
    value: impl Fn(&str) -> Result<T, Mistake>,
) -> Result<Range<T>, Mistake> {
    if let Some(least) = text.strip_suffix('+') {
        return value(least).map(Range::at_least);
    }
    let Some((low, high)) = text.split_once('-').filter(|(low, _)| !low.is_empty()) else {
        return value(text).map(Range::exactly);
    };
    if high.is_empty() {
        return Err(Mistake::new("a range without an end").help(format!("write `{low}+`")));
    }
    let (least, most) = (value(low)?, value(high)?);
    if least > most {
        return Err(Mistake::new("it ends before it begins").help(format!("write `{high}-{low}`")));
    }
    Ok(Range { least, most: Some(most) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_value_two_or_open() {
        assert_eq!(counts("3"), Ok(Range::exactly(3)));
        assert_eq!(counts("0-4"), Ok(Range { least: 0, most: Some(4) }));
        assert_eq!(counts("1+"), Ok(Range::at_least(1)));
        assert_eq!(sizes("1B+"), Ok(Range::at_least(1)));
        let second = Duration::from_secs(1);
        assert_eq!(durations("1s-3s"), Ok(Range { least: second, most: Some(second * 3) }));
        for wrong in ["", "+", "-", "-1", "4-1", "1-", "1+2", "01", "1..4", "1B"] {
            assert!(counts(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            durations("1s").unwrap_err().help.as_deref(),
            Some("write `1s+` for no less, or `0s-1s` for no more")
        );
    }
}
