//! Two resources of one environment with the same natural name: AWS would refuse the second.

use std::collections::BTreeMap;

use lang::Evaluator;
use model::{Diagnostic, Resource, Schemas, Value};

use super::{data::is_symbolic, tree::Tree};

/// Every name that is taken by an earlier resource.
pub(super) fn taken_twice(tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<Vec<String>, &Resource> = BTreeMap::new();
    let mut found = Vec::new();
    let mut resources: Vec<&Resource> = tree.resources.values().filter(|one| !is_symbolic(&one.address)).collect();
    // In file order, so that the later one is told.
    resources.sort_by_key(|resource| (resource.span, &resource.address));
    for resource in resources {
        let Some(identity) = identity(resource, tree, schemas, evaluator) else { continue };
        match first.get(&identity) {
            Some(other) => found.push(told(resource, other, schemas, &identity)),
            None => {
                first.insert(identity, resource);
            }
        }
    }
    found
}

/// Type, region and natural name, when all of it is known.
fn identity(resource: &Resource, tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>) -> Option<Vec<String>> {
    let schema = schemas.resource(&resource.address.type_name)?;
    if schema.natural_name.is_empty() || schema.revisions {
        return None;
    }
    let region = match &resource.region {
        _ if schema.global => String::new(),
        Some(written) => evaluator.written(written).ok()?.as_text()?.to_owned(),
        None => tree.scopes.environment.region.clone(),
    };
    let mut identity = vec![schema.name.to_owned(), region];
    for name in schema.natural_name {
        let value = evaluator.written(&resource.arguments.get(*name)?.value).ok()?;
        match value {
            Value::Text(text) => identity.push(text),
            Value::Number(number) => identity.push(number.to_string()),
            _ => return None,
        }
    }
    Some(identity)
}

fn told(resource: &Resource, other: &Resource, schemas: &Schemas, identity: &[String]) -> Diagnostic {
    let name = schemas.resource(&resource.address.type_name).and_then(|schema| schema.natural_name.last());
    let place = |resource: &Resource| {
        let written = name.and_then(|name| resource.arguments.get(*name));
        written.map_or(resource.span, |entry| entry.value.span)
    };
    let shown = identity[2..].join(", ");
    let detail = format!("`{}` and `{}` would both be named \"{shown}\"", other.address, resource.address);
    let error = Diagnostic::error("name taken twice", detail, Some(place(resource)));
    if resource.address.block() == other.address.block() {
        error.hint("put `each.key` into the name")
    } else if place(other) == place(resource) {
        error.hint("give the module a variable for the name, and each call its own value")
    } else {
        error.label(place(other), "first here").hint("give one of them another name")
    }
}
