//! Bringing written values into the shape that a schema asks for.

use std::collections::BTreeMap;

use crate::{Attribute, Kind, Number, Schema, Secret, Value};

impl Schema {
    /// The written arguments in the schema's shape: scalars convert between number and text where that is exact, nulls count as
    /// not written, and what is always secret becomes a secret. What does not fit stays as it is, for validation to refuse.
    pub fn conform(&self, arguments: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        members(self.attributes, arguments)
    }
}

impl Attribute {
    /// One written value in this attribute's shape.
    pub fn conform(&self, value: Value) -> Value {
        let value = self.kind.conform(value);
        if self.secret { value.map_leaves(&mut secret) } else { value }
    }
}

impl Kind {
    /// One written value in this shape.
    pub fn conform(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Text, Value::Number(number)) => Value::Text(number.to_string()),
            (Self::Number, Value::Text(text)) => Number::parse_exact(&text).map_or(Value::Text(text), Value::Number),
            (Self::List(inner) | Self::Set(inner), Value::List(items)) => {
                Value::List(items.into_iter().map(|item| inner.conform(item)).collect())
            }
            (Self::Map(inner), Value::Map(entries)) => {
                Value::Map(entries.into_iter().map(|(key, item)| (key, inner.conform(item))).collect())
            }
            (Self::Object(attributes), Value::Map(entries)) => Value::Map(members(attributes, entries)),
            (_, other) => other,
        }
    }
}

fn members(attributes: &[Attribute], entries: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let written = entries.into_iter().filter(|(_, value)| !value.is_null());
    written
        .map(|(name, value)| {
            let attribute = attributes.iter().find(|attribute| attribute.name == name);
            let value = attribute.map_or(value.clone(), |attribute| attribute.conform(value));
            (name, value)
        })
        .collect()
}

fn secret(leaf: Value) -> Value {
    match leaf {
        Value::Text(text) => Value::Secret(Secret::new(text, Vec::new())),
        Value::Number(number) => Value::Secret(Secret::new(number.to_string(), Vec::new())),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, written: Value, expected: Value) {
        assert_eq!(kind.conform(written), expected);
    }

    #[test]
    fn scalars_convert_where_exact() {
        check(Kind::Text, 1024.into(), "1024".into());
        check(Kind::Number, "5".into(), 5.into());
        check(Kind::Number, "05".into(), "05".into());
        check(Kind::Text, true.into(), true.into());
        check(Kind::Set(&Kind::Text), vec![1, 2].into(), vec!["1", "2"].into());
    }
}
