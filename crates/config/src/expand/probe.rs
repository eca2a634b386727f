//! Blocks without instances (`when = false`, `for_each = []`) are checked too: their wrong names are wrong on the day they get one.

use std::sync::LazyLock;

use lang::{Evaluator, Files, Predicted};
use model::{
    Diagnostic, Schemas, Sources, Written,
    expression::{Entry, Sees},
    graph::Instances,
};
use regex::Regex;

use super::{
    bind,
    instance::symbolic_each,
    tree::{Site, Tree, What},
};

/// Mistakes that are there whatever the values are.
const OF_NAMES: [&str; 10] = [
    "unknown variable",
    "unknown local",
    "unknown resource",
    "unknown data",
    "unknown module",
    "unknown output",
    "unknown name",
    "unknown function",
    "incomplete reference",
    "instance not named",
];

/// Wrong names in everything that got no instance.
pub(super) fn check(tree: &Tree<'_>, schemas: &Schemas, files: &dyn Files) -> Vec<Diagnostic> {
    let empty = empty(tree);
    if empty.is_empty() {
        return Vec::new();
    }
    let mut probed = tree.clone();
    for site in &empty {
        let keyed = probed.repeat(site).for_each.is_some();
        match keyed {
            true => probed.decide(site, Instances::Symbolic, vec![symbolic_each()]),
            false => probed.decide(site, Instances::One, Vec::new()),
        }
    }
    let facts = Predicted::new(&probed.scopes, &probed.resources, schemas, files);
    let evaluator = Evaluator::new(&probed.scopes, &facts, files);
    let mut found = Vec::new();
    for written in new_values(tree, &probed) {
        found.extend(evaluator.written(&written).err().into_iter().flatten());
    }
    found.retain(|diagnostic| is_of_names(diagnostic, &tree.loaded.sources, schemas));
    found
}

/// The decided blocks with no instance.
fn empty(tree: &Tree<'_>) -> Vec<Site> {
    let mut found = Vec::new();
    for (path, scope) in &tree.scopes.modules {
        let blocks = [(What::Resource, &scope.resources), (What::Data, &scope.data), (What::Module, &scope.modules)];
        for (what, blocks) in blocks {
            let none = |instances: &Instances| match instances {
                Instances::Absent => true,
                Instances::Keyed(keys) => keys.is_empty(),
                Instances::One | Instances::Symbolic => false,
            };
            let names = blocks.iter().filter(|(_, instances)| none(instances)).map(|(name, _)| name.clone());
            found.extend(names.map(|name| Site { module: path.clone(), what, name }));
        }
    }
    found
}

/// What stands in the probed tree alone.
fn new_values(tree: &Tree<'_>, probed: &Tree<'_>) -> Vec<Written> {
    let values = |entries: &std::collections::BTreeMap<String, Entry>| -> Vec<Written> {
        entries.values().map(|entry| entry.value.clone()).collect()
    };
    let mut found = Vec::new();
    for (_, resource) in probed.resources.iter().filter(|(address, _)| !tree.resources.contains_key(*address)) {
        found.extend(values(&resource.arguments));
        found.extend(resource.region.clone());
    }
    for (_, data) in probed.data.iter().filter(|(address, _)| !tree.data.contains_key(*address)) {
        found.extend(values(&data.arguments));
        found.extend(data.region.clone());
    }
    for (_, scope) in probed.scopes.modules.iter().filter(|(path, _)| !tree.scopes.modules.contains_key(*path)) {
        found.extend(scope.variables.values().filter_map(|variable| variable.value.clone()));
        found.extend(scope.locals.values().cloned());
        found.extend(scope.outputs.values().map(|output| output.value.clone()));
    }
    for site in probed.pending.difference(&tree.pending) {
        let repeat = probed.repeat(site);
        let sees = Sees { module: site.module.clone(), each: None };
        found.extend(repeat.for_each.iter().chain(&repeat.when).map(|written| bind::written(written, &sees)));
    }
    found
}

fn is_of_names(diagnostic: &Diagnostic, sources: &Sources, schemas: &Schemas) -> bool {
    OF_NAMES.contains(&diagnostic.summary.as_str())
        || diagnostic.summary == "unknown attribute" && of_schema(diagnostic, sources, schemas)
}

/// Whether an attribute is one of a resource or data, which the schema decides and no value.
fn of_schema(diagnostic: &Diagnostic, sources: &Sources, schemas: &Schemas) -> bool {
    static REFERENCE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b([a-z0-9_]+)\.[A-Za-z_][A-Za-z0-9_-]*(?:\[[^\]]*\])?\.$").ok());
    let before = diagnostic.span.and_then(|span| sources.get(span.file)?.text.get(..span.start as usize));
    let line = before.and_then(|before| before.lines().last()).unwrap_or_default();
    let type_name = REFERENCE.as_ref().and_then(|reference| reference.captures(line)?.get(1));
    type_name.is_some_and(|name| schemas.resource(name.as_str()).is_some() || schemas.data(name.as_str()).is_some())
}
