//! Access control: who is there, and when they leave.

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
            session.who = Who::In(account);
            session.cwd = Path::root();
            Reply::new(230, "Login successful.")
        }
        // The name is kept: a rule on `denied` may count by it, and a client may try its password again.
        None => Reply::new(530, "Login incorrect."),
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
    session.port = crate::ftp::data::DataPort::None;
    Reply::new(220, "Service ready for new user.")
}

/// `QUIT`: a client that has its 221 may come back at once and must not meet its own shadow.
pub(super) fn quit(session: &mut Session, _: &mut Request) -> Reply {
    session.leaving = true;
    session.release();
    Reply::new(221, "Goodbye.")
}
