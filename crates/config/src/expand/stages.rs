//! Stages against what is there: what they hold, and the values they give to commands.

use lang::Evaluator;
use model::{
    Address, Diagnostic, ModulePath,
    expression::Sees,
    graph::{Graph, Instances, Stage},
};

use super::{
    addresses, bind,
    tree::{Tree, block_name},
};
use crate::mistakes::Mistakes;

/// Puts the stages into the graph and tells what is wrong with them.
pub(super) fn check(tree: &Tree<'_>, graph: &mut Graph, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    let sees = Sees::default();
    for stage in &tree.loaded.environment.stages {
        let unknown = stage.hold.iter().filter(|(text, _)| !is_there(tree, text));
        mistakes.extend(unknown.map(|(text, span)| {
            let error = Diagnostic::error("unknown address", format!("there is no `{text}`"), Some(*span));
            let known: Vec<String> = tree.resources.keys().map(ToString::to_string).collect();
            addresses::near(error, text, &known)
        }));
        let bound = stage.environment.iter().map(|(name, value)| (name.clone(), bind::written(value, &sees)));
        let stage = Stage { environment: bound.collect(), ..stage.clone() };
        for value in stage.environment.values() {
            mistakes.extend(evaluator.written(value).err().into_iter().flatten());
        }
        graph.stages.push(stage);
    }
}

/// Whether a text means something: also a block without instances, which may get some.
fn is_there(tree: &Tree<'_>, text: &str) -> bool {
    if tree.resources.keys().any(|address| address.is_within(text)) {
        return true;
    }
    let of = |module: &ModulePath| tree.scopes.modules.get(module);
    match text.parse::<Address>() {
        Ok(address) => {
            let instances = of(&address.module).and_then(|scope| scope.resources.get(&block_name(&address)));
            match instances {
                None => false,
                // Without `for_each` there will never be one with a key.
                Some(Instances::One | Instances::Absent) => address.key.is_none(),
                Some(Instances::Keyed(_) | Instances::Symbolic) => true,
            }
        }
        Err(_) => {
            text.parse::<ModulePath>().ok().and_then(|path| path.0.first().cloned()).is_some_and(|step| {
                of(&ModulePath::default()).is_some_and(|root| root.modules.contains_key(&step.name))
            })
        }
    }
}
