//! Evaluates everything once, for the mistakes inside and for those that only values show.

use std::collections::{BTreeMap, BTreeSet};

use lang::Evaluator;
use model::{
    Attribute, Diagnostic, Resource, Schemas, Span, Unknown, Value, Written, WrittenKind, expression::Entry,
    graph::Data,
};

use super::{
    data::is_symbolic,
    tree::{Tree, block_name},
};
use crate::{
    check::{self, Checker},
    mistakes::Mistakes,
};

/// What was told of a block, so that its other instances do not tell it again.
type Told = BTreeMap<String, BTreeSet<(Option<Span>, String)>>;

/// Evaluates and checks every instance, local and output.
pub(super) fn check(tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    for scope in tree.scopes.modules.values() {
        let outputs = scope.outputs.values().map(|output| &output.value);
        evaluate(scope.locals.values().chain(outputs), evaluator, mistakes);
    }
    for instance in tree.instances.values() {
        let tags = Evaluated::of(&instance.tags, evaluator, mistakes);
        Checker { mistakes, sources: None }.tags(&tags.entries);
    }
    evaluate(tree.loaded.environment.imports.iter().map(|import| &import.id), evaluator, mistakes);
    let mut told = Told::new();
    for resource in tree.resources.values() {
        let mut found = Mistakes::default();
        self::resource(resource, schemas, evaluator, &mut found);
        new_ones(&mut told, &block_name(&resource.address), found, mistakes);
    }
    for data in tree.data.values() {
        let mut found = Mistakes::default();
        self::data(data, schemas, evaluator, &mut found);
        new_ones(&mut told, &format!("data.{}", block_name(&data.address)), found, mistakes);
    }
}

/// Keeps what no earlier instance of the block has told at the same place.
fn new_ones(told: &mut Told, block: &str, found: Mistakes, mistakes: &mut Mistakes) {
    let told = told.entry(block.to_owned()).or_default();
    let key = |diagnostic: &Diagnostic| (diagnostic.span, diagnostic.summary.clone());
    let new: Vec<Diagnostic> =
        found.finish().into_iter().filter(|diagnostic| !told.contains(&key(diagnostic))).collect();
    told.extend(new.iter().map(key));
    mistakes.extend(new);
}

fn evaluate<'w>(values: impl Iterator<Item = &'w Written>, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    for written in values {
        if let Err(found) = evaluator.written(written) {
            mistakes.extend(found);
        }
    }
}

fn resource(resource: &Resource, schemas: &Schemas, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    let Evaluated { entries: arguments, values } = Evaluated::of(&resource.arguments, evaluator, mistakes);
    region(resource.region.as_ref(), evaluator, mistakes);
    let Some(schema) = schemas.resource(&resource.address.type_name) else { return };
    if is_symbolic(&resource.address) {
        return;
    }
    attributes(&resource.address.type_name, schema.attributes, &arguments, resource.span, mistakes);
    if schema.taggable {
        let none = BTreeMap::new();
        let written = arguments.get("tags");
        let own = match written.map(|entry| &entry.value.kind) {
            Some(WrittenKind::Map(own)) => own,
            _ => &none,
        };
        check::written_tags(own, mistakes);
        let span = written.map_or(resource.span, |entry| entry.key_span);
        mistakes.extend(check::effective_tags(own, &resource.inherited_tags, span));
    }
    check::findings((schema.check)(&schema.conform(values)), &resource.arguments, resource.span, mistakes);
}

fn data(data: &Data, schemas: &Schemas, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    let Evaluated { entries: arguments, values } = Evaluated::of(&data.arguments, evaluator, mistakes);
    region(data.region.as_ref(), evaluator, mistakes);
    let Some(schema) = schemas.data(&data.address.type_name) else { return };
    if is_symbolic(&data.address) {
        return;
    }
    attributes(&data.address.type_name, schema.attributes, &arguments, data.span, mistakes);
    check::findings((schema.check)(&values), &data.arguments, data.span, mistakes);
}

fn region(written: Option<&Written>, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    let Some(written) = written else { return };
    match evaluator.written(written) {
        Ok(value) => mistakes.extend(check::region(&value, written.span)),
        Err(found) => mistakes.extend(found),
    }
}

fn attributes(
    type_name: &str,
    known: &[Attribute],
    arguments: &BTreeMap<String, Entry>,
    header: Span,
    mistakes: &mut Mistakes,
) {
    check::missing(&format!("`{type_name}`"), known, arguments, header, mistakes);
    let mut checker = Checker { mistakes, sources: None };
    for (name, entry) in arguments {
        if let Some(attribute) = known.iter().find(|attribute| attribute.name == name && attribute.is_argument()) {
            checker.attribute(name, attribute, &entry.value);
        }
    }
}

/// What came out of a block's arguments.
struct Evaluated {
    /// The shape of what is written, with values where expressions stand.
    entries: BTreeMap<String, Entry>,
    /// By name; what could not be evaluated was told and is unknown.
    values: BTreeMap<String, Value>,
}

impl Evaluated {
    fn of(entries: &BTreeMap<String, Entry>, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) -> Self {
        let mut found = Self { entries: BTreeMap::new(), values: BTreeMap::new() };
        for (name, entry) in entries {
            let (written, value) = match evaluator.written(&entry.value) {
                Ok(value) => (check::resolved(&entry.value, &value), value),
                Err(wrong) => {
                    mistakes.extend(wrong);
                    let unknown = Unknown { expression: String::new(), needs: BTreeSet::new() };
                    (check::unknown(entry.value.span), Value::Unknown(unknown))
                }
            };
            found.entries.insert(name.clone(), Entry { key_span: entry.key_span, value: written });
            found.values.insert(name.clone(), value);
        }
        found
    }
}
