//! Information: what the server is and can do.

use super::{COMMANDS, digest, directory, site};
use crate::fault::Wire;
use crate::ftp::listing;
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::{Session, Type, Who};
use crate::ftp::settings::Dots;
use crate::run;
use crate::tls::Mode;

/// `SYST`
pub(super) fn syst(session: &mut Session, _: &mut Request) -> Reply {
    Reply::new(215, listing::system(session.settings.listing))
}

/// `NOOP`
pub(super) fn noop(_: &mut Session, _: &mut Request) -> Reply {
    Reply::new(200, "NOOP ok.")
}

/// `FEAT` (RFC 2389)
pub(super) fn feat(session: &mut Session, _: &mut Request) -> Reply {
    let settings = &session.settings;
    let has_tls = session.mode() != Mode::None;
    let known = COMMANDS.iter().filter(|command| command.is_known(settings));
    let known = known.filter(|command| has_tls || !command.is_about_tls());
    let mut features: Vec<String> = known
        .filter_map(|command| match command.feature {
            Some("MLST") => Some(listing::features(&settings.facts, &session.facts)),
            Some("HASH") => Some(digest::features(session.hash)),
            feature => feature.map(str::to_owned),
        })
        .collect();
    if settings.has_utf8() {
        features.push("UTF8".to_owned());
    }
    if !settings.lacks("TVFS") {
        features.push("TVFS".to_owned());
    }
    features.extend(settings.features.iter().cloned());
    features.sort();
    let lines = features.into_iter().map(|feature| format!(" {feature}").into_bytes());
    Reply::block(211, "Features:", lines.collect(), "End")
}

/// `HELP`; by `HELP SITE` clients find out what else there is (`NcFTP`).
pub(super) fn help(session: &mut Session, request: &mut Request) -> Reply {
    if request.argument.eq_ignore_ascii_case(b"SITE") && !session.settings.lacks("SITE") {
        return site::help();
    }
    let known = COMMANDS.iter().filter(|command| command.is_known(&session.settings));
    let verbs: Vec<&str> = known.map(|command| command.verb).collect();
    let lines = verbs.chunks(12).map(|row| format!(" {}", row.join(" ")).into_bytes());
    Reply::block(214, "The following commands are recognized.", lines.collect(), "Help OK.")
}

/// `STAT`: of the session, or of a path over the control connection.
pub(super) fn stat(session: &mut Session, request: &mut Request) -> Reply {
    let Some(path) = &request.path else {
        return status(session);
    };
    let now = run::now();
    // As by vsftpd, which takes it for `LIST -a`.
    match directory::entries(session, request, Dots::Shown) {
        Ok(entries) => {
            let lines = listing::lines(session.settings.listing, path, &entries, now);
            Reply::block(213, "Status follows:", lines, "End of status")
        }
        Err(error) => Reply::refused(450, path.as_bytes(), error),
    }
}

/// What is encrypted.
fn security(session: &Session) -> String {
    let of = |secure: bool| if secure { "encrypted" } else { "plain text" };
    match (session.control.secure().and_then(Wire::agreed), session.security.protects) {
        (None, false) => "     Control and data connections are plain text".to_owned(),
        (None, true) => "     Control connection is plain text, data is encrypted".to_owned(),
        (Some(agreed), protects) => {
            format!("     Control connection is {agreed}, data is {}", of(protects))
        }
    }
}

/// How the session is, and what keeps it busy.
fn status(session: &Session) -> Reply {
    let user = match &session.who {
        Who::Nobody | Who::Named(_) => "nobody".to_owned(),
        Who::In(account) => account.login().to_string(),
    };
    let kind = match session.kind {
        Type::Ascii => "ASCII",
        Type::Image => "BINARY",
    };
    let mut lines = vec![
        format!("     Connected to {}", session.peer.ip()),
        format!("     Logged in as {user}"),
        format!("     TYPE: {kind}"),
        security(session),
    ];
    lines.extend(session.under_way.iter().map(|command| format!("     Under way: {command}")));
    let lines = lines.into_iter().map(String::into_bytes).collect();
    Reply::block(211, "FTP server status:", lines, "End of status")
}
