//! What `for_each` and `when` decide.

use std::collections::{BTreeMap, BTreeSet};

use lang::{Evaluator, references};
use model::{
    Diagnostic, Each, Expression, Scopes, Span, Unknown, Value, Written, WrittenKind,
    expression::{Entry, Sees},
    graph::Instances,
};

use super::{bind, tree::Site};
use crate::syntax::Repeat;

/// How far one block is decided.
#[derive(Debug)]
pub(super) enum Decision {
    Made(Instances, Vec<Each>),
    /// Something it needs is not known; the place of the expression and every unknown leaf.
    Unknown(Open),
    Wrong(Vec<Diagnostic>),
}

/// What keeps a block from being decided.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) span: Span,
    /// `for_each` or `when`.
    pub(super) word: &'static str,
    pub(super) leaves: Vec<Unknown>,
}

/// Decides the instances of a block in one module instance.
pub(super) fn decide(site: &Site, repeat: &Repeat, scopes: &Scopes, evaluator: &Evaluator<'_>) -> Decision {
    let sees = Sees { module: site.module.clone(), each: None };
    let wanted = match &repeat.when {
        Some(when) => wanted(&bind::written(when, &sees), evaluator),
        None => Ok(true),
    };
    // A block that is not wanted tells no mistakes of its keys: they may only make sense when it is.
    if let Ok(false) = wanted {
        return Decision::Made(Instances::Absent, Vec::new());
    }
    let keyed = repeat.for_each.as_ref().map(|for_each| keys(&bind::written(for_each, &sees), scopes, evaluator));
    match (wanted, keyed) {
        (Err(stopped), _) | (Ok(_), Some(Err(stopped))) => stopped,
        (Ok(_), None) => Decision::Made(Instances::One, Vec::new()),
        (Ok(_), Some(Ok(each))) => {
            let keys = each.iter().map(|each| each.key.clone()).collect();
            Decision::Made(Instances::Keyed(keys), each)
        }
    }
}

fn wanted(written: &Written, evaluator: &Evaluator<'_>) -> Result<bool, Decision> {
    match evaluator.written(written).map_err(Decision::Wrong)? {
        Value::Flag(flag) => Ok(flag),
        Value::Unknown(unknown) => Err(open(written.span, "when", vec![unknown])),
        Value::Secret(_) => Err(wrong(Diagnostic::error(
            "secret decides",
            "a plan would show what `when` keeps secret",
            Some(written.span),
        ))),
        other => Err(wrong(crate::syntax::wrong_type("`when`", "true or false", other.kind_name(), written.span))),
    }
}

/// The iteration of each instance.
fn keys(written: &Written, scopes: &Scopes, evaluator: &Evaluator<'_>) -> Result<Vec<Each>, Decision> {
    match &written.kind {
        // The keys of a map that is written out are known, whatever its values are.
        WrittenKind::Map(entries) => Ok(entries.iter().map(from_entry).collect()),
        WrittenKind::List(items) => {
            let values = items.iter().map(|item| evaluator.written(item).map(|value| (value, item.span)));
            from_list(values, written.span)
        }
        _ => match evaluator.written(written).map_err(Decision::Wrong)? {
            Value::Map(entries) => Ok(from_map(entries, written, scopes)),
            Value::List(items) => from_list(items.into_iter().map(|item| Ok((item, written.span))), written.span),
            Value::Unknown(unknown) => Err(open(written.span, "for_each", vec![unknown])),
            Value::Secret(_) => Err(wrong(secret_key(written.span))),
            other => {
                let found = other.kind_name();
                let error = crate::syntax::wrong_type("`for_each`", "a list of texts or a map", found, written.span);
                Err(wrong(error.hint("a single instance needs no `for_each`; `when` switches one on and off")))
            }
        },
    }
}

fn from_entry((key, entry): (&String, &Entry)) -> Each {
    Each { key: key.clone(), value: Box::new(entry.value.clone()) }
}

