//! IAM-style policy documents by meaning (`aws-behaviour.md` 18.1).
//!
//! Both documents are brought into one form; then equal forms mean equal policies. Resources and principals keep their case,
//! actions, condition operators and condition keys do not.

use std::collections::{BTreeMap, BTreeSet};

use model::Value;

use super::compare::{Likeness, parsed};

/// The version of a document that states none.
const OLDEST: &str = "2008-10-17";

/// A statement in one form.
type Statement = BTreeMap<String, Part>;

/// Part of a statement: a set of texts, or sets by key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Texts(BTreeSet<String>),
    Keyed(BTreeMap<String, BTreeSet<String>>),
    Nested(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>),
    Other(String),
}

/// Compares two policies given as tables or as JSON text.
pub(crate) fn compare(want: &Value, live: &Value) -> Likeness {
    if !want.is_known() {
        return Likeness::MayDiffer;
    }
    let (want, live) = (parsed(want), parsed(live));
    match (canonical(&want), canonical(&live)) {
        (Some(want), Some(live)) => Likeness::of(want == live),
        _ => Likeness::of(want == live),
    }
}

/// Version, id and the statements, sorted; nothing when it is no policy.
fn canonical(document: &Value) -> Option<(String, Option<String>, Vec<Statement>)> {
    let entries = document.as_map()?;
    let known = ["Version", "Id", "Statement"];
    if entries.keys().any(|key| !known.contains(&key.as_str())) {
        return None;
    }
    let version = entries.get("Version").map_or(Some(OLDEST), Value::as_text)?;
    let id = entries.get("Id").and_then(Value::as_text).map(str::to_owned);
    let mut statements = match entries.get("Statement") {
        Some(Value::List(items)) => items.iter().map(statement).collect::<Option<Vec<_>>>()?,
        Some(single) => vec![statement(single)?],
        None => Vec::new(),
    };
    statements.sort();
    Some((version.to_owned(), id, statements))
}

fn statement(value: &Value) -> Option<Statement> {
    let parts = value.as_map()?.iter();
    Some(parts.filter_map(|(name, value)| part(name, value).map(|part| (name.clone(), part))).collect())
}

/// Nothing for what means the same as being absent.
fn part(name: &str, value: &Value) -> Option<Part> {
    match name {
        "Action" | "NotAction" => Some(Part::Texts(lowered(texts(value)))),
        "Resource" | "NotResource" => Some(Part::Texts(texts(value))),
        "Principal" | "NotPrincipal" => Some(Part::Keyed(principals(value))),
        "Condition" => conditions(value),
        "Sid" if value.as_text() == Some("") || value.is_null() => None,
        _ => Some(Part::Other(scalar(value))),
    }
}

fn texts(value: &Value) -> BTreeSet<String> {
    match value {
        Value::List(items) => items.iter().map(scalar).collect(),
        single => BTreeSet::from([scalar(single)]),
    }
}

fn lowered(texts: BTreeSet<String>) -> BTreeSet<String> {
    texts.into_iter().map(|text| text.to_lowercase()).collect()
}

/// Flags and numbers count as their text.
fn scalar(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// `"*"` is everybody with an AWS identity; an account is its root.
fn principals(value: &Value) -> BTreeMap<String, BTreeSet<String>> {
    match value {
        Value::Map(kinds) => kinds
            .iter()
            .map(|(kind, who)| {
                let who = texts(who);
                (kind.clone(), if kind == "AWS" { who.into_iter().map(account_root).collect() } else { who })
            })
            .collect(),
        everybody => BTreeMap::from([("AWS".to_owned(), texts(everybody))]),
    }
}

/// Any partition's `arn:PARTITION:iam::ACCOUNT:root` as the bare account, which is what services rewrite it from.
fn account_root(principal: String) -> String {
    let parts: Vec<&str> = principal.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, "root"] => (*account).to_owned(),
        _ => principal,
    }
}

fn conditions(value: &Value) -> Option<Part> {
    let operators = value.as_map()?;
    let mut merged: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (operator, keys) in operators {
        for (key, values) in keys.as_map().into_iter().flatten() {
            let tests = merged.entry(operator.to_lowercase()).or_default();
            tests.entry(key.to_lowercase()).or_default().extend(texts(values));
        }
    }
    if merged.is_empty() { None } else { Some(Part::Nested(merged)) }
}
