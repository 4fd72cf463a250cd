//! Transfer parameters: where the data connection will be, and how bytes are written on it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::digest;
use crate::ftp::data::DataPort;
use crate::ftp::listing;
use crate::ftp::reply::Reply;
use crate::ftp::request::{Done, Request};
use crate::ftp::session::{Session, Type};
use crate::journal::Cause;
use crate::run::host_port;

/// The lowest port we connect to: nobody is to be reached through us at a system's own services.
const LOWEST_PORT: u16 = 1024;

/// curl looks for the answer once in the moment it has asked for a port. If it is there already, curl waits a
/// whole second for something else to happen before it connects (seen with 7.88). Across a network no server is
/// that fast, and none of more than one process. A timer of the runtime would wait ten times as long.
const BEFORE_ANNOUNCING: Duration = Duration::from_micros(100);

/// `PASV`
pub(super) async fn pasv(session: &mut Session, request: &mut Request) -> Done {
    if session.only_epsv {
        return promised().into();
    }
    if session.run.outside.of(session.local).is_ipv6() {
        return Reply::new(425, "PASV needs IPv4. Use EPSV instead.").into();
    }
    listen(session, request, |address| {
        Reply::new(227, format!("Entering Passive Mode ({}).", host_port(address)))
    })
    .await
}

/// `EPSV` (RFC 2428, section 3)
pub(super) async fn epsv(session: &mut Session, request: &mut Request) -> Done {
    let ours = family(session.local.ip());
    match request.argument.as_slice() {
        b"" => {}
        asked if asked == ours.as_bytes() => {}
        asked if asked.eq_ignore_ascii_case(b"ALL") => {
            session.only_epsv = true;
            return Reply::new(200, "EPSV ALL ok.").into();
        }
        asked if asked.iter().all(u8::is_ascii_digit) => return unsupported(ours).into(),
        _ => return Reply::new(501, "EPSV takes 1, 2, ALL or nothing.").into(),
    }
    listen(session, request, |address| {
        let port = address.port();
        Reply::new(229, format!("Entering Extended Passive Mode (|||{port}|)"))
    })
    .await
}

/// Opens a port and announces it.
async fn listen(
    session: &mut Session,
    request: &mut Request,
    announce: impl FnOnce(SocketAddr) -> Reply,
) -> Done {
    std::thread::sleep(BEFORE_ANNOUNCING);
    match session.listen_for_data(request).await {
        Ok(address) => announce(address).into(),
        Err(error) => {
            // The scenario's own ports may be taken: then that is what it is about.
            let scarce = session.settings.passive_ports.is_some();
            let cause = if scarce { Cause::Client } else { Cause::Badftp };
            request.event.fail(cause, format!("no passive port: {error}"));
            let why = error.get_ref().map(|why| format!(": {why}")).unwrap_or_default();
            Reply::new(425, format!("Can't open a passive port{why}.")).into()
        }
    }
}

/// After `EPSV ALL`, every other way to announce a data connection is refused (RFC 2428, section 4).
fn promised() -> Reply {
    Reply::new(503, "You have promised to use EPSV alone.")
}

/// RFC 2428, section 2.
fn unsupported(ours: &str) -> Reply {
    Reply::new(522, format!("Network protocol not supported, use ({ours})"))
}

/// The number of an address family (RFC 2428, section 2).
fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "1" } else { "2" }
}

/// `PORT`
pub(super) fn port(session: &mut Session, request: &mut Request) -> Reply {
    let text = String::from_utf8_lossy(&request.argument);
    let numbers: Vec<u8> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [a, b, c, d, high, low] if text.split(',').count() == 6 => {
            let address = Ipv4Addr::new(a, b, c, d);
            let to = SocketAddr::new(address.into(), u16::from_be_bytes([high, low]));
            active(session, request, to, ["PORT", "PASV"])
        }
        _ => Reply::new(501, "PORT takes h1,h2,h3,h4,p1,p2."),
    }
}

/// `EPRT` (RFC 2428, section 2): the first character parts the fields.
pub(super) fn eprt(session: &mut Session, request: &mut Request) -> Reply {
    let text = String::from_utf8_lossy(&request.argument).into_owned();
    let mark = text.chars().next().unwrap_or('|');
    let fields: Vec<&str> = text.split(mark).collect();
    let ["", number, address, port, ""] = fields[..] else {
        return Reply::new(501, "EPRT takes |family|address|port|.");
    };
    let ours = family(session.local.ip());
    if number != ours && !session.run.outside.translates() {
        return unsupported(ours);
    }
    match (address.parse::<IpAddr>(), port.parse::<u16>()) {
        (Ok(address), Ok(port)) if family(address) == number => {
            // lftp announces `::`, and means itself.
            let address = if address.is_unspecified() { session.peer.ip() } else { address };
            let to = SocketAddr::new(address, port);
            active(session, request, to, ["EPRT", "EPSV"])
        }
        _ => Reply::new(501, "EPRT takes |family|address|port|."),
    }
}

