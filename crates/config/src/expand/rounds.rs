//! Decides blocks round by round: a decision may make the next one possible.

use std::collections::BTreeMap;

use lang::{Evaluator, Files, Predicted};
use model::{Address, Diagnostic, Schemas, Value, WrittenKind, expression::Sees, graph::Instances};

use super::{
    data, expression,
    repeat::{Decision, Open, decide},
    tree::{Site, Tree, What},
};

/// What no round could decide.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) open: BTreeMap<Site, Open>,
    pub(super) wrong: Vec<Diagnostic>,
}

/// What one round found out.
struct Found {
    made: Vec<(Site, Instances, Vec<model::Each>)>,
    answers: BTreeMap<Address, Value>,
    /// Variables that were given null and may not be: they take their default.
    nulls: Vec<(model::ModulePath, String)>,
    /// What `file` and its like have used.
    files: BTreeMap<String, String>,
    left: Left,
}

/// Goes on until a round decides nothing more.
pub(super) fn run(tree: &mut Tree<'_>, schemas: &Schemas, files: &dyn Files) -> Left {
    loop {
        let found = round(tree, schemas, files);
        tree.scopes.files.extend(found.files);
        if found.made.is_empty() && found.answers.is_empty() && found.nulls.is_empty() {
            return found.left;
        }
        for (module, name) in found.nulls {
            let default = tree.instances[&module].module.variables[&name].default.clone();
            if let Some(scope) = tree.scopes.modules.get_mut(&module)
                && let Some(variable) = scope.variables.get_mut(&name)
            {
                variable.value = default;
            }
        }
        tree.scopes.data.extend(found.answers);
        for (site, instances, each) in found.made {
            // A module decided a moment ago takes its undecided blocks away with it.
            if tree.pending.contains(&site) {
                tree.decide(&site, instances, each);
            }
        }
    }
}

fn round(tree: &Tree<'_>, schemas: &Schemas, files: &dyn Files) -> Found {
    let facts = Predicted::new(&tree.scopes, &tree.resources, schemas, files);
    let evaluator = Evaluator::new(&tree.scopes, &facts, files);
    let mut found = Found {
        made: Vec::new(),
        answers: data::local_answers(tree, schemas, &evaluator),
        nulls: nulls(tree, &evaluator),
        files: BTreeMap::new(),
        left: Left::default(),
    };
    for site in &tree.pending {
        match decide(site, tree.repeat(site), &tree.scopes, &evaluator) {
            Decision::Made(instances, each) => found.made.push((site.clone(), instances, each)),
            Decision::Unknown(open) => {
                found.left.open.insert(site.clone(), open);
            }
            Decision::Wrong(mistakes) => found.left.wrong.extend(mistakes),
        }
    }
    // Outer modules first: what stands in them is replaced when they are decided.
    found.files = evaluator.files_read();
    found.made.sort_by_key(|(site, ..)| (site.module.0.len(), site.what != What::Module));
    found
}

/// Variables with `nullable = false` and a default that are given an expression that is null.
fn nulls(tree: &Tree<'_>, evaluator: &Evaluator<'_>) -> Vec<(model::ModulePath, String)> {
    let mut found = Vec::new();
    for (path, instance) in &tree.instances {
        let strict = instance.module.variables.iter().filter(|(_, block)| !block.nullable && block.default.is_some());
        for (name, _) in strict {
            let given = tree.scopes.modules[path].variables[name].value.as_ref();
            let is_expression = given.is_some_and(|given| matches!(given.kind, WrittenKind::Expression(_)));
            let sees = Sees { module: path.clone(), each: None };
            let null = || {
                let variable = expression(&format!("${{var.{name}}}"), sees, given.map(|given| given.span));
                matches!(evaluator.written(&variable), Ok(Value::Null))
            };
            if is_expression && null() {
                found.push((path.clone(), name.clone()));
            }
        }
    }
    found
}
