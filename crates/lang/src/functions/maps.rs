//! Maps.

use std::collections::BTreeMap;

use model::Value;

use super::{Call, Fault, Function, Given};
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::through("keys", "map", |call| Ok(call.map(0)?.keys().cloned().collect::<Vec<_>>().into())),
    Function::through("lookup", "map, key, default?", lookup),
    Function::through("merge", "maps...", merge),
    Function::stop("transpose", "map", transpose),
    Function::through("values", "map", |call| Ok(Value::List(call.map(0)?.values().cloned().collect()))),
    Function::through("zipmap", "keys, values", zipmap),
];

fn lookup(call: &Call<'_>) -> Given {
    let (map, key) = (call.map(0)?, call.text(1)?);
    match (map.get(&*key), call.values.get(2)) {
        (Some(found), _) => Ok(found.clone()),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => {
            let fault = Fault::at(1, format!("there is no key {key:?}"));
            Err(match crate::suggest::nearest(&key, map.keys().map(String::as_str)) {
                Some(near) => fault.hint(format!("did you mean {near:?}?")),
                None => fault.hint("a third argument is the value for missing keys"),
            })
        }
    }
}

/// Later maps win; null counts as empty.
fn merge(call: &Call<'_>) -> Given {
    let mut merged = BTreeMap::new();
    for (index, value) in call.values.iter().enumerate() {
        if !value.is_null() {
            merged.extend(call.map(index)?.clone());
        }
    }
    Ok(Value::Map(merged))
}

fn transpose(call: &Call<'_>) -> Given {
    let mut swapped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, items) in call.map(0)? {
        let items = items.as_list().ok_or_else(|| Fault::at(0, format!("the value of {key:?} is no list")))?;
        for item in items {
            let item =
                text::scalar(item).ok_or_else(|| Fault::at(0, format!("the list of {key:?} has more than text")))?;
            swapped.entry(item).or_default().push(key.clone());
        }
    }
    Ok(Value::Map(swapped.into_iter().map(|(key, items)| (key, items.into())).collect()))
}

fn zipmap(call: &Call<'_>) -> Given {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    if keys.len() != values.len() {
        return Err(Fault::whole(format!("there are {} keys and {} values", keys.len(), values.len())));
    }
    let mut map = BTreeMap::new();
    for (key, value) in keys.iter().zip(values) {
        let key = match key {
            Value::Unknown(_) => return Err(Fault::Unknown),
            Value::Secret(_) => return Err(Fault::at(0, "a secret may not be the key of a map")),
            key => text::scalar(key).ok_or_else(|| Fault::at(0, "a key is text"))?,
        };
        map.insert(key, value.clone());
    }
    Ok(Value::Map(map))
}
