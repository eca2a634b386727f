//! Values as the types of variables want them.

use std::collections::BTreeMap;

use model::{Number, Value, graph::VariableType};

use crate::unify;

/// The value as the type wants it: numbers and text convert when nothing is lost, bools and text never do.
///
/// Unknown leaves and secrets fit everywhere. Sets are sorted and hold each item once; members that an object's
/// type does not name are left out; optional ones become null or their default.
///
/// # Errors
/// Where in the value, what was found and what is wanted, in one sentence that shows no value.
pub fn convert(value: Value, kind: &VariableType) -> Result<Value, String> {
    at(value, kind, &Path::Top)
}

/// The way to a part of a value, for errors.
enum Path<'p> {
    Top,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(Self::Top, name) => f.write_str(name),
            Self::Member(outer, name) => write!(f, "{outer}.{name}"),
            Self::Item(outer, index) => write!(f, "{outer}[{index}]"),
        }
    }
}

impl Path<'_> {
    fn wrong(&self, detail: &str) -> String {
        match self {
            Self::Top => detail.to_owned(),
            inner => format!("`{inner}`: {detail}"),
        }
    }
}

fn at(value: Value, kind: &VariableType, path: &Path<'_>) -> Result<Value, String> {
    if let Value::Unknown(_) | Value::Secret(_) = value {
        return Ok(value);
    }
    match (kind, value) {
        (VariableType::Preset(inner, default), Value::Null) => at(preset(default), inner, path),
        (VariableType::Preset(inner, _), value) => at(value, inner, path),
        (VariableType::Any, value) | (_, value @ Value::Null) => Ok(value),
        (VariableType::Text, value @ Value::Text(_))
        | (VariableType::Number, value @ Value::Number(_))
        | (VariableType::Flag, value @ Value::Flag(_)) => Ok(value),
        (VariableType::Text, Value::Number(number)) => Ok(Value::Text(number.to_string())),
        (VariableType::Number, Value::Text(text)) => Number::parse_exact(&text)
            .map(Value::Number)
            .ok_or_else(|| path.wrong("a number is wanted, and this text is none")),
        (VariableType::List(inner), Value::List(items)) => list(items, inner, path).map(Value::List),
        (VariableType::Set(inner), Value::List(items)) => unify::set(list(items, inner, path)?)
            .map(Value::List)
            .ok_or_else(|| path.wrong("the items of a set have one type")),
        (VariableType::Map(inner), Value::Map(entries)) => entries
            .into_iter()
            .map(|(key, item)| Ok((key.clone(), at(item, inner, &Path::Member(path, &key))?)))
            .collect::<Result<_, String>>()
            .map(Value::Map),
        (VariableType::Tuple(kinds), Value::List(items)) => tuple(items, kinds, path),
        (VariableType::Object(members), Value::Map(entries)) => object(entries, members, path),
        (kind, found) => Err(path.wrong(&format!("{} is wanted, not {}", wanted(kind), found.kind_name()))),
    }
}

fn preset(json: &str) -> Value {
    serde_json::from_str(json).map_or(Value::Null, Value::from_json)
}

fn list(items: Vec<Value>, kind: &VariableType, path: &Path<'_>) -> Result<Vec<Value>, String> {
    items.into_iter().enumerate().map(|(index, item)| at(item, kind, &Path::Item(path, index))).collect()
}

fn tuple(items: Vec<Value>, kinds: &[VariableType], path: &Path<'_>) -> Result<Value, String> {
    if items.len() != kinds.len() {
        return Err(path.wrong(&format!("{} items are wanted, not {}", kinds.len(), items.len())));
    }
    let converted = items.into_iter().zip(kinds).enumerate();
    converted
        .map(|(index, (item, kind))| at(item, kind, &Path::Item(path, index)))
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn object(
    mut entries: BTreeMap<String, Value>,
    members: &BTreeMap<String, (VariableType, bool)>,
    path: &Path<'_>,
) -> Result<Value, String> {
    let mut converted = BTreeMap::new();
    for (name, (kind, optional)) in members {
        let value = match entries.remove(name) {
            Some(value) => value,
            None if *optional => Value::Null,
            None => {
                let near = crate::nearest(name, entries.keys().map(String::as_str));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean it by `{near}`?"));
                return Err(path.wrong(&format!("the member `{name}` is missing{hint}")));
            }
        };
        converted.insert(name.clone(), at(value, kind, &Path::Member(path, name))?);
    }
    Ok(Value::Map(converted))
}

fn wanted(kind: &VariableType) -> &'static str {
    match kind {
        VariableType::Any => "anything",
        VariableType::Text => "text",
        VariableType::Number => "a number",
        VariableType::Flag => "a bool",
        VariableType::List(_) | VariableType::Set(_) | VariableType::Tuple(_) => "a list",
        VariableType::Map(_) | VariableType::Object(_) => "a map",
        VariableType::Preset(inner, _) => wanted(inner),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::parse_type;

    #[track_caller]
    fn check(kind: &str, given: serde_json::Value, expected: Result<serde_json::Value, &str>) {
        let kind = parse_type(kind).unwrap();
        let found = convert(Value::from_json(given), &kind);
        assert_eq!(found, expected.map(Value::from_json).map_err(str::to_owned));
    }

    #[test]
    fn numbers_and_text_convert_when_exact() {
        check("string", json!(5), Ok(json!("5")));
        check("number", json!("5"), Ok(json!(5)));
        check("number", json!("0.5"), Ok(json!(0.5)));
        check("number", json!("05"), Err("a number is wanted, and this text is none"));
        check("bool", json!("true"), Err("a bool is wanted, not text"));
        check("string", json!(true), Err("text is wanted, not a bool"));
        check("any", json!([1, "a"]), Ok(json!([1, "a"])));
        check("string", json!(null), Ok(json!(null)));
    }

    #[test]
    fn collections_convert_item_by_item() {
        check("list(string)", json!([1, "a"]), Ok(json!(["1", "a"])));
        check("set(number)", json!(["3", 1, 3]), Ok(json!([1, 3])));
        check("map(number)", json!({"a": "1"}), Ok(json!({"a": 1})));
        check("map(list(number))", json!({"a": [1, "x"]}), Err("`a[1]`: a number is wanted, and this text is none"));
        check("tuple([string, number])", json!(["a", "1"]), Ok(json!(["a", 1])));
        check("tuple([string])", json!([]), Err("1 items are wanted, not 0"));
        check("list(string)", json!("a"), Err("a list is wanted, not text"));
    }

    #[test]
    fn objects_fill_in_what_is_optional() {
        let kind = "object({ size = number, name = optional(string), on = optional(bool, true), sub = optional(object({ a = number }), { a = 1 }) })";
        check(
            kind,
            json!({"size": "2", "extra": 1}),
            Ok(json!({"size": 2, "name": null, "on": true, "sub": {"a": 1}})),
        );
        check(kind, json!({"siez": 1}), Err("the member `size` is missing; did you mean it by `siez`?"));
        check(kind, json!({"size": 1, "on": null}), Ok(json!({"size": 1, "name": null, "on": true, "sub": {"a": 1}})));
    }
}
