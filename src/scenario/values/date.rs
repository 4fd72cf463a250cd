//! Dates.

use jiff::Timestamp;

use super::Mistake;

/// `2031-01-01T00:00:00Z`
pub(in crate::scenario) fn date(text: &str) -> Result<Timestamp, Mistake> {
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let day: Result<jiff::civil::Date, _> = text.parse();
    match day {
        Ok(day) if !text.contains(['T', 't', ' ']) => {
            Err(Mistake::new("a date needs its time").help(format!("write `\"{day}T00:00:00Z\"`")))
        }
        Ok(_) => Err(Mistake::new("a time needs its zone").help(format!("write `\"{text}Z\"`"))),
        Err(_) => Err(Mistake::new("no date").help("write `\"2031-01-01T00:00:00Z\"`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_its_time_and_zone() {
        assert!(date("2031-01-01T00:00:00Z").is_ok());
        assert!(date("1969-12-31T23:59:59Z").is_ok());
        let help = |text| date(text).unwrap_err().help.unwrap();
        assert_eq!(help("2031-01-01"), "write `\"2031-01-01T00:00:00Z\"`");
        assert_eq!(help("2031-01-01T00:00:00"), "write `\"2031-01-01T00:00:00Z\"`");
        assert_eq!(help("tomorrow"), "write `\"2031-01-01T00:00:00Z\"`");
    }
}
