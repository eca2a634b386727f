//! Whole blocks: their type, their attributes, and what the type itself checks.

use std::collections::BTreeMap;

use model::{
    Attribute, Diagnostic, Schemas, Span, Unknown, Value, Written, WrittenKind, expression::Entry, schema::Finding,
};

use super::{attributes, tags, values::Checker};
use crate::{
    load::Loaded,
    mistakes::Mistakes,
    suggest,
    syntax::{Block, DATA_WORDS, RESOURCE_WORDS, invalid_region, is_region, literal_value},
};

/// Checks a resource block as it is written.
pub(super) fn resource(block: &Block, loaded: &Loaded, schemas: &Schemas, mistakes: &mut Mistakes) {
    let Some(schema) = schemas.resource(&block.type_name) else {
        let known: Vec<&str> = schemas.resources.keys().copied().collect();
        mistakes.push(unknown_type(block, "resource", loaded, &known, schemas.data.contains_key(&*block.type_name)));
        return;
    };
    arguments(block, schema.attributes, &RESOURCE_WORDS, loaded, mistakes);
    ignored(block, schema.attributes, mistakes);
    if schema.taggable
        && let Some(WrittenKind::Map(written)) = block.arguments.get("tags").map(|entry| &entry.value.kind)
    {
        tags::written(written, mistakes);
    }
    let found = (schema.check)(&schema.conform(known_arguments(&block.arguments)));
    findings(found, &block.arguments, block.span, mistakes);
}

/// Checks a data block as it is written.
pub(super) fn data(block: &Block, loaded: &Loaded, schemas: &Schemas, mistakes: &mut Mistakes) {
    let Some(schema) = schemas.data(&block.type_name) else {
        let known: Vec<&str> = schemas.data.keys().copied().collect();
        let other = schemas.resources.contains_key(&*block.type_name);
        mistakes.push(unknown_type(block, "data", loaded, &known, other));
        return;
    };
    arguments(block, schema.attributes, &DATA_WORDS, loaded, mistakes);
    let found = (schema.check)(&known_arguments(&block.arguments));
    findings(found, &block.arguments, block.span, mistakes);
}

fn arguments(block: &Block, known: &[Attribute], words: &[&str], loaded: &Loaded, mistakes: &mut Mistakes) {
    let owner = format!("`{}`", block.type_name);
    attributes::unknown(&owner, known, &block.arguments, words, mistakes);
    attributes::missing(&owner, known, &block.arguments, block.span, mistakes);
    let mut checker = Checker { mistakes, sources: Some(&loaded.sources) };
    for (name, entry) in &block.arguments {
        if let Some(attribute) = known.iter().find(|attribute| attribute.name == name && attribute.is_argument()) {
            checker.attribute(name, attribute, &entry.value);
        }
    }
    if let Some(Written { kind: WrittenKind::Value(value), span }) = &block.region {
        mistakes.extend(region(value, *span));
    }
}

/// The mistake of a value that is no region.
pub(crate) fn region(value: &Value, span: Span) -> Option<Diagnostic> {
    match value {
        Value::Unknown(_) => None,
        Value::Text(text) => (!is_region(text)).then(|| invalid_region(text, span)),
        other => Some(crate::syntax::wrong_type("`region`", "text", other.kind_name(), span)),
    }
}

fn unknown_type(block: &Block, what: &str, loaded: &Loaded, known: &[&str], elsewhere: bool) -> Diagnostic {
    let name = block.type_name.as_str();
    let span = within(loaded.sources.text(block.span), name, block.span);
    let summary = format!("unknown {what} type");
    let error = Diagnostic::error(&summary, format!("there is no {what} type `{name}`"), Some(span));
    let service = name.split('_').next().unwrap_or_default();
    let siblings = known.iter().copied().filter(|known| known.split('_').next() == Some(service));
    let siblings = suggest::listed(siblings).map(|list| format!("types of {service}: {list}"));
    let error = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")).patch(span, near),
        None if elsewhere => {
            let other = if what == "data" { "resource" } else { "data" };
            error.hint(format!("`{name}` is a {other} type: `[{other}.{name}.{}]`", block.name))
        }
        None if siblings.is_none() => match suggest::listed(known.iter().copied()) {
            Some(list) => error.hint(format!("types: {list}")),
            None => error,
        },
        None => error,
    };
    match siblings {
        Some(siblings) => error.hint(siblings),
        None => error,
    }
}

