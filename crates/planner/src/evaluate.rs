//! Written things as values, with what has been decided so far.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use lang::{Evaluator, Facts};
use model::{
    Address, Diagnostic, Expression, Resource, Schema, Scopes, Secret, SecretSource, Value, Written, WrittenKind,
    expression::Entry, value::Unknown,
};

use crate::{Request, view::Finding};

/// The attribute under which tags are written.
pub(crate) const TAGS: &str = "tags";

/// What resources and data will be, as far as the walk has come.
pub(crate) struct Decided<'a> {
    scopes: &'a Scopes,
    request: &'a Request<'a>,
    values: RefCell<BTreeMap<Address, Value>>,
}

impl<'a> Decided<'a> {
    pub(crate) fn new(scopes: &'a Scopes, request: &'a Request<'a>) -> Self {
        Self { scopes, request, values: RefCell::default() }
    }

    pub(crate) fn set(&self, address: Address, attributes: BTreeMap<String, Value>) {
        self.values.borrow_mut().insert(address, Value::Map(attributes));
    }

    /// The value with its secrets ready to be compared and written down.
    pub(crate) fn sealed(&self, value: Value) -> Value {
        match self.request.fingerprinter {
            Some(fingerprinter) => value.sealed(fingerprinter),
            None => value,
        }
    }
}

impl Facts for Decided<'_> {
    fn resource(&self, address: &Address) -> Option<Value> {
        self.values.borrow().get(address).cloned()
    }

    fn data(&self, address: &Address) -> Option<Value> {
        self.values.borrow().get(address).or_else(|| self.scopes.data.get(address)).cloned()
    }

    fn secret(&self, source: &SecretSource) -> Option<Secret> {
        self.request.secrets.get(source).cloned()
    }
}

/// The arguments of one resource or data instance.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Without what is null: that counts as not written.
    pub(crate) want: BTreeMap<String, Value>,
    /// Of what is not wholly known, or secret.
    pub(crate) residuals: BTreeMap<String, Written>,
}

/// Evaluates the arguments of a resource, tags of the environment and modules included.
pub(crate) fn arguments(
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    schema: &Schema,
    resource: &Resource,
    findings: &mut Vec<Finding>,
) -> Option<Arguments> {
    let inherited = if schema.taggable { resource.inherited_tags.clone() } else { BTreeMap::new() };
    let mut written: BTreeMap<&str, Written> =
        resource.arguments.iter().map(|(name, entry)| (name.as_str(), entry.value.clone())).collect();
    let mut values = evaluate(evaluator, &resource.address, &written, findings)?;
    if !inherited.is_empty() {
        let tags = all_tags(&inherited, written.get(TAGS), values.get(TAGS), resource);
        let value = evaluate(evaluator, &resource.address, &BTreeMap::from([(TAGS, tags.clone())]), findings)?;
        written.insert(TAGS, tags);
        values.extend(value);
    }
    Some(shaped(decided, values, &written, |values| schema.conform(values)))
}

/// Evaluates the arguments of data.
pub(crate) fn data_arguments(
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    address: &Address,
    arguments: &BTreeMap<String, Entry>,
    findings: &mut Vec<Finding>,
) -> Option<Arguments> {
    let written = arguments.iter().map(|(name, entry)| (name.as_str(), entry.value.clone())).collect();
    let values = evaluate(evaluator, address, &written, findings)?;
    Some(shaped(decided, values, &written, |values| values))
}

/// All values, or nothing when any of them is a mistake.
fn evaluate(
    evaluator: &Evaluator<'_>,
    address: &Address,
    written: &BTreeMap<&str, Written>,
    findings: &mut Vec<Finding>,
) -> Option<BTreeMap<String, Value>> {
    let mut values = Some(BTreeMap::new());
    for (name, written) in written {
        match (evaluator.written(written), &mut values) {
            (Ok(value), Some(values)) => {
                values.insert((*name).to_owned(), value);
            }
            (Ok(_), None) => {}
            (Err(mistakes), _) => {
                findings.extend(mistakes.into_iter().map(|mistake| (Some(address.clone()), mistake)));
                values = None;
            }
        }
    }
    values
}

fn shaped(
    decided: &Decided<'_>,
    values: BTreeMap<String, Value>,
    written: &BTreeMap<&str, Written>,
    conform: impl Fn(BTreeMap<String, Value>) -> BTreeMap<String, Value>,
) -> Arguments {
    let values: BTreeMap<String, Value> = values.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let want: BTreeMap<String, Value> =
        conform(values).into_iter().map(|(name, value)| (name, decided.sealed(value))).collect();
    let later = want.iter().filter(|(_, value)| !value.is_known() || value.has_secret());
    let residuals = later.filter_map(|(name, _)| Some((name.clone(), written.get(name.as_str())?.clone()))).collect();
    Arguments { want, residuals }
}

/// Tags of the environment and the modules, overlaid by the resource's own.
fn all_tags(
    inherited: &BTreeMap<String, Entry>,
    own: Option<&Written>,
    value: Option<&Value>,
    resource: &Resource,
) -> Written {
    let mut entries = inherited.clone();
    let span = own.map_or(resource.span, |own| own.span);
    match own.map(|own| &own.kind) {
        Some(WrittenKind::Map(tags)) => entries.extend(tags.clone()),
        Some(WrittenKind::Expression(expression)) => {
            let tags = value.and_then(Value::as_map).into_iter().flatten();
            entries.extend(
                tags.map(|(key, value)| {
                    (key.clone(), Entry { key_span: span, value: one_tag(expression, key, value) })
                }),
            );
        }
        _ => {}
    }
    Written { kind: WrittenKind::Map(entries), span }
}

/// One tag of a map that is an expression: its value where it is known, else the expression's member.
fn one_tag(expression: &Expression, key: &str, value: &Value) -> Written {
    let whole = expression.text.trim().strip_prefix("${").and_then(|text| text.strip_suffix('}'));
    match whole {
        Some(whole) if !value.is_known() => {
            let key = serde_json::to_string(key).unwrap_or_default();
            let text = format!("${{({whole})[{key}]}}");
            let member = Expression { text, offsets: Vec::new(), ..expression.clone() };
            Written { kind: WrittenKind::Expression(member), span: expression.span }
        }
        _ => Written::value(value.clone(), expression.span),
    }
}

/// A text that decides where or what something is, and so must be known at plan.
pub(crate) fn known_text(
    evaluator: &Evaluator<'_>,
    what: &str,
    written: &Written,
) -> Result<Option<String>, Vec<Diagnostic>> {
    match evaluator.written(written)? {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(text)),
        Value::Unknown(unknown) => {
            let detail =
                format!("the {what} must be known in the plan, but `{}` is known only after apply", unknown.expression);
            Err(vec![Diagnostic::error("value not known in the plan", detail, Some(written.span))])
        }
        other => {
            let detail = format!("the {what} is text, not {}", other.kind_name());
            Err(vec![Diagnostic::error("value of the wrong kind", detail, Some(written.span))])
        }
    }
}

/// An attribute that is known only when its resource is.
pub(crate) fn unknown(address: &Address, attribute: &str) -> Value {
    let short = Address { module: model::ModulePath::default(), ..address.clone() };
    Value::Unknown(Unknown { expression: format!("{short}.{attribute}"), needs: BTreeSet::from([address.clone()]) })
}
