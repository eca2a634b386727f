//! Written values with their expressions replaced by what came out, each at the expression's place.

use model::{Span, Unknown, Value, Written, WrittenKind, expression::Entry};

/// The shape of what is written, with values where expressions stand. What stands literally was checked before anything was
/// evaluated; here it counts as not known, so that its mistakes are not told twice.
pub(crate) fn resolved(written: &Written, value: &Value) -> Written {
    let kind = match (&written.kind, value) {
        (WrittenKind::List(items), Value::List(values)) if items.len() == values.len() => {
            WrittenKind::List(items.iter().zip(values).map(|(item, value)| resolved(item, value)).collect())
        }
        (WrittenKind::Map(entries), Value::Map(values)) => WrittenKind::Map(
            entries
                .iter()
                .map(|(key, entry)| {
                    let value = values
                        .get(key)
                        .map_or_else(|| unknown(entry.value.span), |value| resolved(&entry.value, value));
                    (key.clone(), Entry { key_span: entry.key_span, value })
                })
                .collect(),
        ),
        (WrittenKind::Expression(_), value) => return spread(value, written.span),
        _ => return unknown(written.span),
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

/// A place of which nothing is known.
pub(crate) fn unknown(span: Span) -> Written {
    let unknown = Unknown { expression: String::new(), needs: Default::default() };
    Written::value(Value::Unknown(unknown), span)
}
