//! What a model refuses of an input: missing members, lengths, ranges, patterns, unknown enum values. All of it at once.

use serde_json::Value;

use super::pattern;
use crate::model::{Kind, Model, Reference, Shape};

/// One refused place of an input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Complaint {
    /// For example `keySchema.1.member.attributeName`.
    pub(crate) path: String,
    /// The value as Java prints it; none where it is sensitive.
    pub(crate) value: Option<String>,
    pub(crate) rule: Rule,
}

/// What a value should have been.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rule {
    NotNull,
    OneOf(Vec<String>),
    Pattern(String),
    MinLength(u64),
    MaxLength(u64),
    MinValue(i64),
    MaxValue(i64),
    Elements(Vec<Rule>),
    Keys(Vec<Rule>),
    Values(Vec<Rule>),
}

/// Everything that is wrong with the input of an operation, in the order of the model.
pub(crate) fn complaints(model: &Model, shape: &Shape, input: &Value) -> Vec<Complaint> {
    let mut walk = Walk { model, found: Vec::new() };
    walk.structure(shape, input, "");
    walk.found
}

struct Walk<'a> {
    model: &'a Model,
    found: Vec<Complaint>,
}

impl Walk<'_> {
    fn structure(&mut self, shape: &Shape, input: &Value, path: &str) {
        for (name, member) in &shape.members {
            let place = join(path, &lower_first(name));
            match &input[name] {
                Value::Null if shape.required.contains(name) => {
                    self.complain(place, &Value::Null, false, Rule::NotNull)
                }
                Value::Null => {}
                value => self.value(member, value, &place),
            }
        }
    }

    fn value(&mut self, reference: &Reference, value: &Value, path: &str) {
        let shape = self.model.at(reference);
        for rule in broken(shape, value) {
            self.complain(path.to_owned(), value, shape.sensitive, rule);
        }
        match shape.kind {
            Kind::Structure => self.structure(shape, value, path),
            Kind::List => self.list(shape, value, path),
            Kind::Map => self.map(shape, value, path),
            _ => {}
        }
    }

    fn list(&mut self, shape: &Shape, value: &Value, path: &str) {
        let (Some(member), Some(items)) = (&shape.member, value.as_array()) else { return };
        let element = self.model.at(member);
        if is_scalar(element) {
            if items.iter().any(|item| !broken(element, item).is_empty()) {
                self.complain(path.to_owned(), value, element.sensitive, Rule::Elements(rules(element)));
            }
            return;
        }
        for (index, item) in items.iter().enumerate() {
            self.value(member, item, &format!("{path}.{}.member", index + 1));
        }
    }

    fn map(&mut self, shape: &Shape, value: &Value, path: &str) {
        let (Some(key), Some(held), Some(entries)) = (&shape.key, &shape.value, value.as_object()) else { return };
        let (key_shape, value_shape) = (self.model.at(key), self.model.at(held));
        if entries.keys().any(|key| !broken(key_shape, &Value::from(key.as_str())).is_empty()) {
            self.complain(
                path.to_owned(),
                value,
                key_shape.sensitive || value_shape.sensitive,
                Rule::Keys(rules(key_shape)),
            );
        }
        if !is_scalar(value_shape) {
            entries.iter().for_each(|(key, item)| self.value(held, item, &format!("{path}.{key}.member")));
        } else if entries.values().any(|item| !broken(value_shape, item).is_empty()) {
            self.complain(
                path.to_owned(),
                value,
                key_shape.sensitive || value_shape.sensitive,
                Rule::Values(rules(value_shape)),
            );
        }
    }

    fn complain(&mut self, path: String, value: &Value, sensitive: bool, rule: Rule) {
        let value = if sensitive { None } else { Some(java(value)) };
        self.found.push(Complaint { path, value, rule });
    }
}

fn is_scalar(shape: &Shape) -> bool {
    !matches!(shape.kind, Kind::Structure | Kind::List | Kind::Map)
}

/// The rules of a shape that a value breaks, pattern first as AWS does.
fn broken(shape: &Shape, value: &Value) -> Vec<Rule> {
    rules(shape).into_iter().filter(|rule| !holds(rule, shape.kind, value)).collect()
}

/// All rules that a shape sets on its own value.
fn rules(shape: &Shape) -> Vec<Rule> {
    let mut rules = Vec::new();
    if !shape.values.is_empty() {
        rules.push(Rule::OneOf(shape.values.clone()));
    }
    rules.extend(shape.pattern.clone().map(Rule::Pattern));
    match shape.kind {
        Kind::Integer | Kind::Long | Kind::Float | Kind::Double => {
            rules.extend(shape.max.map(|max| Rule::MaxValue(max as i64)));
            rules.extend(shape.min.map(|min| Rule::MinValue(min as i64)));
        }
        _ => {
            rules.extend(shape.max.map(|max| Rule::MaxLength(max as u64)));
            rules.extend(shape.min.filter(|min| *min > 0.0).map(|min| Rule::MinLength(min as u64)));
        }
    }
    rules
}

fn holds(rule: &Rule, kind: Kind, value: &Value) -> bool {
    let text = value.as_str();
    match rule {
        Rule::OneOf(values) => text.is_none_or(|text| values.iter().any(|known| known == text)),
        Rule::Pattern(pattern) => text.is_none_or(|text| pattern::fits(pattern, text)),
        Rule::MinLength(min) => length(kind, value) >= *min,
        Rule::MaxLength(max) => length(kind, value) <= *max,
        Rule::MinValue(min) => value.as_f64().is_none_or(|number| number >= *min as f64),
        Rule::MaxValue(max) => value.as_f64().is_none_or(|number| number <= *max as f64),
        Rule::NotNull | Rule::Elements(_) | Rule::Keys(_) | Rule::Values(_) => true,
    }
}

fn length(kind: Kind, value: &Value) -> u64 {
    let length = match value {
        Value::String(text) if kind == Kind::Blob => text.trim_end_matches('=').len() * 3 / 4,
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    };
    length as u64
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// `TableName` → `tableName`: complaints name members as Java does.
pub(crate) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// A value as Java's `toString` prints it.
fn java(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(java).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}={}", java(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}
