//! One document of a file: the keys at the top.

use super::Scenario;
use super::expect;
use super::files;
use super::keys::Holds::{Form, Map, Maps, Text};
use super::keys::{Key, Reading, Written, read};
use super::problem::{Problem, quote};
use super::rules;
use super::server::{self, Server};
use super::users::{self, Users};
use super::values::{name, seed};
use super::yaml::{Node, Spanned, Value};
use crate::engine::Rule;
use crate::expect::Expectation;
use crate::files::Tree;

/// What a document says, key by key.
#[derive(Debug, Default)]
pub(super) struct Draft {
    name: Option<String>,
    description: Option<String>,
    symptom: Option<String>,
    seed: Option<u64>,
    server: Server,
    users: Users,
    files: Vec<files::Entry>,
    rules: Vec<Rule>,
    expectations: Vec<Expectation>,
}

/// The keys of a document.
pub(super) static DOCUMENT: &[Key<Draft>] = &[
    Key {
        name: "name",
        holds: Form("a name of letters, digits and hyphens"),
        doc: "The name of a variant.",
        read: |document, field, reading| document.name = field.one(name, reading),
    },
    Key {
        name: "description",
        holds: Text,
        doc: "What it does.",
        read: |document, field, reading| document.description = field.text(reading),
    },
    Key {
        name: "symptom",
        holds: Text,
        doc: "What clients show.",
        read: |document, field, reading| document.symptom = field.text(reading),
    },
    Key {
        name: "seed",
        holds: Form("a number"),
        doc: "What all chances are drawn from.",
        read: |document, field, reading| document.seed = field.one(seed, reading),
    },
    Key {
        name: "server",
        holds: Map,
        doc: "The static shape of the server.",
        read: |document, field, reading| {
            read("`server`", server::SERVER, field.node, &mut document.server, reading);
        },
    },
    Key {
        name: "users",
        holds: Map,
        doc: "Who may log in; without it, everybody.",
        read: |document, field, reading| document.users = users::users(field, reading),
    },
    Key {
        name: "files",
        holds: Map,
        doc: "What is in the tree; without it, a `/hello.txt`. `/in/<001-250>.csv` is 250 files.",
        read: |document, field, reading| document.files = files::entries(field, reading),
    },
    Key {
        name: "rules",
        holds: Maps,
        doc: "What goes wrong.",
        read: |document, field, reading| document.rules = rules::rules(field.node, reading),
    },
    Key {
        name: "expect",
        holds: Maps,
        doc: "What the client is expected to do.",
        read: |document, field, reading| {
            document.expectations = expect::expectations(field.node, reading);
        },
    },
];

/// The name of a document, for choosing a variant, and where it stands.
pub(super) struct Document {
    pub(super) name: Option<Spanned<String>>,
    pub(super) node: Node,
    /// Nothing, if there is a mistake in it.
    pub(super) scenario: Option<Scenario>,
}

/// Reads a document.
pub(super) fn document(node: Node, reading: &mut Reading) -> Document {
    let before = reading.errors();
    let mut draft = Draft::default();
    let written = match &node.value {
        Value::Missing => {
            reading.add(empty(&node));
            Written::default()
        }
        _ => read("a scenario", DOCUMENT, &node, &mut draft, reading),
    };
    let name = draft
        .name
        .clone()
        .map(|value| Spanned { value, span: written.value("name").unwrap_or(node.span) });
    let healthy = reading.errors() == before;
    let scenario = healthy.then(|| draft.into_scenario(&written, reading)).flatten();
    Document { name, node, scenario }
}

fn empty(node: &Node) -> Problem {
    Problem::error(node.span, "an empty document")
        .label("expected a scenario")
        .help("write `description: …` and `rules:`")
}

/// The complaint about a file without any document.
pub(super) fn nothing() -> Problem {
    Problem::error(super::yaml::Span::default(), "an empty file")
        .label("expected a scenario")
        .help("write `description: …` and `rules:`")
}

/// Variants are chosen by name, so each but the first needs one of its own.
pub(super) fn check_names(documents: &[Document], reading: &mut Reading) {
    for (index, document) in documents.iter().enumerate().skip(1) {
        let Some(name) = &document.name else {
            if document.scenario.is_some() {
                reading.add(
                    Problem::error(document.node.span, "a variant without a name")
                        .label("the second document and those behind it are chosen by `name`")
                        .help("write `name: …` in it"),
                );
            }
            continue;
        };
        let same = documents[..index].iter().filter_map(|earlier| earlier.name.as_ref());
        if let Some(first) = same.into_iter().find(|first| first.value == name.value) {
            let title = format!("two variants are called {}", quote(&name.value));
            reading.add(
                Problem::error(name.span, title)
                    .label("again")
                    .also(first.span, "first given here"),
            );
        }
    }
}

impl Draft {
    fn into_scenario(self, written: &Written, reading: &mut Reading) -> Option<Scenario> {
        let seed = self.seed.unwrap_or(0);
        let first = if written.key("files").is_some() { Tree::new() } else { files::usual_tree() };
        let entries = self.files.into_iter().chain(self.users.files);
        let files = files::tree(first, entries, seed, reading)?;
        Some(Scenario {
            reference: None,
            name: self.name,
            description: self.description,
            symptom: self.symptom,
            seed,
            family: self.server.family,
            proxy_header: self.server.proxy_header,
            ftp: self.server.ftp,
            ssh: self.server.ssh,
            tls: self.server.tls,
            network: self.server.network,
            accounts: self.users.accounts,
            files,
            rules: self.rules,
            expectations: self.expectations,
        })
    }
}
