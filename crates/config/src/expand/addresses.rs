//! `moved`, `removed` and `import` against what is there after expansion.

use model::{
    Address, Diagnostic, ModulePath, Span,
    graph::{Graph, Instances, Moved},
};

use super::tree::{Tree, block_name};
use crate::{mistakes::Mistakes, suggest};

/// Checks the targets and puts them into the graph.
pub(super) fn check(tree: &Tree<'_>, graph: &mut Graph, mistakes: &mut Mistakes) {
    let environment = &tree.loaded.environment;
    for (moved, to) in &environment.moved {
        mistakes.extend(check_moved(tree, moved, *to));
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
        let there = tree.resources.contains_key(&target) || absent(tree, &target);
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

fn nowhere(tree: &Tree<'_>, address: &Address, span: Span) -> Diagnostic {
    let error = Diagnostic::error("unknown address", format!("there is no resource `{address}`"), Some(span));
    let known: Vec<String> = tree.resources.keys().map(ToString::to_string).collect();
    near(error, &address.to_string(), &known)
}

fn near(error: Diagnostic, wrong: &str, known: &[String]) -> Diagnostic {
    let names = || known.iter().map(String::as_str);
    match (suggest::nearest(wrong, names()), suggest::listed(names())) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, Some(list)) => error.hint(format!("there are: {list}")),
        (None, None) => error.hint("this environment has none"),
    }
}
