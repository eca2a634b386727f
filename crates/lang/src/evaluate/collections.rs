//! Lists, maps and `for` expressions.

use std::collections::{BTreeMap, btree_map::Entry};

use hcl_edit::expr::{Array, Expression as Node, ForExpr, Object, ObjectKey};
use model::{Secret, Value};

use super::{Evaluator, condition::Condition};
use crate::{
    frame::{Frame, Names},
    marks,
    mistake::{Mistakes, Outcome, both, collect},
    text,
};

/// What a `for` walks over.
pub(super) enum Iteration {
    Entries(Vec<(Value, Value)>),
    /// Unknown, or a secret that was not given: the whole result is the same.
    Marked(Value),
}

/// A key of a map that is being made.
enum Key {
    Text(String),
    Marked(Value),
}

impl Evaluator<'_> {
    pub(super) fn array(&self, frame: Frame<'_>, array: &Array) -> Outcome {
        collect(array.iter().map(|item| self.node(frame, item))).map(Value::List)
    }

    pub(super) fn object(&self, frame: Frame<'_>, object: &Object) -> Outcome {
        let entries = collect(
            object.iter().map(|(key, value)| both(self.object_key(frame, key), self.node(frame, value.expr()))),
        )?;
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            match key {
                Key::Text(key) => {
                    map.insert(key, value);
                }
                Key::Marked(mark) => return Ok(marks::unknown(frame.text(object), [&mark, &value])),
            }
        }
        Ok(Value::Map(map))
    }

    fn object_key(&self, frame: Frame<'_>, key: &ObjectKey) -> Outcome<Key> {
        match key {
            ObjectKey::Ident(name) => Ok(Key::Text(name.as_str().to_owned())),
            ObjectKey::Expression(node) => self.node(frame, node).and_then(|value| map_key(frame, value, node)),
        }
    }

    /// The entries of a list or map.
    pub(super) fn iterate(&self, frame: Frame<'_>, node: &Node) -> Outcome<Iteration> {
        match self.node(frame, node)? {
            Value::List(items) => {
                let indexed = items.into_iter().enumerate();
                Ok(Iteration::Entries(indexed.map(|(at, item)| ((at as i64).into(), item)).collect()))
            }
            Value::Map(entries) => {
                Ok(Iteration::Entries(entries.into_iter().map(|(key, item)| (key.into(), item)).collect()))
            }
            marked @ Value::Unknown(_) => Ok(Iteration::Marked(marked)),
            Value::Secret(secret) if secret.expose().is_none() => Ok(Iteration::Marked(Value::Secret(secret))),
            other => {
                let detail = format!("`for` walks over a list or a map, not {}", other.kind_name());
                Err(frame.wrong("invalid operand", detail, node))
            }
        }
    }

    pub(super) fn for_expression(&self, frame: Frame<'_>, each: &ForExpr, node: &Node) -> Outcome {
        let entries = match self.iterate(frame, &each.intro.collection_expr)? {
            Iteration::Entries(entries) => entries,
            Iteration::Marked(Value::Secret(secret)) => return Ok(Value::Secret(secret)),
            Iteration::Marked(value) => return Ok(marks::unknown(frame.text(node), [&value])),
        };
        let rows = collect(entries.into_iter().map(|(key, value)| self.row(frame, each, key, value)))?;
        let rows: Vec<Row> = rows.into_iter().flatten().collect();
        if let Some(Row::Marked(mark)) = rows.iter().find(|row| matches!(row, Row::Marked(_))) {
            return Ok(match mark {
                Value::Secret(secret) => Value::Secret(Secret::not_given(secret.sources.clone())),
                other => marks::unknown(frame.text(node), [other]),
            });
        }
        match &each.key_expr {
            None => Ok(Value::List(rows.into_iter().filter_map(Row::value).collect())),
            Some(key) => grouped(rows, each.grouping).map_err(|twice| {
                let detail = format!("two items have the key {twice:?}");
                frame.wrong("duplicate key", detail, key).hint("write `...` after the value to collect them in lists")
            }),
        }
    }

    /// One round of a `for`; nothing when its `if` leaves it out.
    fn row(&self, frame: Frame<'_>, each: &ForExpr, key: Value, value: Value) -> Outcome<Option<Row>> {
        let key = each.intro.key_var.as_ref().map(|name| (name.as_str(), key));
        let entries = key.into_iter().chain([(each.intro.value_var.as_str(), value)]).collect();
        let names = Names { entries, outer: frame.names };
        let frame = frame.with(Some(&names));
        if let Some(condition) = &each.cond {
            match self.condition(frame, &condition.expr)? {
                Condition::Known(true) => {}
                Condition::Known(false) => return Ok(None),
                Condition::Marked(marked @ Value::Unknown(_)) => return Ok(Some(Row::Marked(marked))),
                Condition::Marked(_) | Condition::Secret(..) => {
                    let detail = "a secret may not decide which items there are";
                    return Err(frame.wrong("secret condition", detail, &condition.expr));
                }
            }
        }
        let value = self.node(frame, &each.value_expr);
        let Some(node) = &each.key_expr else {
            return value.map(|value| Some(Row::Item(value)));
        };
        let key = self.node(frame, node).and_then(|key| map_key(frame, key, node));
        Ok(Some(match both(key, value)? {
            (Key::Text(key), value) => Row::Entry(key, value),
            (Key::Marked(mark), _) => Row::Marked(mark),
        }))
    }
}

/// What one round of a `for` gives.
enum Row {
    Item(Value),
    Entry(String, Value),
    Marked(Value),
}

impl Row {
    fn value(self) -> Option<Value> {
        match self {
            Self::Item(value) | Self::Entry(_, value) => Some(value),
            Self::Marked(_) => None,
        }
    }
}

/// The rows as a map; the key that stands twice when they are not to be grouped.
fn grouped(rows: Vec<Row>, grouping: bool) -> Result<Value, String> {
    let mut map: BTreeMap<String, Value> = BTreeMap::new();
    for row in rows {
        let Row::Entry(key, value) = row else { continue };
        if grouping {
            match map.entry(key).or_insert_with(|| Value::List(Vec::new())) {
                Value::List(items) => items.push(value),
                _ => continue,
            }
        } else {
            match map.entry(key) {
                Entry::Vacant(place) => place.insert(value),
                Entry::Occupied(taken) => return Err(taken.key().clone()),
            };
        }
    }
    Ok(Value::Map(map))
}

fn map_key(frame: Frame<'_>, value: Value, node: &Node) -> Result<Key, Mistakes> {
    match value {
        marked @ Value::Unknown(_) => Ok(Key::Marked(marked)),
        Value::Secret(_) => Err(frame.wrong("secret key", "a secret may not be the key of a map", node)),
        Value::Null => Err(frame.wrong("null value", "null cannot be the key of a map", node)),
        known => match text::scalar(&known) {
            Some(key) => Ok(Key::Text(key)),
            None => {
                let detail = format!("the key of a map is text, not {}", known.kind_name());
                Err(frame.wrong("invalid key", detail, node))
            }
        },
    }
}
