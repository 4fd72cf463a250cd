//! Lies in a well-formed answer.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{
    Mistake, absolute_path, count, date, duration, literal, one_of, permissions, size, template,
    text_glob,
};
use crate::engine::{Claim, Fact, Figure, Kind, Size, Time};
use crate::scenario::similar::did_you_mean;

/// A field, and what is written behind it.
struct Field {
    name: &'static str,
    example: &'static str,
    read: fn(&str) -> Result<Claim, Mistake>,
    /// What `none` leaves out.
    fact: Option<Fact>,
}

const FIELDS: [Field; 22] = [
    Field { name: "size", example: "size 10B", read: sizes, fact: Some(Fact::Size) },
    Field { name: "modified", example: "modified +5h", read: times, fact: Some(Fact::Modified) },
    Field {
        name: "permissions",
        example: "permissions r--------",
        read: |text| permissions(text).map(Claim::Permissions),
        fact: Some(Fact::Permissions),
    },
    Field {
        name: "owner",
        example: "owner root",
        read: |text| Ok(Claim::Owner(text.into())),
        fact: Some(Fact::Owner),
    },
    Field { name: "type", example: "type directory", read: kinds, fact: Some(Fact::Type) },
    Field { name: "name", example: "name ../x", read: names, fact: None },
    Field { name: "address", example: "address 10.0.0.1", read: addresses, fact: None },
    Field { name: "port", example: "port 1025", read: ports, fact: None },
    Field { name: "longname", example: "longname garbage", read: longnames, fact: None },
    Field { name: "id", example: "id 7", read: |text| number(text).map(Claim::Id), fact: None },
    Field { name: "number", example: "number 103", read: kinds_of_packets, fact: None },
    Field {
        name: "length",
        example: "length 0",
        read: |text| number(text).map(Claim::Length),
        fact: None,
    },
    Field {
        name: "count",
        example: "count 2",
        read: |text| number(text).map(Claim::Count),
        fact: None,
    },
    Field {
        name: "capacity",
        example: "capacity 1GiB",
        read: |text| size(text).map(|bytes| Claim::Figure(Figure::Capacity, bytes)),
        fact: None,
    },
    Field {
        name: "free",
        example: "free 64KiB",
        read: |text| size(text).map(|bytes| Claim::Figure(Figure::Free, bytes)),
        fact: None,
    },
    Field {
        name: "packet",
        example: "packet 34000B",
        read: |text| size(text).map(|bytes| Claim::Figure(Figure::Packet, bytes)),
        fact: None,
    },
    Field {
        name: "read",
        example: "read 32KiB",
        read: |text| size(text).map(|bytes| Claim::Figure(Figure::Read, bytes)),
        fact: None,
    },
    Field {
        name: "write",
        example: "write 32KiB",
        read: |text| size(text).map(|bytes| Claim::Figure(Figure::Write, bytes)),
        fact: None,
    },
    Field {
        name: "handles",
        example: "handles 100",
        read: |text| count(text).map(|handles| Claim::Figure(Figure::Handles, handles)),
        fact: None,
    },
    Field {
        name: "only",
        example: "only *.csv",
        read: |text| text_glob(text).map(Claim::Only),
        fact: None,
    },
    Field {
        name: "without",
        example: "without *.tmp",
        read: |text| text_glob(text).map(Claim::Without),
        fact: None,
    },
    Field {
        name: "directory",
        example: "directory /",
        read: |text| absolute_path(text).map(|path| Claim::Directory(Arc::from(path.as_bytes()))),
        fact: None,
    },
];

const KINDS: [(Kind, &str); 3] =
    [(Kind::File, "file"), (Kind::Directory, "directory"), (Kind::Link, "link")];

/// `size 10B`, `modified +5h`, `owner none`, `address 10.0.0.1`
pub(in crate::scenario) fn claim(text: &str) -> Result<Claim, Mistake> {
    let (name, value) = text.split_once(' ').unwrap_or((text, ""));
    let Some(field) = FIELDS.iter().find(|field| field.name == name) else {
        let known = FIELDS.iter().map(|field| field.name);
        return Err(Mistake::new("no field of an answer").maybe_help(did_you_mean(name, known)));
    };
    match (value, field.fact) {
        ("", _) => {
            Err(Mistake::new("field, then value").help(format!("write `{}`", field.example)))
        }
        ("none", Some(fact)) => Ok(Claim::LeftOut(fact)),
        ("none", None) if name == "longname" => longnames(""),
        ("none", None) => Err(Mistake::new(format!("`{name}` cannot be left out"))
            .help(format!("write `{}`", field.example))),
        _ => (field.read)(value),
    }
}

/// `10B`, `+1B`, `-1B`
fn sizes(text: &str) -> Result<Claim, Mistake> {
    let claimed = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(more), _) => signed('+', size(more)).map(Size::More),
        (_, Some(less)) => signed('-', size(less)).map(Size::Less),
        _ => size(text).map(Size::Exactly),
    };
    claimed.map(Claim::Size)
}

/// The sign stays in the hint.
fn signed<T>(sign: char, value: Result<T, Mistake>) -> Result<T, Mistake> {
    value.map_err(|mistake| {
        let help = mistake.help.map(|help| {
            let end = help.rfind("or `").map_or(help.len(), |at| at + 4);
            let (first, rest) = help.split_at(end);
            let sign_first = |text: &str| match text.strip_prefix("write `") {
                Some(form) => format!("write `{sign}{form}"),
                None => text.to_owned(),
            };
            let rest = if rest.is_empty() { String::new() } else { format!("{sign}{rest}") };
            sign_first(first) + &rest
        });
        Mistake { help, ..mistake }
    })
}

