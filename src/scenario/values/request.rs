//! What a request of SFTP carries: the flags that it opens a file with, the attributes that it sets.

use super::{Mistake, one_of, text_glob};
use crate::engine::Glob;
use crate::scenario::similar::did_you_mean;
use crate::sftp;

/// What flags are called.
pub(in crate::scenario) const FLAGS: &str = "flags such as `WRITE` or `READ+WRITE`";
/// What attributes are called.
pub(in crate::scenario) const ATTRIBUTES: &str =
    "an attribute such as `permissions` or `permissions rw-------`";

/// A flag of `SSH_FXP_OPEN`.
pub(in crate::scenario) fn flag(text: &str) -> Result<&'static str, Mistake> {
    let words = sftp::FLAGS.map(|flag| (flag, flag));
    let known = sftp::FLAGS.join(", ");
    one_of(text, &words).map_err(|mistake| {
        let help = mistake.help.unwrap_or_else(|| format!("the flags are {known}"));
        Mistake::new("no flag of `SSH_FXP_OPEN`").help(help)
    })
}

/// `WRITE`, `READ+WRITE`: all of them.
pub(in crate::scenario) fn flags(text: &str) -> Result<Vec<&'static str>, Mistake> {
    text.split('+').map(flag).collect()
}

/// `permissions`, `permissions rw-------`, `modified 2031-*`
pub(in crate::scenario) fn attribute(text: &str) -> Result<Glob, Mistake> {
    let word = text.split(' ').next().unwrap_or_default();
    if !sftp::ATTRIBUTES.contains(&word) {
        let known = sftp::ATTRIBUTES.join(", ");
        return Err(Mistake::new("no attribute of a file")
            .help(format!("the attributes are {known}"))
            .maybe_help(did_you_mean(word, sftp::ATTRIBUTES)));
    }
    text_glob(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_joined_by_a_plus() {
        assert_eq!(flags("WRITE"), Ok(vec!["WRITE"]));
        assert_eq!(flags("READ+WRITE"), Ok(vec!["READ", "WRITE"]));
        for wrong in ["", "write", "READ+", "CREATE", "READ WRITE"] {
            assert!(flags(wrong).is_err(), "{wrong}");
        }
        assert_eq!(flags("CREATE").unwrap_err().help.as_deref(), Some("did you mean `CREAT`?"));
    }

    #[test]
    fn an_attribute_stands_alone_or_before_its_value() {
        for right in ["size", "size 0B", "permissions rw-------", "modified 2031-*"] {
            assert!(attribute(right).is_ok(), "{right}");
        }
        for wrong in ["", "mode", "rw-------"] {
            assert!(attribute(wrong).is_err(), "{wrong}");
        }
    }
}
