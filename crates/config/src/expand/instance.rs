//! Blocks of a module as instances.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Each, Resource, Unknown, Value, Written, WrittenKind,
    expression::{Entry, Sees},
    graph::{Data, Variable},
};

use super::{bind, tree::SYMBOLIC};
use crate::syntax::{Block, Call, Module};

/// The iteration of a symbolic instance.
pub(super) fn symbolic_each() -> Each {
    let unknown = Unknown { expression: "each.value".to_owned(), needs: BTreeSet::new() };
    let nowhere = model::Span::new(model::FileId(0), 0, 0);
    Each { key: SYMBOLIC.to_owned(), value: Box::new(Written::value(Value::Unknown(unknown), nowhere)) }
}

fn address(block: &Block, sees: &Sees, data: bool) -> Address {
    let key = sees.each.as_ref().map(|each| each.key.as_str());
    Address { data, ..Address::resource(sees.module.clone(), &block.type_name, &block.name, key) }
}

/// One resource instance.
pub(super) fn resource(block: &Block, sees: &Sees, mut inherited_tags: BTreeMap<String, Entry>) -> Resource {
    if let Some(WrittenKind::Map(own)) = block.arguments.get("tags").map(|entry| &entry.value.kind) {
        // What a tag of its own hides is not referred to.
        inherited_tags.retain(|key, _| !own.contains_key(key));
    }
    Resource {
        address: address(block, sees, false),
        span: block.span,
        region: block.region.as_ref().map(|region| bind::written(region, sees)),
        arguments: bind::entries(&block.arguments, sees),
        inherited_tags,
        dependencies: BTreeSet::new(),
        lifecycle: block.lifecycle.clone(),
        timeouts: block.timeouts.clone(),
    }
}

/// One data instance.
pub(super) fn data(block: &Block, sees: &Sees) -> Data {
    Data {
        address: address(block, sees, true),
        span: block.span,
        region: block.region.as_ref().map(|region| bind::written(region, sees)),
        arguments: bind::entries(&block.arguments, sees),
        dependencies: BTreeSet::new(),
    }
}

/// A module's variables with what the call gives; those expressions see the caller.
pub(super) fn variables(module: &Module, call: &Call, sees: &Sees) -> BTreeMap<String, Variable> {
    module
        .variables
        .iter()
        .map(|(name, block)| {
            let given = call.arguments.get(name).map(|entry| bind::written(&entry.value, sees));
            let value = given.or_else(|| block.default.clone());
            (name.clone(), Variable { kind: block.kind.clone(), value, secret: block.secret })
        })
        .collect()
}
