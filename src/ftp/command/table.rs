//! The table of commands.

use super::{Access, Argument, Command, Later, Run};
use super::{access, directory, file, information, parameter, transfer};
use crate::engine::Operation;
use crate::ftp::reply::Reply;
use crate::ftp::request::Request;
use crate::ftp::session::Session;

use Access::{Anybody, LoggedIn};
use Argument::{
    FlagsAndPath, None as Nothing, Optional, Parent, PathOrHere, Required, TimeAndPath,
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

/// Every command, in the order of RFC 959, section 4.1, those of later RFCs beside their kin.
pub(in crate::ftp) static COMMANDS: &[Command] = &[
    // Access control.
    row("USER", Anybody, Required, now(access::user)),
    row("PASS", Anybody, Optional, now(access::pass)).means(Login),
    row("REIN", Anybody, Nothing, now(access::rein)),
    row("QUIT", Anybody, Nothing, now(access::quit)),
    row("CWD", LoggedIn, Argument::Path, now(directory::cwd)).also("XCWD"),
    row("CDUP", LoggedIn, Parent, now(directory::cwd)).also("XCUP"),
    // Transfer parameters.
    row("PORT", LoggedIn, Required, now(parameter::port)).means(Active),
    row("PASV", LoggedIn, Nothing, now(parameter::pasv)).means(Passive),
    row("EPRT", LoggedIn, Required, now(parameter::eprt)).means(Active).feature("EPRT"),
    row("EPSV", LoggedIn, Optional, now(parameter::epsv)).means(Passive).feature("EPSV"),
    row("TYPE", LoggedIn, Required, now(parameter::kind)),
    row("STRU", LoggedIn, Required, now(parameter::structure)),
    row("MODE", LoggedIn, Required, now(parameter::mode)),
    row("OPTS", Anybody, Required, now(parameter::opts)),
    row("CLNT", Anybody, Optional, now(parameter::client)).feature("CLNT"),
    // Transfers.
    row("RETR", LoggedIn, Argument::Path, data(|s, r| Box::pin(transfer::retr(s, r))))
        .means(Download),
    row("STOR", LoggedIn, Argument::Path, data(|s, r| Box::pin(transfer::stor(s, r))))
        .means(Upload),
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
    row("MFMT", LoggedIn, TimeAndPath, now(file::mfmt)).means(Setstat).feature("MFMT"),
    // Information.
    row("SYST", Anybody, Nothing, now(information::syst)),
    row("STAT", LoggedIn, FlagsAndPath, now(information::stat)).means(List),
    row("HELP", Anybody, Optional, now(information::help)),
    row("FEAT", Anybody, Nothing, now(information::feat)),
    row("NOOP", Anybody, Nothing, now(information::noop)),
];

/// What stands for a verb that this server does not know.
pub(in crate::ftp) static UNKNOWN: Command = row("", Anybody, Optional, now(information::unknown));

/// Every verb that the server knows, in capitals: the wire words of `when:`.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|command| [command.verb, command.also]).filter(|verb| !verb.is_empty())
}
