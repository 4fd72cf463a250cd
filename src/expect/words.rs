//! How reports say things: numbers as people read them, ranges as the language writes them.

use std::fmt::Display;
use std::time::Duration;

use crate::engine::Range;

/// `never`, `once`, `3 times`
pub(super) fn times(count: u64) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{} times", grouped(count)),
    }
}

/// `4,096 bytes`
pub(super) fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".to_owned(),
        count => format!("{} bytes", grouped(count)),
    }
}

/// `100,000`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `64KiB`, `10B`: in the largest unit that leaves it whole.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] =
        [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.into_iter().find(|(_, unit)| bytes > 0 && bytes.is_multiple_of(*unit));
    match unit {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}

/// `1.203s`
pub(super) fn seconds(time: Duration) -> String {
    format!("{}.{:03}s", time.as_secs(), time.subsec_millis())
}

/// `3`, `0-4`, `1+`
pub(super) fn range<T: PartialEq>(range: &Range<T>, shown: impl Fn(&T) -> String) -> String {
    let least = shown(&range.least);
    match &range.most {
        None => format!("{least}+"),
        Some(most) if *most == range.least => least,
        Some(most) => format!("{least}-{}", shown(most)),
    }
}

/// `a`, `a or b`, `a, b or c`
pub(super) fn alternatives(words: impl IntoIterator<Item = impl Display>) -> String {
    joined(words, " or ")
}

/// `a`, `a and b`, `a, b and c`
pub(super) fn together(words: impl IntoIterator<Item = impl Display>) -> String {
    joined(words, " and ")
}

fn joined(words: impl IntoIterator<Item = impl Display>, before_the_last: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{}{before_the_last}{last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_read_them() {
        assert_eq!([times(0), times(1), times(1000)], ["never", "once", "1,000 times"]);
        assert_eq!([bytes(1), bytes(4096), bytes(123)], ["1 byte", "4,096 bytes", "123 bytes"]);
        assert_eq!([size(0), size(65_536), size(65_537)], ["0B", "64KiB", "65537B"]);
        assert_eq!(seconds(Duration::from_millis(61_005)), "61.005s");
    }

    #[test]
    fn a_range_is_said_as_it_is_written() {
        let shown = |range: Range<u64>| super::range(&range, u64::to_string);
        assert_eq!(shown(Range::at_least(1)), "1+");
        assert_eq!(shown(Range::exactly(3)), "3");
        assert_eq!(shown(Range { least: 0, most: Some(4) }), "0-4");
    }
}
