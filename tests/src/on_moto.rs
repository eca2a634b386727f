//! What moto does not play, or plays otherwise than AWS: how systems are written for it.

use toml::{Table, Value};

use crate::project::repository;

/// The entries of a list in `judges/chatbot/moto.toml`: `edit` says how the chatbot is written there.
///
/// # Panics
/// When an entry does not say whose fault it is, and why.
pub fn listed(list: &str) -> Vec<Table> {
    let text = std::fs::read_to_string(repository("tests/judges/chatbot/moto.toml")).expect("the list is there");
    let table: Table = toml::from_str(&text).expect("the list is TOML");
    let entries = table[list].as_array().expect("a list").iter().filter_map(Value::as_table);
    let entries: Vec<Table> = entries.cloned().collect();
    for entry in &entries {
        assert!(["moto", "ours", "nobody"].contains(&member(entry, "whose")), "whose fault is it: {entry}");
        assert!(!member(entry, "reason").is_empty(), "why: {entry}");
    }
    entries
}

/// A text of an entry; an empty one where there is none.
pub fn member<'a>(entry: &'a Table, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An environment without App Runner, which moto does not play, and without what tells of it.
///
/// # Panics
/// When the text is no environment.
pub fn without_app_runner(text: &str) -> String {
    let mut environment: Table = toml::from_str(text).expect("an environment is TOML");
    if let Some(types) = environment.get_mut("resource").and_then(Value::as_table_mut) {
        types.retain(|kind, _| !kind.starts_with("apprunner_"));
    }
    if let Some(outputs) = environment.get_mut("output").and_then(Value::as_table_mut) {
        outputs.retain(|_, output| !output.to_string().contains("apprunner_"));
    }
    environment.to_string()
}
