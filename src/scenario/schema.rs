//! The JSON Schema of a scenario, for editors: made from the tables that scenarios are read by, so that it knows
//! the same keys, words and sentences. It is of one document; in a file of several, each is one.
//!
//! Draft 7, because that is what the YAML support of most editors has. It is never stricter than `badftp check`,
//! which also knows what keys mean together.

use serde_json::{Map, Value, json};

use super::forms::{form, forms, one_or_list};
use super::keys::{Holds, Key};
use super::{document, expect, files, rules, server, users};

/// The schema of a document.
#[must_use]
pub fn schema() -> Value {
    let mut schema = map(document::DOCUMENT);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("A scenario of badftp");
    for (key, value) in [("server", server()), ("users", users()), ("files", files())] {
        extend(&mut schema["properties"][key], value);
    }
    schema["definitions"] = json!({"file": map(files::FILE)});
    let mut rule = map(rules::RULE);
    rule["required"] = json!(["when"]);
    extend(&mut schema["properties"]["rules"], json!({"type": "array", "items": rule}));
    let mut expectation = map(expect::EXPECTATION);
    expectation["oneOf"] =
        json!([{"required": ["when"]}, {"required": ["stored"]}, {"required": ["exit"]}]);
    extend(&mut schema["properties"]["expect"], json!({"type": "array", "items": expectation}));
    schema
}

fn server() -> Value {
    let mut server = map(server::SERVER);
    extend(&mut server["properties"]["ftp"], map(server::FTP));
    server
}

fn users() -> Value {
    let user = json!({"anyOf": [{"type": "string"}, map(users::USER)]});
    json!({"type": "object", "additionalProperties": user})
}

fn files() -> Value {
    let file = json!({"$ref": "#/definitions/file"});
    json!({
        "type": "object",
        "propertyNames": {"pattern": "^/"},
        "patternProperties": {
            "/$": file,
            "[^/]$": {"anyOf": [{"type": "string"}, file]},
        },
    })
}

/// A map, by the table of its keys.
fn map<T>(table: &'static [Key<T>]) -> Value {
    let properties: Map<String, Value> =
        table.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn property<T>(key: &Key<T>) -> Value {
    let (mut property, expected) = match key.holds {
        Holds::Text => (json!({"type": "string"}), None),
        Holds::Form(text) => (form(text), Some(text)),
        Holds::Forms(text) => (forms(text), Some(text)),
        Holds::Word(words) => (json!({"enum": words}), None),
        Holds::Words(words) => (one_or_list(&json!({"enum": words})), None),
        Holds::Map => (json!({"type": "object"}), None),
        Holds::Maps => (json!({"type": "array"}), None),
    };
    let expected = expected.map(|text| format!("\n\nExpected: {text}.")).unwrap_or_default();
    property["description"] = json!(format!("{}{expected}", key.doc));
    property
}

/// Says more about a property.
fn extend(property: &mut Value, more: Value) {
    if let (Value::Object(property), Value::Object(more)) = (property, more) {
        property.extend(more);
    }
}
