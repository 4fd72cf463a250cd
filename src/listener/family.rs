//! The address families that a listener speaks: a scenario's `server: {family: …}`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// `family:`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Only IPv4.
    Ipv4,
    /// Only IPv6.
    Ipv6,
    /// Both, on the same port.
    Both,
}

impl Family {
    /// Where to listen if somebody asked for `asked`; the last of them is the one to tell. A scenario names no
    /// address, so that only those are known that mean the same in both families.
    ///
    /// # Errors
    /// The address has no counterpart in the other family.
    pub(super) fn addresses(self, asked: SocketAddr) -> io::Result<Vec<IpAddr>> {
        let ours = if asked.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 };
        if self == ours {
            return Ok(vec![asked.ip()]);
        }
        let other = counterpart(asked.ip()).ok_or_else(|| {
            io::Error::other("the scenario's `family` needs an address that both families have: 127.0.0.1, ::1, 0.0.0.0 or ::")
        })?;
        Ok(match self {
            Self::Both => vec![other, asked.ip()],
            Self::Ipv4 | Self::Ipv6 => vec![other],
        })
    }
}

fn counterpart(ip: IpAddr) -> Option<IpAddr> {
    let pairs = [
        (Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST),
        (Ipv4Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED),
    ];
    pairs.into_iter().find_map(|(v4, v6)| match ip {
        IpAddr::V4(ip) if ip == v4 => Some(v6.into()),
        IpAddr::V6(ip) if ip == v6 => Some(v4.into()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(family: Family, asked: &str) -> Option<Vec<String>> {
        let addresses = family.addresses(asked.parse().unwrap()).ok()?;
        Some(addresses.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_family_takes_the_place_of_the_other_or_stands_beside_it() {
        let some = |addresses: &[&str]| Some(addresses.iter().map(ToString::to_string).collect());
        assert_eq!(addresses(Family::Ipv4, "127.0.0.1:21"), some(&["127.0.0.1"]));
        assert_eq!(addresses(Family::Ipv6, "127.0.0.1:21"), some(&["::1"]));
        assert_eq!(addresses(Family::Both, "0.0.0.0:21"), some(&["::", "0.0.0.0"]));
        assert_eq!(addresses(Family::Both, "[::1]:21"), some(&["127.0.0.1", "::1"]));
        assert_eq!(addresses(Family::Ipv4, "192.0.2.1:21"), some(&["192.0.2.1"]));
        assert_eq!(addresses(Family::Ipv6, "192.0.2.1:21"), None);
    }
}
