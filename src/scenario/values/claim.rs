//! Lies in a well-formed answer.

use super::Mistake;
use crate::engine::Claim;
use crate::scenario::later::Later;
use crate::scenario::similar::did_you_mean;

/// The fields this version lies about.
const BUILT: [&str; 2] = ["address", "port"];

/// The fields it does not lie about yet.
const LATER: [&str; 11] = [
    "size",
    "modified",
    "permissions",
    "owner",
    "type",
    "name",
    "longname",
    "id",
    "number",
    "length",
    "count",
];

/// `address 10.0.0.1`, `port 1025`
pub(in crate::scenario) fn claim(text: &str) -> Result<Claim, Mistake> {
    let (field, value) = text.split_once(' ').unwrap_or((text, ""));
    match field {
        "address" | "port" if value.is_empty() => {
            Err(Mistake::new("field, then value").help("write `address 10.0.0.1` or `port 1025`"))
        }
        "address" => value.parse().map(Claim::Address).map_err(|_| {
            Mistake::new("no IPv4 or IPv6 address")
                .help("a malformed one is written whole, by `reply`")
        }),
        "port" => value.parse().map(Claim::Port).map_err(|_| {
            Mistake::new("ports go from 0 to 65535")
                .help("a malformed one is written whole, by `reply`")
        }),
        field if LATER.contains(&field) => {
            Err(Mistake::later(Later::Claims, &format!("claim: {field}")))
        }
        field => {
            let known = BUILT.into_iter().chain(LATER);
            Err(Mistake::new("no field of an answer").maybe_help(did_you_mean(field, known)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ports_can_be_claimed() {
        assert_eq!(claim("address 10.0.0.1"), Ok(Claim::Address([10, 0, 0, 1].into())));
        assert_eq!(claim("port 0"), Ok(Claim::Port(0)));
        for wrong in ["address", "address here", "port 65536", "port", "size 5B", "colour red"] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }
}
