//! Written values as one instance sees them.

use std::collections::BTreeMap;

use model::{
    Written, WrittenKind,
    expression::{Entry, Expression, Sees},
};

/// The same value with its expressions seeing this module and iteration.
pub(super) fn written(written: &Written, sees: &Sees) -> Written {
    let kind = match &written.kind {
        WrittenKind::Expression(expression) => {
            WrittenKind::Expression(Expression { sees: sees.clone(), ..expression.clone() })
        }
        WrittenKind::List(items) => WrittenKind::List(items.iter().map(|item| self::written(item, sees)).collect()),
        WrittenKind::Map(map) => WrittenKind::Map(entries(map, sees)),
        leaf => leaf.clone(),
    };
    Written { kind, span: written.span }
}

/// The same entries with their expressions seeing this module and iteration.
pub(super) fn entries(map: &BTreeMap<String, Entry>, sees: &Sees) -> BTreeMap<String, Entry> {
    map.iter()
        .map(|(key, entry)| {
            let entry = Entry { key_span: entry.key_span, value: written(&entry.value, sees) };
            (key.clone(), entry)
        })
        .collect()
}
