//! One type for the items of a collection, and the order of sets, as Terraform has them.

use std::cmp::Ordering;

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
    kinds.windows(2).all(|pair| pair[0] == pair[1]).then_some(items)
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
