//! `moved`, `removed` and `import` against what is there after expansion.

use std::collections::BTreeMap;

use model::{
    Address, Diagnostic, ModulePath, Span,
    graph::{Graph, Instances, Moved},
};

use super::tree::{Tree, block_name};
use crate::{
    mistakes::Mistakes,
    suggest,
    syntax::{Dependency, Target},
};

/// Checks the targets and puts them into the graph.
pub(super) fn check(tree: &Tree<'_>, graph: &mut Graph, mistakes: &mut Mistakes) {
    for (path, instance) in &tree.instances {
        let module = instance.module;
        let blocks = module.resources.values().chain(module.data.values()).map(|block| &block.depends_on);
        for dependency in blocks.chain(module.calls.values().map(|call| &call.depends_on)).flatten() {
            mistakes.extend(unknown_instance(tree, path, dependency));
        }
    }
    let environment = &tree.loaded.environment;
    let mut taken: BTreeMap<&str, Span> = BTreeMap::new();
    for (moved, to) in &environment.moved {
        mistakes.extend(check_moved(tree, moved, *to));
        if let Some(first) = taken.insert(&moved.to, *to) {
            let detail = format!("two things cannot both become `{}`", moved.to);
            let error = Diagnostic::error("written twice", detail, Some(*to));
            mistakes.push(error.label(first, "first here").hint("move one of them elsewhere, or remove it"));
        }
    }
    for removed in &environment.removed {
        if tree.resources.contains_key(&removed.address) {
            let detail = format!("`{}` is still written, so it cannot be removed", removed.address);
            mistakes.push(
                Diagnostic::error("still written", detail, Some(removed.span))
                    .hint("take its block away, or this entry"),
            );
        }
    }
    for import in &environment.imports {
        if tree.resources.contains_key(&import.address) {
            graph.imports.insert(import.address.clone(), import.clone());
        } else if !absent(tree, &import.address) {
            mistakes.push(nowhere(tree, &import.address, import.span));
        }
    }
    graph.moved = environment.moved.iter().map(|(moved, _)| moved.clone()).collect();
    graph.removed.clone_from(&environment.removed);
}

fn check_moved(tree: &Tree<'_>, moved: &Moved, to: Span) -> Option<Diagnostic> {
    let still = |what: &str| {
        let detail = format!("`{}` is still written, so nothing has moved away from it", moved.from);
        Diagnostic::error("still written", detail, Some(moved.span))
            .hint(format!("rename its {what}, or take this line away"))
    };
    if let (Ok(from), Ok(target)) = (moved.from.parse::<Address>(), moved.to.parse::<Address>()) {
        if tree.resources.contains_key(&from) {
            return Some(still("block"));
        }
        // A block moves with all its instances.
        let there = tree.resources.contains_key(&target) || absent(tree, &target) || is_repeated(tree, &target);
        return (!there).then(|| nowhere(tree, &target, to));
    }
    let (from, target) = (moved.from.parse::<ModulePath>().ok()?, moved.to.parse::<ModulePath>().ok()?);
    if tree.instances.contains_key(&from) {
        return Some(still("module"));
    }
    (!tree.instances.contains_key(&target)).then(|| {
        let detail = format!("there is no `{target}`");
        let error = Diagnostic::error("unknown address", detail, Some(to));
        let known: Vec<String> =
            tree.instances.keys().filter(|path| !path.is_root()).map(ToString::to_string).collect();
        near(error, &target.to_string(), &known)
    })
}

/// Whether a block is there and only switched off, or not decided yet.
fn absent(tree: &Tree<'_>, address: &Address) -> bool {
    let instances =
        tree.scopes.modules.get(&address.module).and_then(|scope| scope.resources.get(&block_name(address)));
    matches!(instances, Some(Instances::Absent | Instances::Symbolic))
}

/// Whether it is a whole block with `for_each`.
fn is_repeated(tree: &Tree<'_>, address: &Address) -> bool {
    let scope = tree.scopes.modules.get(&address.module);
    let instances = scope.and_then(|scope| scope.resources.get(&block_name(address)));
    address.key.is_none() && matches!(instances, Some(Instances::Keyed(_)))
}

fn nowhere(tree: &Tree<'_>, address: &Address, span: Span) -> Diagnostic {
    let error = Diagnostic::error("unknown address", format!("there is no resource `{address}`"), Some(span));
    let known: Vec<String> = tree.resources.keys().map(ToString::to_string).collect();
    near(error, &address.to_string(), &known)
}

pub(super) fn near(error: Diagnostic, wrong: &str, known: &[String]) -> Diagnostic {
    let names = || known.iter().map(String::as_str);
    match (suggest::nearest(wrong, names()), suggest::listed(names())) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, Some(list)) => error.hint(format!("there are: {list}")),
        (None, None) => error.hint("this environment has none"),
    }
}

/// The mistake of `depends_on` with a key that its block does not have.
fn unknown_instance(tree: &Tree<'_>, module: &ModulePath, dependency: &Dependency) -> Option<Diagnostic> {
    let scope = tree.scopes.modules.get(module)?;
    let (instances, key, name) = match &dependency.on {
        Target::Module(path) => {
            let step = path.0.first()?;
            (scope.modules.get(&step.name)?, step.key.as_ref()?, path.to_string())
        }
        Target::Instance(address) => {
            let blocks = if address.data { &scope.data } else { &scope.resources };
            (blocks.get(&block_name(address))?, address.key.as_ref()?, address.to_string())
        }
    };
    let keys: Vec<&str> = match instances {
        Instances::Absent | Instances::Symbolic => return None,
        Instances::One => Vec::new(),
        Instances::Keyed(keys) if keys.contains(key) => return None,
        Instances::Keyed(keys) => keys.iter().map(String::as_str).collect(),
    };
    let error = Diagnostic::error("unknown instance", format!("there is no `{name}`"), Some(dependency.span));
    Some(match (suggest::nearest(key, keys.iter().copied()), suggest::listed(keys.iter().copied())) {
        (Some(near), _) => error.hint(format!("did you mean the key `{near}`?")),
        (None, Some(list)) => error.hint(format!("keys: {list}")),
        (None, None) => error.hint("it has no `for_each`, so write it without a key"),
    })
}
