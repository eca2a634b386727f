//! Outputs as they were and as they will be.

use std::collections::BTreeMap;

use lang::Evaluator;
use model::{Diagnostic, ModulePath, Value, graph::Output, plan::PlannedOutput};

use crate::{
    decide::Decisions,
    diff::compare::{self, Likeness},
    evaluate::Decided,
    target::Scope,
    view::View,
};

/// Every output that is declared or recorded, and what cannot be evaluated.
pub(crate) fn plan(
    view: &View<'_>,
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    decisions: &Decisions,
    scope: &Scope,
) -> (BTreeMap<String, PlannedOutput>, Vec<Diagnostic>) {
    let mut outputs = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (name, recorded) in &view.state.outputs {
        let after = if scope.is_partial() { recorded.value.clone() } else { Value::Null };
        let output = PlannedOutput { before: recorded.value.clone(), after, residual: None, secret: recorded.secret };
        outputs.insert(name.clone(), output);
    }
    let declared = view.graph.scopes.modules.get(&ModulePath::default()).map(|root| &root.outputs);
    if view.request.destroy {
        return (outputs, mistakes);
    }
    for (name, output) in declared.into_iter().flatten() {
        let untouched = |used: &model::Address| scope.is_partial() && !used.data && !decisions.contains_key(used);
        if lang::references(&view.graph.scopes, &output.value).iter().any(untouched) {
            continue;
        }
        match evaluator.output(&ModulePath::default(), name) {
            Ok(value) => {
                let before = outputs.get(name).map(|output| output.before.clone()).unwrap_or_default();
                outputs.insert(name.clone(), planned(before, decided.sealed(value), output));
            }
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    (outputs, mistakes)
}

fn planned(before: Value, after: Value, output: &Output) -> PlannedOutput {
    let secret = output.secret || after.has_secret();
    let residual = if after.is_known() && !after.has_secret() { None } else { Some(output.value.clone()) };
    let after = if cannot_tell(&before, &after) { before.clone() } else { after };
    PlannedOutput { before, after, residual, secret }
}

/// A secret that was not given to this run counts as the one before.
fn cannot_tell(before: &Value, after: &Value) -> bool {
    match after {
        Value::Secret(secret) if secret.expose().is_none() => {
            before.has_secret() && matches!(compare::secret(secret, before), Likeness::CannotTell | Likeness::Same)
        }
        _ => false,
    }
}
