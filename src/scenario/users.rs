//! `users:`, who may log in.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;

use super::field::Field;
use super::files;
use super::keys::Holds::{Form, Map, Text};
use super::keys::{Holds, Key, Reading, duplicate, read};
use super::problem::{Problem, quote};
use super::values::{Mistake, absolute_path};
use super::yaml::{Entry, Span, Spanned, Value};
use crate::files::Path;
use crate::run::{Accounts, User};

/// Who may log in, and what each brings along.
#[derive(Debug, Default)]
pub(super) struct Users {
    pub(super) accounts: Accounts,
    /// Their files, each where the whole tree has it.
    pub(super) files: Vec<files::Entry>,
}

/// One user, key by key.
#[derive(Debug, Default)]
pub(super) struct Draft {
    password: Option<String>,
    keys: Vec<Vec<u8>>,
    root: Option<Path>,
    home: Option<Spanned<Path>>,
    files: Option<Vec<files::Entry>>,
}

/// Where the user lives who has files, but no root.
const HOMES: &[u8] = b"home";

/// The keys of one user.
pub(super) static USER: &[Key<Draft>] = &[
    Key {
        name: "password",
        holds: Text,
        doc: "The password; without it, any will do.",
        read: |user, field, reading| user.password = field.text(reading),
    },
    Key {
        name: "keys",
        holds: Holds::Forms("a public key"),
        doc: "The keys that will do.",
        read: |user, field, reading| {
            let keys = field.many(public_key, reading);
            user.keys = keys.into_iter().map(|key| key.value).collect();
        },
    },
    Key {
        name: "root",
        holds: Form("a path"),
        doc: "What the user sees as `/`.",
        read: |user, field, reading| {
            user.root = field.one(absolute_path, reading);
        },
    },
    Key {
        name: "home",
        holds: Form("a path"),
        doc: "Where the user is after the login, below the root: a directory that is there from the beginning.",
        read: |user, field, reading| {
            let span = field.node.span;
            user.home = field.one(absolute_path, reading).map(|value| Spanned { value, span });
        },
    },
    Key {
        name: "files",
        holds: Map,
        doc: "Files of this user's own, below the root; without a root, it is `/home/` and the name.",
        read: |user, field, reading| user.files = Some(files::entries(field, reading)),
    },
];

/// A public key as `ssh-keygen` writes it: algorithm, base64, comment.
fn public_key(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut words = text.split_whitespace();
    let (algorithm, key) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let bytes = STANDARD.decode(key).ok().filter(|bytes| {
        bytes.get(4..4 + algorithm.len()) == Some(algorithm.as_bytes()) && !algorithm.is_empty()
    });
    bytes.ok_or_else(|| {
        Mistake::new("no public key")
            .help("write it as its `.pub` file has it: `ssh-ed25519 AAAAC3N…`")
    })
}

/// A password, or a map: what a user's name holds.
const PASSWORD: Holds = Form("a password, or a map of `password`, `root`, `home` and `files`");

pub(super) fn users(field: &Field<'_>, reading: &mut Reading) -> Users {
    let mut users: BTreeMap<String, User> = BTreeMap::new();
    let mut all_files = Vec::new();
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
        let mut user = Draft::default();
        if let Value::Map(_) = value.value {
            read(&format!("the user {}", quote(&key.value)), USER, value, &mut user, reading);
        } else {
            let password = Field { name: "password", holds: PASSWORD, key: key.span, node: value };
            user.password = password.text(reading);
        }
        let root = user.root(&key.value);
        let home = user.home.map_or_else(Path::root, |home| {
            let entry = files::Entry::directory(home.value.clone(), home.span);
            all_files.push(entry.of(&key.value, &root));
            home.value
        });
        let files = user.files.into_iter().flatten();
        all_files.extend(files.map(|entry| entry.of(&key.value, &root)));
        let Draft { password, keys, .. } = user;
        users.insert(key.value.clone(), User { password, keys, root, home });
    }
    Users { accounts: Accounts::Only(Arc::new(users)), files: all_files }
}

impl Draft {
    /// What the user sees as `/`. A name with a slash in it is no way out of the homes.
    fn root(&self, name: &str) -> Path {
        match (&self.root, &self.files) {
            (Some(root), _) => root.clone(),
            (None, None) => Path::root(),
            (None, Some(_)) => Path::root().join(HOMES).join(name.replace('/', "_").as_bytes()),
        }
    }
}
