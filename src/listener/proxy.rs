//! The PROXY header that a load balancer puts before a connection to tell whose it is (`HAProxy`: "The PROXY
//! protocol, versions 1 & 2").

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::BytesMut;
use ppp::{HeaderResult, PartialResult, v1, v2};
use tokio::time::timeout;

use crate::fault::Wire;

/// How long a header may take, as in `ProFTPD`.
const WITHIN: Duration = Duration::from_secs(3);
/// What a header of version 1 begins with.
const TEXT: &[u8] = b"PROXY ";
/// Its longest line, as the protocol has it.
const LONGEST_LINE: usize = 107;
/// The longest header: one of version 2 may have extensions, which are passed over.
const LONGEST: usize = 4096;

/// Reads the header and nothing behind it. Tells the client that it names; nothing if it names none, as the proxy's
/// own connections do.
///
/// # Errors
/// There is no header, none in time, or no whole one.
pub(super) async fn client(wire: &mut Wire) -> io::Result<Option<SocketAddr>> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no PROXY header in time");
    timeout(WITHIN, read(wire)).await.map_err(late)?
}

async fn read(wire: &mut Wire) -> io::Result<Option<SocketAddr>> {
    let mut header = BytesMut::new();
    while header.len() < LONGEST {
        // Byte by byte: what comes behind it is the client's.
        if wire.read(&mut header, 1).await? == 0 {
            break;
        }
        if let Some(parsed) = parse(&header) {
            return source(parsed);
        }
    }
    Err(io::Error::other("no whole PROXY header"))
}

/// What is known of the bytes so far. A header of version 1 is a line, and only read as a whole: some of its
/// beginnings look wrong.
fn parse(header: &[u8]) -> Option<HeaderResult<'_>> {
    let is_line = TEXT.starts_with(header) || header.starts_with(TEXT);
    if is_line && !header.ends_with(b"\n") && header.len() < LONGEST_LINE {
        return None;
    }
    Some(HeaderResult::parse(header)).filter(HeaderResult::is_complete)
}

fn source(parsed: HeaderResult<'_>) -> io::Result<Option<SocketAddr>> {
    let wrong = |error: &dyn std::error::Error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("no PROXY header: {error}"))
    };
    match parsed {
        HeaderResult::V1(header) => Ok(match header.map_err(|error| wrong(&error))?.addresses {
            v1::Addresses::Tcp4(tcp) => Some((tcp.source_address, tcp.source_port).into()),
            v1::Addresses::Tcp6(tcp) => Some((tcp.source_address, tcp.source_port).into()),
            v1::Addresses::Unknown => None,
        }),
        HeaderResult::V2(header) => {
            let header = header.map_err(|error| wrong(&error))?;
            Ok(match header.addresses {
                _ if header.command == v2::Command::Local => None,
                v2::Addresses::IPv4(ip) => Some((ip.source_address, ip.source_port).into()),
                v2::Addresses::IPv6(ip) => Some((ip.source_address, ip.source_port).into()),
                v2::Addresses::Unix(_) | v2::Addresses::Unspecified => None,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes it takes to know, and what is known then.
    fn known(bytes: &[u8]) -> (usize, Result<Option<SocketAddr>, String>) {
        for length in 1..=bytes.len() {
            if let Some(parsed) = parse(&bytes[..length]) {
                return (length, source(parsed).map_err(|error| error.to_string()));
            }
        }
        (0, Ok(None))
    }

    #[test]
    fn a_header_ends_before_the_client_speaks() {
        let text = b"PROXY TCP4 203.0.113.7 127.0.0.1 5000 21\r\nUSER ann\r\n";
        assert_eq!(known(text), (42, Ok(Some(([203, 0, 113, 7], 5000).into()))));
        assert_eq!(known(b"PROXY UNKNOWN\r\nUSER ann\r\n"), (15, Ok(None)));
    }

    #[test]
    fn a_binary_header_is_known_by_its_length() {
        let mut bytes = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C".to_vec();
        bytes.extend([203, 0, 113, 7, 127, 0, 0, 1, 0x13, 0x88, 0, 21]);
        bytes.extend(b"USER ann\r\n");
        assert_eq!(known(&bytes), (28, Ok(Some(([203, 0, 113, 7], 5000).into()))));
        let local = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
        assert_eq!(known(local), (16, Ok(None)));
    }

    #[test]
    fn what_is_no_header_is_known_soon() {
        for text in
            [&b"USER ann\r\n"[..], b"\x16\x03\x01\x02\0\x01\0\x01\xFC\x03", b"GET / HTTP/1.1\r\n"]
        {
            let (length, source) = known(text);
            assert!(source.is_err(), "{text:?}");
            assert!(length > 0, "{text:?}");
        }
    }
}
