//! Written values with their expressions replaced by what came out, each at the expression's place.

use model::{Span, Value, Written, WrittenKind, expression::Entry};

/// Joins what is written with its value. What stands literally keeps its own place.
pub(crate) fn resolved(written: &Written, value: &Value) -> Written {
    let kind = match (&written.kind, value) {
        (WrittenKind::List(items), Value::List(values)) if items.len() == values.len() => {
            WrittenKind::List(items.iter().zip(values).map(|(item, value)| resolved(item, value)).collect())
        }
        (WrittenKind::Map(entries), Value::Map(values)) => WrittenKind::Map(
            entries
                .iter()
                .map(|(key, entry)| {
                    let value = values.get(key).map_or(entry.value.clone(), |value| resolved(&entry.value, value));
                    (key.clone(), Entry { key_span: entry.key_span, value })
                })
                .collect(),
        ),
        (WrittenKind::Expression(_), value) => return spread(value, written.span),
        (other, _) => other.clone(),
    };
    Written { kind, span: written.span }
}

/// A value as if it were written at one place.
fn spread(value: &Value, span: Span) -> Written {
    let kind = match value {
        Value::List(items) => WrittenKind::List(items.iter().map(|item| spread(item, span)).collect()),
        Value::Map(entries) => WrittenKind::Map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), Entry { key_span: span, value: spread(item, span) }))
                .collect(),
        ),
        leaf => WrittenKind::Value(leaf.clone()),
    };
    Written { kind, span }
}
