//! Counts, shares, limits and ranges of ports.

use std::ops::RangeInclusive;

use super::{Mistake, size};
use crate::engine::{CERTAIN, Limit};

/// `3`
pub(in crate::scenario) fn count(text: &str) -> Result<u64, Mistake> {
    whole(text)
}

/// `42`
pub(in crate::scenario) fn seed(text: &str) -> Result<u64, Mistake> {
    whole(text)
}

/// A whole number as every YAML reads it: digits only.
pub(super) fn whole(text: &str) -> Result<u64, Mistake> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_whole(text));
    }
    if text.len() > 1 && text.starts_with('0') {
        let plain = text.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        return Err(Mistake::new("a leading zero means octal to some readers of YAML")
            .help(format!("write `{plain}`")));
    }
    text.parse().map_err(|_| Mistake::new(format!("more than {}", u64::MAX)))
}

fn not_whole(text: &str) -> Mistake {
    let plain = text.replace('_', "");
    if plain.len() < text.len()
        && plain.bytes().all(|byte| byte.is_ascii_digit())
        && !plain.is_empty()
    {
        return Mistake::new("`_` is part of no number here").help(format!("write `{plain}`"));
    }
    if text.starts_with('-') {
        return Mistake::new("nothing here is less than zero");
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = &text[digits.len()..];
    if !digits.is_empty() && unit.chars().all(char::is_alphabetic) {
        return Mistake::new("a count has no unit").help(format!("write `{digits}`"));
    }
    if !digits.is_empty() {
        return Mistake::new("write it with digits only");
    }
    Mistake::new("this is no number")
}

/// `20%`, `0.5%`, in millionths.
pub(in crate::scenario) fn chance(text: &str) -> Result<u32, Mistake> {
    let Some(share) = text.strip_suffix('%') else {
        let help = match text.parse::<f64>() {
            Ok(share) if share > 0.0 && share < 1.0 => format!("{}%", tidy(share * 100.0)),
            Ok(share) if (1.0..=100.0).contains(&share) => format!("{}%", tidy(share)),
            _ => "20%".to_owned(),
        };
        return Err(Mistake::new("a share needs its `%`").help(format!("write `{help}`")));
    };
    let (whole_part, fraction) = share.split_once('.').unwrap_or((share, "0"));
    let digits = fraction.len() <= 4 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_empty() || !digits {
        return Err(Mistake::new("a share has at most four decimals"));
    }
    let millionths = whole(whole_part)?.saturating_mul(10_000);
    let decimals = format!("{fraction:0<4}").parse().unwrap_or(0);
    match u32::try_from(millionths.saturating_add(decimals)) {
        Ok(chance) if chance <= CERTAIN => Ok(chance),
        _ => Err(Mistake::new("more than all of them").help("leave `chance` out for always")),
    }
}

/// A number in a hint, without a long tail of decimals.
fn tidy(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `8`, or `10MiB`.
pub(in crate::scenario) fn limit(text: &str) -> Result<Limit, Mistake> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(text).map(Limit::Count);
    }
    size(text).map(Limit::Size)
}

/// `30000-30009`, or `30000`.
pub(in crate::scenario) fn port_range(text: &str) -> Result<RangeInclusive<u16>, Mistake> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high) = (port(low)?, port(high)?);
    if low > high {
        return Err(Mistake::new("it ends before it begins").help(format!("write `{high}-{low}`")));
    }
    Ok(low..=high)
}

/// A port that can be listened on.
fn port(text: &str) -> Result<u16, Mistake> {
    match u16::try_from(whole(text)?) {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(Mistake::new("ports go from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_counted_in_millionths() {
        assert_eq!(chance("100%"), Ok(CERTAIN));
        assert_eq!(chance("5%"), Ok(50_000));
        assert_eq!(chance("0.5%"), Ok(5_000));
        assert_eq!(chance("0.0001%"), Ok(1));
        assert!(chance("101%").is_err());
        assert!(chance("0.00001%").is_err());
        assert_eq!(chance("0.2").unwrap_err().help.as_deref(), Some("write `20%`"));
    }

    #[test]
    fn a_count_is_digits_and_nothing_else() {
        assert_eq!(count("0"), Ok(0));
        assert_eq!(count("18446744073709551615"), Ok(u64::MAX));
        for wrong in
            ["", "-1", "1_000", "010", "1e3", "0x10", "1.5", "three", "18446744073709551616", "１"]
        {
            assert!(count(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_unit_tells_a_limit_of_things_from_a_limit_of_bytes() {
        assert_eq!(limit("8"), Ok(Limit::Count(8)));
        assert_eq!(limit("8B"), Ok(Limit::Size(8)));
    }

    #[test]
    fn ports_are_a_range_or_one() {
        assert_eq!(port_range("30000-30009"), Ok(30000..=30009));
        assert_eq!(port_range("30000"), Ok(30000..=30000));
        assert!(port_range("30009-30000").is_err());
        assert!(port_range("0-70000").is_err());
    }
}