/// `+5h`, `-5h`, `2031-01-01T00:00:00Z`
fn times(text: &str) -> Result<Claim, Mistake> {
    let Some((sign, length)) = text.split_at_checked(1).filter(|(sign, _)| "+-".contains(sign))
    else {
        let at = date(text).map(|date| Claim::Modified(Time::At(date)));
        let help = "write `modified +5h` or `modified 2031-01-01T00:00:00Z`";
        return at.map_err(|mistake| mistake.help(help));
    };
    let sign = if sign == "-" { '-' } else { '+' };
    let skew = SignedDuration::try_from(signed(sign, duration(length))?)
        .map_err(|_| Mistake::new("more than can be counted"))?;
    let skew = if sign == '-' { -skew } else { skew };
    Ok(Claim::Modified(Time::Skewed(skew)))
}

fn kinds(text: &str) -> Result<Claim, Mistake> {
    let kind = one_of(text, &KINDS).map(Claim::Type);
    kind.map_err(|_| Mistake::new("a type is `file`, `directory` or `link`"))
}

fn names(text: &str) -> Result<Claim, Mistake> {
    literal(text).map(|name| Claim::Name(Arc::from(name)))
}

fn longnames(text: &str) -> Result<Claim, Mistake> {
    template(text).map(Claim::Longname)
}

/// A field of four bytes.
fn number(text: &str) -> Result<u32, Mistake> {
    let number = count(text)?;
    number.try_into().map_err(|_| Mistake::new("no more than 4294967295"))
}

fn kinds_of_packets(text: &str) -> Result<Claim, Mistake> {
    let number = count(text)?.try_into();
    number.map(Claim::Number).map_err(|_| Mistake::new("the number of a packet goes from 0 to 255"))
}

fn addresses(text: &str) -> Result<Claim, Mistake> {
    text.parse().map(Claim::Address).map_err(|_| {
        Mistake::new("no IPv4 or IPv6 address").help("a malformed one is written whole, by `reply`")
    })
}

fn ports(text: &str) -> Result<Claim, Mistake> {
    text.parse().map(Claim::Port).map_err(|_| {
        Mistake::new("ports go from 0 to 65535")
            .help("a malformed one is written whole, by `reply`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Part, Template};

    #[test]
    fn addresses_and_ports_can_be_claimed() {
        assert_eq!(claim("address 10.0.0.1"), Ok(Claim::Address([10, 0, 0, 1].into())));
        assert_eq!(claim("port 0"), Ok(Claim::Port(0)));
        for wrong in ["address", "address here", "address none", "port 65536", "port"] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_and_times_are_exact_relative_or_left_out() {
        assert_eq!(claim("size 10B"), Ok(Claim::Size(Size::Exactly(10))));
        assert_eq!(claim("size +1B"), Ok(Claim::Size(Size::More(1))));
        assert_eq!(claim("size -1KiB"), Ok(Claim::Size(Size::Less(1024))));
        assert_eq!(claim("size none"), Ok(Claim::LeftOut(Fact::Size)));
        let skew = |hours| Ok(Claim::Modified(Time::Skewed(SignedDuration::from_hours(hours))));
        assert_eq!(claim("modified +5h"), skew(5));
        assert_eq!(claim("modified -5h"), skew(-5));
        let date = "1969-12-31T23:59:59Z";
        let at = Claim::Modified(Time::At(date.parse().unwrap()));
        assert_eq!(claim(&format!("modified {date}")), Ok(at));
        for wrong in ["size", "size 10", "size +1", "size -1", "modified 5h", "modified +5"] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_fields_of_a_packet_can_be_claimed() {
        assert_eq!(claim("id 7"), Ok(Claim::Id(7)));
        assert_eq!(claim("number 103"), Ok(Claim::Number(103)));
        assert_eq!(claim("length 2147483647"), Ok(Claim::Length(i32::MAX.cast_unsigned())));
        assert_eq!(claim("count 2"), Ok(Claim::Count(2)));
        let longname = Template(vec![Part::Bytes(b"x\xFF ".to_vec()), Part::Size]);
        assert_eq!(claim("longname x<xFF> <size>"), Ok(Claim::Longname(longname)));
        assert_eq!(claim("longname none"), Ok(Claim::Longname(Template::default())));
        assert_eq!(claim("free 64KiB"), Ok(Claim::Figure(Figure::Free, 64 << 10)));
        assert_eq!(claim("handles 0"), Ok(Claim::Figure(Figure::Handles, 0)));
        for wrong in ["id", "id none", "id -1", "number 256", "length 1KiB", "count 4294967296"] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_stands_in_a_listing_can_be_claimed() {
        assert_eq!(claim("permissions r--------"), Ok(Claim::Permissions(0o400)));
        assert_eq!(claim("owner root"), Ok(Claim::Owner("root".into())));
        assert_eq!(claim("type directory"), Ok(Claim::Type(Kind::Directory)));
        assert_eq!(claim("name ../a<xFF>"), Ok(Claim::Name(b"../a\xFF"[..].into())));
        for wrong in ["type socket", "permissions 0400", "name none", "colour red"] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }
}
