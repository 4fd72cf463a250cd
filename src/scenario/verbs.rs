//! The verbs of FTP that `when` knows, in capitals: what each is an operation of, and whether its argument is
//! a path.

use crate::engine::Operation;

/// One verb.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) name: &'static str,
    /// What it always is; a verb that is one thing or another, such as `STAT`, has none.
    pub(super) operation: Option<Operation>,
    pub(super) argument: Argument,
}

/// What a verb's argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// A path, so that its event carries `path` and `target`.
    Path,
    /// Something else, or nothing.
    Other,
}

const fn verb(name: &'static str, operation: Option<Operation>, argument: Argument) -> Verb {
    Verb { name, operation, argument }
}

/// A verb on a path that is an operation of its own.
const fn on_path(name: &'static str, operation: Operation) -> Verb {
    verb(name, Some(operation), Argument::Path)
}

/// A verb that only goes by its name.
const fn plain(name: &'static str) -> Verb {
    verb(name, None, Argument::Other)
}

/// RFC 959 and what came after it: RFC 737, 775, 1639, 2228, 2389, 2428, 2640, 3659, 7151, and drafts.
#[rustfmt::skip]
pub(super) const VERBS: &[Verb] = &[
    // Access (RFC 959, 2228, 7151).
    plain("USER"), verb("PASS", Some(Operation::Login), Argument::Other), plain("ACCT"), plain("REIN"),
    plain("QUIT"), plain("HOST"), plain("AUTH"), plain("ADAT"), plain("PBSZ"), plain("PROT"), plain("CCC"),
    plain("MIC"), plain("CONF"), plain("ENC"), plain("CLNT"), plain("CSID"),
    // Directories.
    verb("CWD", None, Argument::Path), verb("CDUP", None, Argument::Path), plain("PWD"), plain("XPWD"),
    verb("XCWD", None, Argument::Path), verb("XCUP", None, Argument::Path),
    verb("SMNT", None, Argument::Path), on_path("MKD", Operation::Mkdir), on_path("XMKD", Operation::Mkdir),
    on_path("RMD", Operation::Rmdir), on_path("XRMD", Operation::Rmdir), verb("RMDA", None, Argument::Path),
    // Files.
    on_path("DELE", Operation::Delete), verb("RNFR", None, Argument::Path), on_path("RNTO", Operation::Rename),
    on_path("SIZE", Operation::Stat), on_path("MDTM", Operation::Stat), on_path("MLST", Operation::Stat),
    on_path("MFMT", Operation::Setstat), verb("MFCT", None, Argument::Path), verb("MFF", None, Argument::Path),
    verb("HASH", None, Argument::Path), verb("XCRC", None, Argument::Path), verb("XMD5", None, Argument::Path),
    verb("XSHA1", None, Argument::Path), verb("XSHA256", None, Argument::Path),
    verb("XSHA512", None, Argument::Path), verb("COMB", None, Argument::Path), verb("THMB", None, Argument::Path),
    verb("AVBL", None, Argument::Path), verb("DSIZ", None, Argument::Path),
    // Listings and transfers.
    on_path("LIST", Operation::List), on_path("NLST", Operation::List), on_path("MLSD", Operation::List),
    verb("STAT", None, Argument::Path), on_path("RETR", Operation::Download),
    on_path("STOR", Operation::Upload), on_path("STOU", Operation::Upload), on_path("APPE", Operation::Append),
    plain("ALLO"), plain("REST"), plain("RANG"), plain("ABOR"), plain("PRET"),
    // The data connection.
    verb("PASV", Some(Operation::Passive), Argument::Other), verb("EPSV", Some(Operation::Passive), Argument::Other),
    verb("PORT", Some(Operation::Active), Argument::Other), verb("EPRT", Some(Operation::Active), Argument::Other),
    plain("LPSV"), plain("LPRT"), plain("SPSV"), plain("TYPE"), plain("STRU"), plain("MODE"),
    // The server.
    plain("SITE"), plain("SYST"), plain("HELP"), plain("NOOP"), plain("FEAT"), plain("OPTS"), plain("LANG"),
    plain("XSEM"), plain("XSEN"), plain("XRSQ"), plain("XRCP"), plain("MSND"), plain("MSOM"), plain("MSAM"),
];

/// The verb of a name in capitals.
pub(super) fn find(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_verb_stands_twice_in_the_table() {
        for (index, verb) in VERBS.iter().enumerate() {
            assert!(
                VERBS[..index].iter().all(|earlier| earlier.name != verb.name),
                "{}",
                verb.name
            );
        }
    }
}
