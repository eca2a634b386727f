//! YAML text.

use std::collections::BTreeMap;

use model::{Number, Value};
use yaml_rust2::{Yaml, YamlLoader};

use super::{Call, Fault, Given, json};
use crate::text;

/// One YAML document.
pub(super) fn decode(call: &Call<'_>) -> Given {
    let source = call.text(0)?;
    let documents = YamlLoader::load_from_str(&source).map_err(|error| Fault::at(0, format!("no YAML: {error}")))?;
    match documents.as_slice() {
        [] => Ok(Value::Null),
        [document] => from_yaml(document),
        _ => Err(Fault::at(0, "one YAML document is wanted, and there are more")),
    }
}

fn from_yaml(yaml: &Yaml) -> Given {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Boolean(flag) => Value::Flag(*flag),
        Yaml::Integer(whole) => Value::Number(Number::Whole(*whole)),
        Yaml::Real(text) => match text::parse_number(text) {
            Some(number) => Value::Number(number),
            None => return Err(Fault::at(0, format!("{text} is no number that can be held"))),
        },
        Yaml::String(text) => Value::Text(text.clone()),
        Yaml::Array(items) => Value::List(items.iter().map(from_yaml).collect::<Given<_>>()?),
        Yaml::Hash(entries) => {
            let mut map = BTreeMap::new();
            for (key, value) in entries {
                let key = text::scalar(&from_yaml(key)?).ok_or_else(|| Fault::at(0, "a key of YAML is text"))?;
                match (key.as_str(), from_yaml(value)?) {
                    ("<<", Value::Map(merged)) => merged.into_iter().for_each(|(key, value)| {
                        map.entry(key).or_insert(value);
                    }),
                    (_, value) => {
                        map.insert(key, value);
                    }
                }
            }
            Value::Map(map)
        }
        Yaml::Alias(_) | Yaml::BadValue => return Err(Fault::at(0, "an alias of YAML stands for nothing")),
    })
}

/// Block style with quoted text, as Terraform writes it.
pub(super) fn encode(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::List(items) if !items.is_empty() => list(&mut out, items, 0),
        Value::Map(entries) if !entries.is_empty() => map(&mut out, entries, 0),
        scalar => {
            leaf(&mut out, scalar, 0);
        }
    }
    out
}

fn map(out: &mut String, entries: &BTreeMap<String, Value>, depth: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        out.push_str(&json::encode(&key.as_str().into()));
        out.push(':');
        match value {
            Value::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                indent(out, depth + 1);
                map(out, inner, depth + 1);
            }
            Value::List(items) if !items.is_empty() => {
                out.push('\n');
                indent(out, depth);
                list(out, items, depth);
            }
            scalar => {
                out.push(' ');
                leaf(out, scalar, depth + 1);
            }
        }
    }
}

fn list(out: &mut String, items: &[Value], depth: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        out.push_str("- ");
        match item {
            Value::Map(inner) if !inner.is_empty() => map(out, inner, depth + 1),
            Value::List(inner) if !inner.is_empty() => list(out, inner, depth + 1),
            scalar => leaf(out, scalar, depth + 1),
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.push_str(&"  ".repeat(depth));
}

/// A scalar or an empty collection with the end of its line. Text of more lines stands as a block.
fn leaf(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Text(text) if text.contains('\n') => block(out, text, depth),
        other => {
            out.push_str(&json::encode(other));
            out.push('\n');
        }
    }
}

fn block(out: &mut String, text: &str, depth: usize) {
    let (body, mark) = match (text.strip_suffix('\n'), text.ends_with("\n\n")) {
        (Some(_), true) => (text.strip_suffix('\n').unwrap_or(text), "|+"),
        (Some(body), false) => (body, "|"),
        (None, _) => (text, "|-"),
    };
    out.push_str(mark);
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
        out.push('\n');
    }
}
