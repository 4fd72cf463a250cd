//! Durations, and how long a rule waits.

use std::time::Duration;

use super::Mistake;
use super::number::whole;
use crate::engine::Delay;

/// The units of durations with their milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Nothing lasts longer: a year.
const MAX_MILLISECONDS: u64 = 366 * 24 * 3_600_000;

/// `250ms`, `1s`, `2m`, `2h`
pub(in crate::scenario) fn duration(text: &str) -> Result<Duration, Mistake> {
    let digits =
        text.find(|c: char| !c.is_ascii_digit() && c != '_' && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(Mistake::new("this is no duration").help("write `250ms`, `5s`, `2m` or `2h`"));
    }
    if unit.is_empty() {
        return Err(Mistake::new("a duration needs its unit")
            .help(format!("write `{number}s` or `{number}ms`")));
    }
    let Some((_, length)) = UNITS.into_iter().find(|(name, _)| *name == unit) else {
        return Err(wrong_unit(number, unit));
    };
    if number.contains('.') {
        return Err(Mistake::new("durations are whole numbers")
            .help("write `1500ms` for one and a half seconds"));
    }
    match whole(number)?.checked_mul(length) {
        Some(length) if length <= MAX_MILLISECONDS => Ok(Duration::from_millis(length)),
        _ => Err(Mistake::new("more than a year")),
    }
}

fn wrong_unit(number: &str, unit: &str) -> Mistake {
    let meant = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" | "msec" | "millis" | "milliseconds" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hour" | "hours" => "h",
        _ => return Mistake::new("one number and one unit: `ms`, `s`, `m` or `h`"),
    };
    Mistake::new("the units are `ms`, `s`, `m` and `h`").help(format!("write `{number}{meant}`"))
}

/// Whether a text reads as a duration, right or wrong.
pub(in crate::scenario) fn is_duration(text: &str) -> bool {
    duration(text).is_ok()
}

/// `250ms`, `1s-3s`, `normal 1s 200ms`
pub(in crate::scenario) fn delay(text: &str) -> Result<Delay, Mistake> {
    if let Some(spread) = text.strip_prefix("normal") {
        let mut words = spread.split_whitespace();
        let (Some(mean), Some(deviation), None) = (words.next(), words.next(), words.next()) else {
            return Err(Mistake::new("mean, then deviation").help("write `normal 1s 200ms`"));
        };
        return Ok(Delay::Normal { mean: duration(mean)?, deviation: duration(deviation)? });
    }
    let Some((low, high)) = text.split_once('-') else {
        return duration(text).map(Delay::Fixed);
    };
    if !low.is_empty() && low.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Mistake::new("both ends need their unit").help("write `1s-3s`"));
    }
    let (low, high) = (duration(low)?, duration(high)?);
    if low > high {
        return Err(Mistake::new("it ends before it begins"));
    }
    Ok(Delay::Between(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_has_its_unit() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        assert_eq!(duration("5").unwrap_err().help.as_deref(), Some("write `5s` or `5ms`"));
        assert_eq!(duration("5min").unwrap_err().help.as_deref(), Some("write `5m`"));
        for wrong in ["", "s", "-1s", "1.5s", "05s", "1m30s", "1 s x", "9999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_delay_is_fixed_between_or_normal() {
        let second = Duration::from_secs(1);
        assert_eq!(delay("1s"), Ok(Delay::Fixed(second)));
        assert_eq!(delay("1s-3s"), Ok(Delay::Between(second, second * 3)));
        let deviation = Duration::from_millis(200);
        assert_eq!(delay("normal 1s 200ms"), Ok(Delay::Normal { mean: second, deviation }));
        for wrong in ["3s-1s", "1-3s", "normal 1s", "normal", "1s-3s-5s", "-"] {
            assert!(delay(wrong).is_err(), "{wrong}");
        }
    }
}
