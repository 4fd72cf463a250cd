//! The table of commands.

use super::{Access, Argument, Command, Later, Run};
use super::{access, digest, directory, file, information, parameter, security, site, transfer};
use crate::engine::Operation;
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::Session;
use crate::journal::Secrecy;

use Access::{Anybody, LoggedIn};
use Argument::{
    FlagsAndPath, None as Nothing, Optional, Parent, PathAndRange, PathOrHere, Required, Unique,
    WordAndPath,
};
use Operation::{
    Active, Append, Delete, Download, List, Login, Mkdir, Passive, Rename, Rmdir, Setstat, Stat,
    Upload,
};

const fn row(verb: &'static str, access: Access, argument: Argument, run: Run) -> Command {
    Command { verb, also: "", access, argument, operation: None, feature: None, run }
}

impl Command {
    const fn also(self, also: &'static str) -> Self {
        Self { also, ..self }
    }

    const fn means(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    const fn feature(self, feature: &'static str) -> Self {
        Self { feature: Some(feature), ..self }
    }
}

type Now = fn(&mut Session, &mut Request) -> Reply;
type Data = for<'a> fn(&'a mut Session, &'a mut Request) -> Later<'a>;

const fn now(run: Now) -> Run {
    Run::Now(run)
}

const fn data(run: Data) -> Run {
    Run::Later(run)
}

const fn slow(run: Data) -> Run {
    Run::Slowly(run)
}

/// Every command, in the order of RFC 959, section 4.1, those of later RFCs beside their kin; at the end those that
/// only other servers know.
pub(in crate::ftp) static COMMANDS: &[Command] = &[
    // Access control.
    row("USER", Anybody, Required, now(access::user)),
    row("PASS", Anybody, Optional, now(access::pass)).means(Login),
    row("ACCT", Anybody, Required, now(access::acct)),
    row("HOST", Anybody, Required, now(access::host)).feature("HOST"),
    row("REIN", Anybody, Nothing, now(access::rein)),
    row("QUIT", Anybody, Nothing, now(access::quit)),
    row("CWD", LoggedIn, Argument::Path, now(directory::cwd)).also("XCWD"),
    row("CDUP", LoggedIn, Parent, now(directory::cwd)).also("XCUP"),
    // Transfer parameters.
    row("PORT", LoggedIn, Required, now(parameter::port)).means(Active),
    row("PASV", LoggedIn, Nothing, slow(|s, r| Box::pin(parameter::pasv(s, r)))).means(Passive),
    row("EPRT", LoggedIn, Required, now(parameter::eprt)).means(Active).feature("EPRT"),
    row("EPSV", LoggedIn, Optional, slow(|s, r| Box::pin(parameter::epsv(s, r))))
        .means(Passive)
        .feature("EPSV"),
    row("TYPE", LoggedIn, Required, now(parameter::kind)),
    row("STRU", LoggedIn, Required, now(parameter::structure)),
    row("MODE", LoggedIn, Required, now(parameter::mode)),
    row("OPTS", Anybody, Required, now(parameter::opts)),
    row("CLNT", Anybody, Optional, now(parameter::client)).feature("CLNT"),
    row("LANG", Anybody, Optional, now(parameter::lang)).feature("LANG EN*"),
    // Transfers.
    row("RETR", LoggedIn, Argument::Path, data(|s, r| Box::pin(transfer::retr(s, r))))
        .means(Download),
    row("STOR", LoggedIn, Argument::Path, data(|s, r| Box::pin(transfer::stor(s, r))))
        .means(Upload),
    row("STOU", LoggedIn, Unique, data(|s, r| Box::pin(transfer::stou(s, r)))).means(Upload),
    row("APPE", LoggedIn, Argument::Path, data(|s, r| Box::pin(transfer::appe(s, r))))
        .means(Append),
    row("ALLO", LoggedIn, Required, now(parameter::allo)),
    row("REST", LoggedIn, Required, now(parameter::rest)).feature("REST STREAM"),
    row("ABOR", LoggedIn, Nothing, now(transfer::abor)),
    // Listings.
    row("LIST", LoggedIn, FlagsAndPath, data(|s, r| Box::pin(directory::list(s, r)))).means(List),
    row("NLST", LoggedIn, FlagsAndPath, data(|s, r| Box::pin(directory::nlst(s, r)))).means(List),
    row("MLSD", LoggedIn, PathOrHere, data(|s, r| Box::pin(directory::mlsd(s, r)))).means(List),
    row("MLST", LoggedIn, PathOrHere, now(file::mlst)).means(Stat).feature("MLST"),
    // Files and directories.
    row("RNFR", LoggedIn, Argument::Path, now(file::rnfr)),
    row("RNTO", LoggedIn, Argument::Path, now(file::rnto)).means(Rename),
    row("DELE", LoggedIn, Argument::Path, now(file::dele)).means(Delete),
    row("RMD", LoggedIn, Argument::Path, now(directory::rmd)).also("XRMD").means(Rmdir),
    row("MKD", LoggedIn, Argument::Path, now(directory::mkd)).also("XMKD").means(Mkdir),
    row("PWD", LoggedIn, Nothing, now(directory::pwd)).also("XPWD"),
    row("SIZE", LoggedIn, Argument::Path, now(file::size)).means(Stat).feature("SIZE"),
    row("MDTM", LoggedIn, Argument::Path, now(file::mdtm)).means(Stat).feature("MDTM"),
    row("MFMT", LoggedIn, WordAndPath, now(file::mfmt)).means(Setstat).feature("MFMT"),
    row("MFF", LoggedIn, WordAndPath, now(file::mff))
        .means(Setstat)
        .feature("MFF Modify;UNIX.mode;"),
    row("SITE", LoggedIn, Argument::Site, now(site::site)).means(Setstat).feature("SITE UTIME"),
    row("HASH", LoggedIn, Argument::Path, slow(|s, r| Box::pin(digest::hash(s, r))))
        .feature("HASH"),
    row("XCRC", LoggedIn, PathAndRange, slow(|s, r| Box::pin(digest::xcrc(s, r)))).feature("XCRC"),
    row("XMD5", LoggedIn, PathAndRange, slow(|s, r| Box::pin(digest::xmd5(s, r)))).feature("XMD5"),
    row("XSHA1", LoggedIn, PathAndRange, slow(|s, r| Box::pin(digest::xsha1(s, r))))
        .also("XSHA")
        .feature("XSHA1"),
    row("XSHA256", LoggedIn, PathAndRange, slow(|s, r| Box::pin(digest::xsha256(s, r))))
        .feature("XSHA256"),
    row("XSHA512", LoggedIn, PathAndRange, slow(|s, r| Box::pin(digest::xsha512(s, r))))
        .feature("XSHA512"),
    // Information.
    row("SYST", Anybody, Nothing, now(information::syst)),
    row("STAT", LoggedIn, FlagsAndPath, now(information::stat)).means(List),
    row("HELP", Anybody, Optional, now(information::help)),
    row("FEAT", Anybody, Nothing, now(information::feat)),
    row("NOOP", Anybody, Nothing, now(information::noop)),
    // Obsolete, or never built by anybody (RFC 959, 1639).
    row("SMNT", Anybody, Argument::Path, Run::Refused(502, "SMNT not implemented.")),
    row("LPSV", Anybody, Nothing, Run::Refused(502, "LPSV not implemented. Use EPSV.")),
    row("LPRT", Anybody, Required, Run::Refused(502, "LPRT not implemented. Use EPRT.")),
    // Security (RFC 2228, 4217).
    row("AUTH", Anybody, Required, now(security::auth)).feature("AUTH TLS"),
    refused("ADAT", Required),
    row("PBSZ", Anybody, Required, now(security::pbsz)).feature("PBSZ"),
    row("PROT", Anybody, Required, now(security::prot)).feature("PROT"),
    row("CCC", LoggedIn, Nothing, now(security::ccc)).feature("CCC"),
    refused("MIC", Required),
    refused("CONF", Required),
    refused("ENC", Required),
    // Drafts, and what single vendors have.
    refused("CSID", Required),
    refused("PRET", Required),
    refused("SPSV", Nothing),
    refused("RANG", Required),
    refused("MFCT", WordAndPath),
    refused("RMDA", Argument::Path),
    refused("AVBL", PathOrHere),
    refused("DSIZ", PathOrHere),
    refused("COMB", Required),
    refused("THMB", Required),
    // Mail and terminals (RFC 737, 743).
    refused("XSEN", Required),
    refused("XSEM", Required),
    refused("XRSQ", Required),
    refused("XRCP", Required),
    refused("MSND", Required),
    refused("MSOM", Required),
    refused("MSAM", Required),
];

/// What stands for a verb that this server does not know.
pub(in crate::ftp) static UNKNOWN: Command = refused("", Optional);

/// `MDTM` with a time before the path.
pub(in crate::ftp) static MDTM_THAT_SETS: Command =
    row("MDTM", LoggedIn, WordAndPath, now(file::set_mdtm)).means(Setstat);

const fn refused(verb: &'static str, argument: Argument) -> Command {
    row(verb, Anybody, argument, Run::Refused(500, "Unknown command."))
}

/// A verb as a wire word of `when:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb {
    /// In capitals.
    pub name: &'static str,
    /// What the client means by it, where that is always the same.
    pub operation: Option<Operation>,
    /// Whether its events can be about a path.
    pub has_path: bool,
    /// Whether its argument is never written down.
    pub is_secret: bool,
}

/// Every verb that a rule can name, whether the server does it or only refuses it.
pub fn verbs() -> impl Iterator<Item = Verb> {
    COMMANDS.iter().flat_map(|command| {
        let names = [command.verb, command.also].into_iter().filter(|name| !name.is_empty());
        names.map(|name| Verb {
            name,
            operation: command.operation.filter(|_| !command.depends()),
            has_path: !matches!(command.argument, Nothing | Optional | Required),
            is_secret: command.secrecy() == Secrecy::Secret,
        })
    })
}

/// The verb of a name in capitals.
#[must_use]
pub fn verb(name: &str) -> Option<Verb> {
    verbs().find(|verb| verb.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_verb_stands_twice_in_the_table() {
        let mut names: Vec<_> = verbs().map(|verb| verb.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
