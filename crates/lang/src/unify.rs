//! One type for the items of a collection, and the order of sets, as Terraform has them.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use model::Value;

use crate::text;

/// The items with one type: scalars become text when one of them is. Nothing when they have no type in common.
///
/// Nulls, unknown values and secrets go with every type.
pub(crate) fn unify(items: Vec<Value>) -> Option<Vec<Value>> {
    let kinds: Vec<Shape> = items.iter().filter_map(shape).collect();
    let any = |wanted: Shape| kinds.contains(&wanted);
    if any(Shape::Text) && !any(Shape::List) && !any(Shape::Map) {
        return Some(items.into_iter().map(textual).collect());
    }
    if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    match kinds.first() {
        Some(Shape::Map) => unify_members(items),
        Some(Shape::List) => unify_lists(items),
        _ => Some(items),
    }
}

/// Maps: what stands under the same key gets one type.
fn unify_members(mut items: Vec<Value>) -> Option<Vec<Value>> {
    let keys: BTreeSet<String> = items.iter().filter_map(Value::as_map).flat_map(BTreeMap::keys).cloned().collect();
    for key in keys {
        let places = items.iter_mut().filter_map(|item| match item {
            Value::Map(entries) => entries.get_mut(&key),
            _ => None,
        });
        unify_places(places.collect())?;
    }
    Some(items)
}

/// Lists of one length are rows, whose columns get one type each; else all their items get one type.
fn unify_lists(mut items: Vec<Value>) -> Option<Vec<Value>> {
    let mut rows: Vec<&mut Vec<Value>> = items
        .iter_mut()
        .filter_map(|item| match item {
            Value::List(row) => Some(row),
            _ => None,
        })
        .collect();
    if rows.windows(2).all(|pair| pair[0].len() == pair[1].len()) {
        for column in 0..rows.first().map_or(0, |row| row.len()) {
            unify_places(rows.iter_mut().filter_map(|row| row.get_mut(column)).collect())?;
        }
    } else {
        unify_places(rows.into_iter().flatten().collect())?;
    }
    Some(items)
}

fn unify_places(places: Vec<&mut Value>) -> Option<()> {
    let unified = unify(places.iter().map(|place| (**place).clone()).collect())?;
    places.into_iter().zip(unified).for_each(|(place, value)| *place = value);
    Some(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Flag,
    Number,
    Text,
    List,
    Map,
}

fn shape(value: &Value) -> Option<Shape> {
    match value {
        Value::Flag(_) => Some(Shape::Flag),
        Value::Number(_) => Some(Shape::Number),
        Value::Text(_) => Some(Shape::Text),
        Value::List(_) => Some(Shape::List),
        Value::Map(_) => Some(Shape::Map),
        Value::Null | Value::Unknown(_) | Value::Secret(_) => None,
    }
}

fn textual(value: Value) -> Value {
    match text::scalar(&value) {
        Some(text) => Value::Text(text),
        None => value,
    }
}

/// The items as a set: of one type, sorted, each once. Nothing when they have no type in common.
pub(crate) fn set(items: Vec<Value>) -> Option<Vec<Value>> {
    let mut items = unify(items)?;
    items.sort_by(order);
    items.dedup();
    Some(items)
}

/// Numbers by size, text by its characters, false before true; other values by their JSON.
pub(crate) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (a, b) => rank(a).cmp(&rank(b)).then_with(|| json(a).cmp(&json(b))),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Flag(_) => 0,
        Value::Number(_) => 1,
        Value::Text(_) => 2,
        Value::List(_) => 3,
        Value::Map(_) => 4,
        Value::Unknown(_) => 5,
        Value::Secret(_) => 6,
        Value::Null => 7,
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
