//! Whether the state already says what is written.

use std::collections::{BTreeMap, BTreeSet};

use model::{Schema, Value};

use super::{
    compare::{self, Likeness, Rule},
    path::{self, Path},
};

/// Whether recording the written values would change the state's meaning. Order of sets, spelling of documents and what is ignored do not count.
pub(crate) fn is_recorded(
    schema: &Schema,
    want: &BTreeMap<String, Value>,
    applied: &BTreeMap<String, Value>,
    ignore: &[Path],
) -> bool {
    let (mut want, mut applied) = (want.clone(), applied.clone());
    for path in ignore {
        path::put(&mut want, path, None);
        path::put(&mut applied, path, None);
    }
    let keys: BTreeSet<&String> = want.keys().chain(applied.keys()).collect();
    keys.into_iter().all(|key| match (want.get(key), applied.get(key)) {
        (Some(want), Some(applied)) => alike(schema, key, want, applied),
        (one, other) => one.or(other).is_none_or(Value::is_null),
    })
}

fn alike(schema: &Schema, name: &str, want: &Value, applied: &Value) -> bool {
    let Some(spec) = schema.attribute(name) else { return want == applied };
    let rule = Rule::of(spec);
    let both = [(want, applied), (applied, want)];
    let same = both.iter().all(|(one, other)| compare::value(rule, one, other) != Likeness::Differs);
    same && (rule.is_document() || leaves(want) == leaves(applied))
}

/// Writing out a default changes no meaning, but it makes the member ours: then there are more leaves.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::List(items) => items.iter().map(leaves).sum(),
        Value::Map(entries) => entries.values().map(leaves).sum(),
        _ => 1,
    }
}