/// We connect to nobody but the client itself (RFC 2577, section 3: the bounce attack). Where addresses are translated
/// on the way, the one that it knows as its own is none of ours, and it is reached where it comes from.
fn active(
    session: &mut Session,
    request: &Request,
    to: SocketAddr,
    [verb, better]: [&str; 2],
) -> Reply {
    if session.only_epsv {
        return promised();
    }
    let translated = session.run.outside.translates();
    let to = if translated { SocketAddr::new(session.peer.ip(), to.port()) } else { to };
    if to.ip() != session.peer.ip() || to.port() < LOWEST_PORT {
        return Reply::new(500, format!("Illegal {verb} command."));
    }
    let from = request.claimed_address(SocketAddr::new(session.local.ip(), 0));
    session.port = match request.verdict().data() {
        Some(ending) => DataPort::Astray { to, ending },
        None => DataPort::Active { to, from },
    };
    Reply::new(200, format!("{verb} command successful. Consider using {better}."))
}

/// `TYPE`
pub(super) fn kind(session: &mut Session, request: &mut Request) -> Reply {
    let argument = String::from_utf8_lossy(&request.argument).to_ascii_uppercase();
    let (kind, text) = match argument.split_whitespace().collect::<Vec<_>>()[..] {
        ["A"] | ["A", "N"] => (Type::Ascii, "Switching to ASCII mode."),
        ["I" | "L8"] | ["L", "8"] => (Type::Image, "Switching to Binary mode."),
        ["A" | "E" | "L" | "I", ..] => {
            return Reply::new(504, "Only the types A N, I and L 8 are implemented.");
        }
        _ => return Reply::new(501, "Unrecognised TYPE."),
    };
    session.kind = kind;
    Reply::new(200, text)
}

/// `STRU`
pub(super) fn structure(_: &mut Session, request: &mut Request) -> Reply {
    match request.argument.to_ascii_uppercase().as_slice() {
        b"F" => Reply::new(200, "Structure set to F."),
        b"R" | b"P" => Reply::new(504, "Only the structure F is implemented."),
        _ => Reply::new(501, "STRU takes F, R or P."),
    }
}

/// `MODE`
pub(super) fn mode(_: &mut Session, request: &mut Request) -> Reply {
    match request.argument.to_ascii_uppercase().as_slice() {
        b"S" => Reply::new(200, "Mode set to S."),
        b"B" | b"C" | b"Z" => Reply::new(504, "Only the mode S is implemented."),
        _ => Reply::new(501, "MODE takes S, B or C."),
    }
}

/// `LANG` (RFC 2640, section 4): all texts are English.
pub(super) fn lang(_: &mut Session, request: &mut Request) -> Reply {
    let tag = request.argument.to_ascii_lowercase();
    let well_formed = |part: &[u8]| part.iter().all(u8::is_ascii_alphanumeric) && !part.is_empty();
    match tag.split(|byte| *byte == b'-').next() {
        _ if tag.is_empty() => Reply::new(200, "English is the default."),
        _ if !tag.split(|byte| *byte == b'-').all(well_formed) => {
            Reply::new(501, "LANG takes a language tag, as en-US.")
        }
        Some(b"en") => Reply::new(200, "English it is."),
        _ => Reply::new(504, "Only English is spoken here."),
    }
}

/// `OPTS` (RFC 2389): UTF8, MLST and HASH.
pub(super) fn opts(session: &mut Session, request: &mut Request) -> Reply {
    let text = String::from_utf8_lossy(&request.argument).to_ascii_uppercase();
    let (option, value) = text.split_once(' ').unwrap_or((&text, ""));
    match (option, value.trim()) {
        ("UTF8" | "UTF-8", _) if !session.settings.has_utf8() => {
            Reply::new(501, "Option not understood.")
        }
        ("UTF8" | "UTF-8", "ON" | "") => Reply::new(200, "Always in UTF8 mode."),
        ("UTF8" | "UTF-8", "OFF") => Reply::new(504, "Names are always UTF-8 here."),
        ("MLST", wanted) => {
            let (facts, text) = listing::options(&session.settings.facts, wanted);
            session.facts = facts;
            Reply::new(200, text)
        }
        ("HASH", _) if session.settings.lacks("HASH") => Reply::new(501, "Option not understood."),
        ("HASH", wanted) => digest::choose(session, wanted),
        _ => Reply::new(501, "Option not understood."),
    }
}

/// `CLNT`: the client's name, for the journal.
pub(super) fn client(_: &mut Session, _: &mut Request) -> Reply {
    Reply::new(200, "Noted.")
}

/// `ALLO`: room is made as it is needed.
pub(super) fn allo(_: &mut Session, request: &mut Request) -> Reply {
    let number = request.argument.split(|byte| *byte == b' ').next().unwrap_or_default();
    if number.is_empty() || !number.iter().all(u8::is_ascii_digit) {
        return Reply::new(501, "ALLO takes a number of bytes.");
    }
    Reply::new(202, "ALLO command ignored.")
}

/// `REST` (RFC 3659, section 5)
pub(super) fn rest(session: &mut Session, request: &mut Request) -> Reply {
    let number = std::str::from_utf8(&request.argument).ok().and_then(|text| text.parse().ok());
    match number {
        Some(offset) => {
            session.restart = offset;
            Reply::new(350, format!("Restart position accepted ({offset})."))
        }
        None => Reply::new(501, "REST takes a number of bytes."),
    }
}
