//! Access control: who is there, and when they leave.

use std::net::Ipv6Addr;

use super::Algorithm;
use crate::files::{Account, Path};
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::{Session, Type, Who};
use crate::ftp::settings::Login;

/// `USER`
pub(super) fn user(session: &mut Session, request: &mut Request) -> Reply {
    let name = String::from_utf8_lossy(&request.argument).into_owned();
    session.open.login = None;
    if session.settings.login == Login::None {
        session.who = Who::Named(name.clone());
        return log_in(session, &name, None);
    }
    session.who = Who::Named(name);
    Reply::new(331, "Please specify the password.")
}

/// `PASS`
pub(super) fn pass(session: &mut Session, request: &mut Request) -> Reply {
    match &session.who {
        Who::Nobody => Reply::new(503, "Login with USER first."),
        Who::In(_) => Reply::new(230, "Already logged in."),
        Who::Named(name) => {
            let name = name.clone();
            log_in(session, &name, Some(&request.argument))
        }
    }
}

fn log_in(session: &mut Session, name: &str, password: Option<&[u8]>) -> Reply {
    let account: Option<Account> = session.run.accounts.log_in(name, password);
    match account {
        Some(account) => {
            session.cwd = account.home().clone();
            session.who = Who::In(account);
            Reply::new(230, "Login successful.")
        }
        // The name is kept: a rule on `denied` may count by it, and a client may try its password again.
        None => Reply::new(530, "Login incorrect."),
    }
}

/// `ACCT`: nothing here is kept apart by accounts. Where a scenario asks for one, by a 332, it answers, too.
pub(super) fn acct(_: &mut Session, _: &mut Request) -> Reply {
    Reply::new(202, "No account is needed.")
}

/// `HOST` (RFC 7151): before `USER`, and once. One server stands for every name.
pub(super) fn host(session: &mut Session, request: &mut Request) -> Reply {
    match session.who {
        Who::Nobody if is_host(&request.argument) => Reply::new(220, "Host accepted."),
        Who::Nobody => Reply::new(501, "HOST takes a name, an IPv4 address or an [IPv6 address]."),
        Who::Named(_) | Who::In(_) => Reply::new(503, "HOST comes before USER."),
    }
}

/// RFC 7151, section 3.1; a port is no part of it.
fn is_host(argument: &[u8]) -> bool {
    let inside = argument.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    match inside.map(str::from_utf8) {
        Some(address) => address.is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => argument.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(byte)),
    }
}

/// `REIN`: as right after the greeting.
pub(super) fn rein(session: &mut Session, _: &mut Request) -> Reply {
    session.who = Who::Nobody;
    session.open.login = None;
    session.cwd = Path::root();
    session.kind = Type::Ascii;
    session.restart = 0;
    session.rename_from = None;
    session.facts = session.settings.facts.clone();
    session.only_epsv = false;
    session.hash = Algorithm::DEFAULT;
    session.port = crate::ftp::data::DataPort::None;
    Reply::new(220, "Service ready for new user.")
}

/// `QUIT`: a client that has its 221 may come back at once and must not meet its own shadow.
pub(super) fn quit(session: &mut Session, _: &mut Request) -> Reply {
    session.leaving = true;
    session.release();
    Reply::new(221, "Goodbye.")
}
