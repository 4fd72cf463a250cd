//! Who may log in, and as whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::files::{Account, Path};

/// The account everybody shares where a scenario names no users.
const SHARED_ACCOUNT: &str = "ftp";

/// One name under `users:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The password; `None` lets any pass, unless there are keys.
    pub password: Option<String>,
    /// The public keys that will do, as RFC 4253, section 6.6 has them.
    pub keys: Vec<Vec<u8>>,
    /// What the user sees as `/`.
    pub root: Path,
    /// Where the user is after the login, as the user sees it.
    pub home: Path,
}

impl User {
    fn account(&self, name: &str) -> Account {
        Account::new(name).with_root(self.root.clone()).with_home(self.home.clone())
    }
}

/// The `users:` of a scenario.
#[derive(Debug, Clone, Default)]
pub enum Accounts {
    /// No `users:`: any name with any password, all of them one account that may write.
    #[default]
    Everybody,
    /// Only these.
    Only(Arc<BTreeMap<String, User>>),
}

impl Accounts {
    /// Judges a name and a password, or a name alone where the protocol asks for no more.
    #[must_use]
    pub fn log_in(&self, name: &str, password: Option<&[u8]>) -> Option<Account> {
        match self {
            Self::Everybody => Some(self.let_in(name)),
            Self::Only(users) => {
                let user = users.get(name)?;
                let right = match (&user.password, password) {
                    (Some(expected), Some(given)) => expected.as_bytes() == given,
                    (Some(_), None) => false,
                    // Who has keys of his own and no password comes by them alone.
                    (None, _) => user.keys.is_empty(),
                };
                right.then(|| user.account(name))
            }
        }
    }

    /// Lets somebody in who was told to be, whatever would have to be proven.
    #[must_use]
    pub fn let_in(&self, name: &str) -> Account {
        match self {
            Self::Everybody => Account::new(SHARED_ACCOUNT).with_login(name),
            Self::Only(users) => {
                users.get(name).map_or_else(|| Account::new(name), |user| user.account(name))
            }
        }
    }

    /// Judges a name and a public key, whose possession was proven. The key is as RFC 4253, section 6.6 has it.
    #[must_use]
    pub fn log_in_by_key(&self, name: &str, key: &[u8]) -> Option<Account> {
        match self {
            Self::Everybody => self.log_in(name, None),
            Self::Only(users) => {
                let user = users.get(name)?;
                // Who needs neither a password nor a key of his own may come by any.
                let any = user.password.is_none() && user.keys.is_empty();
                let right = any || user.keys.iter().any(|known| known == key);
                right.then(|| user.account(name))
            }
        }
    }

    /// A name and password a client may use, for the environment of `run`.
    #[must_use]
    pub fn sample(&self) -> (String, String) {
        let any = || ("badftp".to_owned(), "badftp".to_owned());
        match self {
            Self::Everybody => any(),
            Self::Only(users) => users.iter().next().map_or_else(any, |(name, user)| {
                (name.clone(), user.password.clone().unwrap_or_else(|| "badftp".to_owned()))
            }),
        }
    }
}
