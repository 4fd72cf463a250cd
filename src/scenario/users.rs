//! `users:`, who may log in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::Field;
use super::keys::Holds::{Form, Map, Text};
use super::keys::Read::{Built, NotBuilt};
use super::keys::{Holds, Key, Reading, duplicate, read};
use super::later::Later;
use super::problem::{Problem, quote};
use super::values::absolute_path;
use super::yaml::{Entry, Span, Value};
use crate::files::Path;
use crate::run::{Accounts, User};

/// The keys of one user.
pub(super) static USER: &[Key<User>] = &[
    Key {
        name: "password",
        holds: Text,
        doc: "The password; without it, any will do.",
        read: Built(|user, field, reading| user.password = field.text(reading)),
    },
    Key {
        name: "keys",
        holds: Holds::Forms("a public key"),
        doc: "The keys that will do.",
        read: NotBuilt(Later::Ssh),
    },
    Key {
        name: "root",
        holds: Form("a path"),
        doc: "What the user sees as `/`.",
        read: Built(|user, field, reading| {
            if let Some(root) = field.one(absolute_path, reading) {
                user.root = root;
            }
        }),
    },
    Key {
        name: "files",
        holds: Map,
        doc: "Files of this user's own.",
        read: NotBuilt(Later::UserFiles),
    },
];

/// A password, or a map: what a user's name holds.
const PASSWORD: Holds = Form("a password, or a map of `password` and `root`");

pub(super) fn accounts(field: &Field<'_>, reading: &mut Reading) -> Accounts {
    let mut users: BTreeMap<String, User> = BTreeMap::new();
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    for Entry { key, value } in field.entries(reading).unwrap_or_default() {
        if let Some(first) = places.insert(&key.value, key.span) {
            reading.add(duplicate(&key.value, key.span, first));
            continue;
        }
        if key.value.is_empty() {
            reading.add(Problem::error(key.span, "a user without a name").label("expected a name"));
            continue;
        }
        let mut user = User { password: None, root: Path::root() };
        if let Value::Map(_) = value.value {
            read(&format!("the user {}", quote(&key.value)), USER, value, &mut user, reading);
        } else {
            let password = Field { name: "password", holds: PASSWORD, key: key.span, node: value };
            user.password = password.text(reading);
        }
        users.insert(key.value.clone(), user);
    }
    Accounts::Only(Arc::new(users))
}