fn from_list(
    items: impl Iterator<Item = Result<(Value, Span), Vec<Diagnostic>>>,
    span: Span,
) -> Result<Vec<Each>, Decision> {
    let (mut seen, mut each) = (BTreeMap::new(), Vec::new());
    let (mut mistakes, mut leaves) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Err(found) => mistakes.extend(found),
            Ok((Value::Text(key), span)) => match seen.insert(key.clone(), span) {
                Some(first) => mistakes.push(twice(&key, span, first)),
                None => each.push(Each { value: Box::new(Written::value(key.as_str().into(), span)), key }),
            },
            Ok((Value::Unknown(unknown), _)) => leaves.push(unknown),
            Ok((Value::Secret(_), span)) => mistakes.push(secret_key(span)),
            Ok((Value::Null, span)) => {
                mistakes.push(Diagnostic::error("null key", "a key of `for_each` is null", Some(span)));
            }
            Ok((other, span)) => {
                let found = other.kind_name();
                let error = crate::syntax::wrong_type("a key of `for_each`", "text", found, span);
                mistakes.push(error.hint("for_each takes a list of texts; for richer values give a map"));
            }
        }
    }
    if !mistakes.is_empty() {
        Err(Decision::Wrong(mistakes))
    } else if !leaves.is_empty() {
        Err(open(span, "for_each", leaves))
    } else {
        Ok(each)
    }
}

/// The values of a computed map. What refers to something is looked up again when that has its last value.
fn from_map(entries: BTreeMap<String, Value>, written: &Written, scopes: &Scopes) -> Vec<Each> {
    let refers = !references(scopes, written).is_empty();
    entries
        .into_iter()
        .map(|(key, value)| {
            let looked_up = if refers || !value.is_known() { indexed(written, &key) } else { None };
            let value = looked_up.unwrap_or_else(|| Written::value(value, written.span));
            Each { key, value: Box::new(value) }
        })
        .collect()
}

/// `${map}` as `${(map)["key"]}`, every part at its old place.
fn indexed(written: &Written, key: &str) -> Option<Written> {
    let WrittenKind::Expression(expression) = &written.kind else { return None };
    let inner = expression.text.strip_prefix("${")?.strip_suffix('}')?;
    let quoted = key.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
    let text = format!("${{({inner})[\"{quoted}\"]}}");
    let start = expression.span.start;
    let mut offsets: Vec<(u32, u32)> = match expression.offsets[..] {
        [] => vec![(0, start), (3, start + 2)],
        _ => {
            let shifted = expression.offsets.iter().filter(|(at, _)| *at > 2).map(|(at, source)| (at + 1, *source));
            [(0, start), (3, expression.locate(2..2).start)].into_iter().chain(shifted).collect()
        }
    };
    // What was added stands for the end of the expression.
    let end = expression.locate(expression.text.len() - 1..expression.text.len()).start;
    offsets.push((3 + inner.len() as u32, end));
    let kind = WrittenKind::Expression(Expression { text, offsets, ..expression.clone() });
    Some(Written { kind, span: written.span })
}

fn open(span: Span, word: &'static str, leaves: Vec<Unknown>) -> Decision {
    Decision::Unknown(Open { span, word, leaves })
}

fn wrong(diagnostic: Diagnostic) -> Decision {
    Decision::Wrong(vec![diagnostic])
}

fn secret_key(span: Span) -> Diagnostic {
    Diagnostic::error("secret key", "a plan would show the keys of `for_each`, and these are secret", Some(span))
        .hint("take the keys from something that is not secret; values may be")
}

fn twice(key: &str, span: Span, first: Span) -> Diagnostic {
    let error = Diagnostic::error("duplicate key", format!("`for_each` has the key {key:?} twice"), Some(span));
    if first == span { error } else { error.label(first, "first here") }
}

impl Open {
    /// Everything that is waited for.
    pub(super) fn needs(&self) -> BTreeSet<&model::Address> {
        self.leaves.iter().flat_map(|leaf| &leaf.needs).collect()
    }
}
