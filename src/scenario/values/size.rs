//! Sizes and rates.

use super::Mistake;
use super::number::whole;

/// The units of sizes with their bytes.
const UNITS: [(&str, u64); 5] =
    [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("B", 1)];

/// `0B`, `64KiB`, `1MiB`
pub(in crate::scenario) fn size(text: &str) -> Result<u64, Mistake> {
    let digits =
        text.find(|c: char| !c.is_ascii_digit() && c != '_' && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(Mistake::new("this is no size").help("write `64KiB`"));
    }
    if unit.is_empty() {
        return Err(Mistake::new("a size needs its unit")
            .help(format!("write `{number}B` or `{number}KiB`")));
    }
    let Some((_, bytes)) = UNITS.into_iter().find(|(name, _)| *name == unit) else {
        return Err(wrong_unit(number, unit));
    };
    if number.contains('.') {
        return Err(
            Mistake::new("sizes are whole numbers").help("write it in the next smaller unit")
        );
    }
    whole(number)?.checked_mul(bytes).ok_or_else(|| Mistake::new("more than can be counted"))
}

fn wrong_unit(number: &str, unit: &str) -> Mistake {
    let meant = match unit.trim().to_ascii_lowercase().as_str() {
        "k" | "kb" | "kib" => "KiB",
        "m" | "mb" | "mib" => "MiB",
        "g" | "gb" | "gib" => "GiB",
        "t" | "tb" | "tib" => "TiB",
        "b" | "byte" | "bytes" => "B",
        _ => {
            return Mistake::new("no unit of sizes")
                .help("the units are `B`, `KiB`, `MiB`, `GiB` and `TiB`");
        }
    };
    Mistake::new("the units are `B`, `KiB`, `MiB`, `GiB` and `TiB`")
        .help(format!("write `{number}{meant}`"))
}

/// `16KiB/s`
pub(in crate::scenario) fn rate(text: &str) -> Result<u64, Mistake> {
    let Some(amount) = text.strip_suffix("/s") else {
        let help = match size(text) {
            Ok(_) => format!("write `{text}/s`"),
            Err(_) => "write `16KiB/s`".to_owned(),
        };
        return Err(Mistake::new("a rate ends in `/s`").help(help));
    };
    match size(amount) {
        Ok(0) => {
            Err(Mistake::new("nothing would ever move")
                .help("write `data: stall`, or `then: stall`"))
        }
        Ok(rate) => Ok(rate),
        Err(mistake) => Err(Mistake {
            help: mistake
                .help
                .map(|help| help.replace("` or `", "/s` or `").replacen("KiB`", "KiB/s`", 1)),
            ..mistake
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_its_unit() {
        assert_eq!(size("0B"), Ok(0));
        assert_eq!(size("64KiB"), Ok(65_536));
        assert_eq!(size("1MiB"), Ok(1 << 20));
        assert_eq!(size("64").unwrap_err().help.as_deref(), Some("write `64B` or `64KiB`"));
        assert_eq!(size("64kB").unwrap_err().help.as_deref(), Some("write `64KiB`"));
        for wrong in ["", "KiB", "-1B", "1.5MiB", "064B", "1 KiB", "99999999999999TiB", "1_0B"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_a_size_per_second() {
        assert_eq!(rate("16KiB/s"), Ok(16 << 10));
        assert_eq!(rate("16KiB").unwrap_err().help.as_deref(), Some("write `16KiB/s`"));
        assert!(rate("0B/s").is_err());
        assert!(rate("1Mbit/s").is_err());
    }
}
