//! Security (RFC 4217, RFC 2228): TLS and nothing else.

use crate::engine::Tls;
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::security::Change;
use crate::ftp::session::Session;
use crate::tls::{Mode, Require};

/// `AUTH`: TLS begins behind the reply.
pub(super) fn auth(session: &mut Session, request: &mut Request) -> Reply {
    let mechanism = request.argument.to_ascii_uppercase();
    match mechanism.as_slice() {
        _ if session.security.control != Tls::None => Reply::new(503, "TLS is on already."),
        _ if session.mode() == Mode::None => Reply::new(502, "TLS is not to be had here."),
        b"TLS" | b"TLS-C" | b"TLS-P" | b"SSL" => {
            session.security.change = Some(Change::Secure);
            Reply::new(234, "Proceed with negotiation.")
        }
        _ => Reply::new(504, "Only TLS and SSL are known."),
    }
}

/// `PBSZ`: TLS needs no buffer (RFC 4217, section 8).
pub(super) fn pbsz(session: &mut Session, request: &mut Request) -> Reply {
    if session.security.control == Tls::None {
        return Reply::new(503, "PBSZ comes after AUTH.");
    }
    if request.argument.is_empty() || !request.argument.iter().all(u8::is_ascii_digit) {
        return Reply::new(501, "PBSZ takes a number.");
    }
    session.security.sized = true;
    Reply::new(200, "PBSZ=0")
}

/// `PROT` (RFC 4217, section 9)
pub(super) fn prot(session: &mut Session, request: &mut Request) -> Reply {
    let security = &mut session.security;
    if !security.sized {
        return Reply::new(503, "PROT comes after PBSZ.");
    }
    match request.argument.to_ascii_uppercase().as_slice() {
        b"C" if security.tls.settings().require == Require::Data => {
            Reply::new(534, "Data must be private.")
        }
        b"C" => {
            security.protects = false;
            Reply::new(200, "PROT now Clear.")
        }
        b"P" => {
            security.protects = true;
            Reply::new(200, "PROT now Private.")
        }
        b"S" | b"E" => Reply::new(536, "TLS is private or it is nothing."),
        _ => Reply::new(504, "PROT takes C or P."),
    }
}

/// `CCC`: the control connection is in clear behind the reply (RFC 4217, section 12.3).
pub(super) fn ccc(session: &mut Session, _: &mut Request) -> Reply {
    if session.security.control == Tls::None {
        return Reply::new(533, "The control connection is in clear already.");
    }
    session.security.change = Some(Change::Clear);
    Reply::new(200, "Clearing the control connection.")
}
