//! The smallest useful example of a type, and what is tried with it.
//!
//! `environment.toml` holds one resource of the type and what it needs. `changes.toml` lists what is changed, one after
//! the other:
//!
//! ```toml
//! [[change]]
//! set    = { description = "Runs it" }      # a key is a path: "image_configuration.port"
//! unset  = ["tags"]
//! expect = "update"                         # "replace", "record" (state only) or "keep"
//! needs  = "…"                              # more TOML, that has to be there from now on
//!
//! [untried]                                 # attributes that no change tries, and why
//! kms_key = "needs a key of KMS, which the local cloud has not"
//!
//! [not_on_moto]                             # changes by number, or `all`, and whose fault it is
//! 3 = { whose = "moto", reason = "…" }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use toml::{Table, Value};

use crate::project::repository;

/// An example with its changes.
#[derive(Debug)]
pub struct Example {
    pub type_name: String,
    pub environment: Table,
    pub changes: Vec<Change>,
    pub untried: BTreeMap<String, String>,
    /// Changes that moto cannot judge.
    pub not_on_moto: BTreeSet<String>,
}

/// One change of the resource.
#[derive(Debug)]
pub struct Change {
    pub set: Table,
    pub unset: Vec<String>,
    pub expect: String,
    pub needs: Table,
}

impl Example {
    /// Reads `tests/types/TYPE/`.
    pub fn of(type_name: &str) -> Self {
        let folder = repository("tests/types").join(type_name);
        let read = |name: &str| {
            let path = folder.join(name);
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            toml::from_str::<Table>(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let told = read("changes.toml");
        let listed = told.get("change").and_then(Value::as_array).into_iter().flatten();
        Self {
            type_name: type_name.to_owned(),
            environment: read("environment.toml"),
            changes: listed.map(Change::of).collect(),
            untried: reasons(told.get("untried")),
            not_on_moto: table(told.get("not_on_moto")).iter().map(|(name, entry)| blamed(name, entry)).collect(),
        }
    }

    /// The address of the one resource of the type.
    pub fn address(&self) -> String {
        let names: Vec<&String> =
            self.environment["resource"][&self.type_name].as_table().expect("a table").keys().collect();
        assert_eq!(names.len(), 1, "an example has one resource of its type");
        format!("{}.{}", self.type_name, names[0])
    }

    /// The attributes that some change tries.
    pub fn tried(&self) -> BTreeSet<String> {
        let paths = self.changes.iter().flat_map(|change| change.set.keys().chain(&change.unset));
        paths.filter_map(|path| path.split('.').next()).map(str::to_owned).collect()
    }
}

impl Change {
    fn of(value: &Value) -> Self {
        let unset = value.get("unset").and_then(Value::as_array).into_iter().flatten();
        let needs = value.get("needs").and_then(Value::as_str).unwrap_or_default();
        Self {
            set: table(value.get("set")),
            unset: unset.filter_map(Value::as_str).map(str::to_owned).collect(),
            expect: value.get("expect").and_then(Value::as_str).expect("a change says what it expects").to_owned(),
            needs: toml::from_str(needs).unwrap_or_else(|error| panic!("{needs}: {error}")),
        }
    }

    /// Lays the change over an environment, at the resource with this address.
    pub fn apply(&self, environment: &mut Table, address: &str) {
        merge(environment, &self.needs);
        let (type_name, name) = address.split_once('.').expect("an address has a type and a name");
        let resource = environment["resource"][type_name][name].as_table_mut().expect("a resource is a table");
        for (path, value) in &self.set {
            put(resource, path, Some(value.clone()));
        }
        for path in &self.unset {
            put(resource, path, None);
        }
    }
}

fn merge(into: &mut Table, more: &Table) {
    for (name, value) in more {
        match (into.get_mut(name), value) {
            (Some(Value::Table(into)), Value::Table(more)) => merge(into, more),
            _ => drop(into.insert(name.clone(), value.clone())),
        }
    }
}

fn put(table: &mut Table, path: &str, value: Option<Value>) {
    match path.split_once('.') {
        Some((name, rest)) => {
            let inner = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
            put(inner.as_table_mut().expect("the way to a path is made of tables"), rest, value);
        }
        None => match value {
            Some(value) => drop(table.insert(path.to_owned(), value)),
            None => drop(table.remove(path)),
        },
    }
}

fn table(value: Option<&Value>) -> Table {
    value.and_then(Value::as_table).cloned().unwrap_or_default()
}

fn reasons(value: Option<&Value>) -> BTreeMap<String, String> {
    let entries = table(value).into_iter();
    entries.map(|(name, why)| (name, why.as_str().expect("a reason is text").to_owned())).collect()
}

fn blamed(name: &str, entry: &Value) -> String {
    let text = |member| entry.get(member).and_then(Value::as_str).unwrap_or_default();
    assert!(["moto", "ours", "nobody"].contains(&text("whose")), "whose fault is it: {name}");
    assert!(!text("reason").is_empty(), "why: {name}");
    name.to_owned()
}
