//! `a.b`, `a[0]`, `a[*].b`.

use std::{collections::BTreeMap, rc::Rc};

use hcl_edit::{
    Decorated, Ident,
    expr::{Expression as Node, Traversal, TraversalOperator as Step},
};
use model::{Number, Secret, Unknown, Value};

use super::Evaluator;
use crate::{
    frame::Frame,
    marks,
    mistake::{Mistakes, Outcome, collect},
    suggest::unknown_name,
    text,
};

/// What the steps stand on, for errors and for the text of unknown values.
#[derive(Clone, Copy)]
struct Ground<'g> {
    frame: Frame<'g>,
    traversal: &'g Traversal,
}

impl Evaluator<'_> {
    pub(super) fn traversal(&self, frame: Frame<'_>, traversal: &Traversal) -> Outcome {
        let ground = Ground { frame, traversal };
        let (start, consumed) = match &traversal.expr {
            Node::Variable(name) => self.root(frame, name, &traversal.operators)?,
            other => (Rc::new(self.node(frame, other)?), 0),
        };
        self.steps(ground, start, &traversal.operators[consumed..])
    }

    fn steps(&self, ground: Ground<'_>, start: Rc<Value>, steps: &[Decorated<Step>]) -> Outcome {
        let mut value = start;
        for (index, step) in steps.iter().enumerate() {
            let rest = &steps[index + 1..];
            match step.value() {
                Step::FullSplat(_) => return self.splat(ground, &value, rest, &[]),
                Step::AttrSplat(_) => {
                    let own = rest.iter().take_while(|step| matches!(step.value(), Step::GetAttr(_))).count();
                    return self.splat(ground, &value, &rest[..own], &rest[own..]);
                }
                Step::GetAttr(name) => value = Rc::new(attribute(ground, &value, name)?),
                Step::LegacyIndex(at) => {
                    let key = Value::from(i64::try_from(**at).unwrap_or(i64::MAX));
                    value = Rc::new(element(ground, &value, &key, step)?);
                }
                Step::Index(node) => {
                    let key = self.node(ground.frame, node)?;
                    value = Rc::new(element(ground, &value, &key, node)?);
                }
            }
        }
        Ok(Rc::unwrap_or_clone(value))
    }

    /// Each item goes through the first steps, the list of results through the last ones.
    fn splat(&self, ground: Ground<'_>, value: &Value, each: &[Decorated<Step>], then: &[Decorated<Step>]) -> Outcome {
        let items: &[Value] = match value {
            Value::Null => &[],
            Value::List(items) => items,
            Value::Unknown(_) => return Ok(marks::unknown(ground.text(), [value])),
            Value::Secret(secret) if secret.expose().is_none() => return Ok(value.clone()),
            single => std::slice::from_ref(single),
        };
        let results = collect(items.iter().map(|item| self.steps(ground, Rc::new(item.clone()), each)))?;
        self.steps(ground, Rc::new(Value::List(results)), then)
    }
}

impl Ground<'_> {
    fn text(&self) -> &str {
        self.frame.text(self.traversal)
    }

    fn wrong(&self, summary: &str, detail: impl Into<String>, node: &impl hcl_edit::Span) -> Mistakes {
        self.frame.wrong(summary, detail, node)
    }
}

/// The unknown value one step further in, told by the longer path where it is one.
fn further(ground: Ground<'_>, unknown: &Unknown, step: &str) -> Value {
    let path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '"');
    let expression = if unknown.expression.chars().all(path) {
        format!("{}{step}", unknown.expression)
    } else {
        ground.text().to_owned()
    };
    Value::Unknown(Unknown { expression, needs: unknown.needs.clone() })
}

/// A secret of which only a part is wanted: known when its whole is not given either.
fn part_of_secret(ground: Ground<'_>, secret: &Secret, node: &impl hcl_edit::Span) -> Outcome {
    match secret.expose() {
        None => Ok(Value::Secret(Secret::not_given(secret.sources.clone()))),
        Some(_) => Err(ground
            .wrong("invalid index", "a secret is text and has no parts", node)
            .hint("take JSON apart with `jsondecode(…)`")),
    }
}