/// The place of a word inside a header, else the whole header.
fn within(header: &str, word: &str, span: Span) -> Span {
    match header.find(word) {
        Some(at) => Span::new(span.file, span.start as usize + at, span.start as usize + at + word.len()),
        None => span,
    }
}

/// `ignore_changes` names attributes that can be written.
fn ignored(block: &Block, known: &[Attribute], mistakes: &mut Mistakes) {
    for (path, span) in block.lifecycle.ignore_changes.iter().zip(&block.ignored) {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        let attribute = known.iter().find(|attribute| attribute.name == first);
        if attribute.is_some_and(|attribute| !attribute.is_argument()) {
            let detail = format!("`{first}` is computed: AWS sets it, so it is never compared with what is written");
            mistakes
                .push(Diagnostic::error("computed attribute", detail, Some(*span)).hint("take it out of this list"));
        } else if attribute.is_none() {
            let detail = format!("`{}` has no attribute `{first}` that could be ignored", block.type_name);
            let names: Vec<&str> = known.iter().filter(|known| known.is_argument()).map(|known| known.name).collect();
            let mut error = suggest::unknown("unknown attribute", detail, *span, first, names.iter().copied());
            // The place is a text in quotes.
            error.patch = error.patch.map(|patch| model::diagnostic::Patch {
                replacement: format!("\"{}{}\"", patch.replacement, &path[first.len()..]),
                ..patch
            });
            mistakes.push(error);
        }
    }
}

/// What is known of arguments before anything is evaluated.
fn known_arguments(arguments: &BTreeMap<String, Entry>) -> BTreeMap<String, Value> {
    arguments.iter().map(|(name, entry)| (name.clone(), known_value(&entry.value))).collect()
}

fn known_value(written: &Written) -> Value {
    match &written.kind {
        WrittenKind::Expression(expression) => {
            Value::Unknown(Unknown { expression: expression.text.clone(), needs: Default::default() })
        }
        WrittenKind::List(items) => Value::List(items.iter().map(known_value).collect()),
        WrittenKind::Map(entries) => {
            Value::Map(entries.iter().map(|(key, entry)| (key.clone(), known_value(&entry.value))).collect())
        }
        _ => literal_value(written).unwrap_or_default(),
    }
}

/// Tells what a type's own check has found, at the places of its paths.
pub(crate) fn findings(
    found: Vec<Finding>,
    arguments: &BTreeMap<String, Entry>,
    header: Span,
    mistakes: &mut Mistakes,
) {
    for finding in found {
        let span = locate(&finding.path, arguments).unwrap_or(header);
        let told = if finding.warning { Diagnostic::warning } else { Diagnostic::error };
        let diagnostic = told(finding.summary, finding.detail, Some(span));
        mistakes.push(match finding.hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        });
    }
}

/// The place of a path like `health_check_configuration.interval` or `rules[0].priority`, or of the nearest thing around it.
fn locate(path: &str, arguments: &BTreeMap<String, Entry>) -> Option<Span> {
    let mut steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']').trim_matches('"'));
    let mut at = &arguments.get(steps.next()?)?.value;
    for step in steps {
        let next = match &at.kind {
            WrittenKind::Map(entries) => entries.get(step).map(|entry| &entry.value),
            WrittenKind::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        match next {
            Some(inner) => at = inner,
            None => break,
        }
    }
    Some(at.span)
}
