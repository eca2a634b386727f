//! How unknown and secret marks spread.

use std::collections::BTreeSet;

use model::{Secret, SecretSource, Unknown, Value};

/// A leaf that comes from an expression over values of which some are unknown.
pub(crate) fn unknown<'v>(expression: &str, values: impl IntoIterator<Item = &'v Value>) -> Value {
    let needs = values.into_iter().flat_map(Value::needs).collect();
    Value::Unknown(Unknown { expression: expression.to_owned(), needs })
}

/// Every secret source inside the values, sorted; nothing when there is no secret.
pub(crate) fn sources<'v>(values: impl IntoIterator<Item = &'v Value>) -> Option<Vec<SecretSource>> {
    let mut found = BTreeSet::new();
    let mut any = false;
    for value in values {
        value.any(&mut |leaf| {
            if let Value::Secret(secret) = leaf {
                any = true;
                found.extend(secret.sources.iter().cloned());
            }
            false
        });
    }
    any.then(|| found.into_iter().collect())
}

/// The value with the content of each secret in its place; nothing when one was not given.
pub(crate) fn exposed(value: Value) -> Option<Value> {
    let mut given = true;
    let bare = value.map_leaves(&mut |leaf| match leaf {
        Value::Secret(secret) => match secret.expose() {
            Some(text) => Value::Text(text.to_owned()),
            None => {
                given = false;
                Value::Null
            }
        },
        other => other,
    });
    given.then_some(bare)
}

/// The value with each leaf a secret; nulls stay, for there is nothing to hide in them.
pub(crate) fn hidden(value: Value, sources: &[SecretSource]) -> Value {
    value.map_leaves(&mut |leaf| match leaf {
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => {
            let text = crate::text::scalar(&leaf).unwrap_or_default();
            Value::Secret(Secret::new(text, sources.to_vec()))
        }
        Value::Secret(secret) => {
            let all = secret.sources.iter().chain(sources).cloned();
            let mut joined = Secret::joined(all, secret.expose().map(str::to_owned));
            joined.fingerprint.clone_from(&secret.fingerprint);
            Value::Secret(joined)
        }
        other => other,
    })
}

/// Computes over plain values; unknown and secret ones make the result so.
///
/// The closure is told whether it sees secrets: then its errors must not show values.
pub(crate) fn through<E>(
    expression: &str,
    values: Vec<Value>,
    compute: impl FnOnce(Vec<Value>, bool) -> Result<Value, E>,
) -> Result<Value, E> {
    if values.iter().any(|value| !value.is_known()) {
        return Ok(unknown(expression, &values));
    }
    let Some(sources) = sources(&values) else {
        return compute(values, false);
    };
    match values.into_iter().map(exposed).collect::<Option<Vec<_>>>() {
        Some(bare) => Ok(hidden(compute(bare, true)?, &sources)),
        None => Ok(Value::Secret(Secret::not_given(sources))),
    }
}