fn attribute(ground: Ground<'_>, value: &Value, name: &Decorated<Ident>) -> Outcome {
    let wanted = name.as_str();
    match value {
        Value::Map(entries) => match entries.get(wanted) {
            Some(found) => Ok(found.clone()),
            None => Err(no_attribute(ground, entries, name)),
        },
        Value::Unknown(unknown) => Ok(further(ground, unknown, &format!(".{wanted}"))),
        Value::Secret(secret) => part_of_secret(ground, secret, name),
        Value::Null => {
            let detail = format!("`.{wanted}` of null: what stands before it is absent");
            let hint = format!("`try({}, null)` gives null instead", ground.text());
            Err(ground.wrong("null value", detail, name).hint(hint))
        }
        Value::List(_) => {
            let detail = format!("`.{wanted}` of a list: only its items have attributes");
            Err(ground.wrong("unknown attribute", detail, name).hint(format!("`[*].{wanted}` takes it of every item")))
        }
        other => {
            let detail = format!("{} has no attribute `{wanted}`", other.kind_name());
            Err(ground.wrong("unknown attribute", detail, name))
        }
    }
}

fn no_attribute(ground: Ground<'_>, entries: &BTreeMap<String, Value>, name: &Decorated<Ident>) -> Mistakes {
    let wanted = name.as_str();
    let detail = format!("there is no attribute or key `{wanted}`");
    let known = entries.keys().map(String::as_str);
    let diagnostic = unknown_name("unknown attribute", detail, ground.frame.span(name), wanted, known);
    Mistakes::value(ground.frame.explain(diagnostic, name))
}

/// An item of a list by number, or of a map by key.
fn element(ground: Ground<'_>, value: &Value, key: &Value, node: &impl hcl_edit::Span) -> Outcome {
    match (value, key) {
        (Value::Unknown(unknown), Value::Text(key)) => Ok(further(ground, unknown, &format!("[{key:?}]"))),
        (Value::Unknown(unknown), Value::Number(at)) => Ok(further(ground, unknown, &format!("[{at}]"))),
        (_, Value::Unknown(_)) | (Value::Unknown(_), _) => Ok(marks::unknown(ground.text(), [value, key])),
        (Value::Secret(secret), _) => part_of_secret(ground, secret, node),
        (_, Value::Secret(secret)) => match secret.expose() {
            Some(content) => {
                element(ground, value, &content.into(), node).map(|found| marks::hidden(found, &secret.sources))
            }
            None => Ok(Value::Secret(Secret::not_given(secret.sources.clone()))),
        },
        (Value::Null, _) => Err(ground.wrong("null value", "null has no items", node)),
        (_, Value::Null) => Err(ground.wrong("null value", "an index may not be null", node)),
        (Value::List(items), _) => item(items, key).map_err(|detail| ground.wrong("invalid index", detail, node)),
        (Value::Map(entries), _) => {
            let Some(key) = text::scalar(key) else {
                return Err(ground.wrong("invalid index", "the key of a map is text", node));
            };
            entries.get(&key).cloned().ok_or_else(|| {
                let detail = format!("there is no key {key:?}");
                let known = entries.keys().map(String::as_str);
                let mut diagnostic = unknown_name("invalid index", detail, ground.frame.span(node), &key, known);
                diagnostic.patch = None;
                Mistakes::value(ground.frame.explain(diagnostic, node))
            })
        }
        (other, _) => {
            let detail = format!("{} has no items", other.kind_name());
            Err(ground.wrong("invalid index", detail, node))
        }
    }
}

fn item(items: &[Value], key: &Value) -> Result<Value, String> {
    match text::number(key).map(Number::as_i64) {
        None => Err("the index of a list is a number".to_owned()),
        Some(None) => Err("the index of a list is a whole number".to_owned()),
        Some(Some(at)) => {
            let found = usize::try_from(at).ok().and_then(|at| items.get(at));
            found.cloned().ok_or_else(|| match items.len() {
                0 => "the list is empty".to_owned(),
                1 => format!("the list has one item, so its only index is 0, not {at}"),
                count => format!("the list has {count} items, 0 to {}, so there is no {at}", count - 1),
            })
        }
    }
}
