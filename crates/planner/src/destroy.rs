//! Everything recorded goes: by TOML where the block still stands, else by what the state says.

use std::collections::BTreeMap;

use lang::Evaluator;
use model::{Action, Address, Recorded, Resource, Value};

use crate::{
    decide::{Decision, Decisions, leave, protected},
    evaluate::Decided,
    view::{Finding, View},
};

/// One decision for each recorded resource.
pub(crate) fn decide(
    view: &View<'_>,
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    findings: &mut Vec<Finding>,
) -> Decisions {
    for (address, recorded) in &view.recorded {
        let mut attributes = recorded.computed.clone();
        attributes.extend(recorded.applied.clone());
        decided.set(address.clone(), attributes);
    }
    let recorded = view.recorded.iter();
    recorded
        .map(|(address, recorded)| {
            let written = view.graph.resources.get(address);
            let decision = end(view, evaluator, decided, address, recorded, written);
            let protects = recorded.lifecycle.prevent_destroy
                || written.is_some_and(|resource| resource.lifecycle.prevent_destroy);
            if decision.change.action == Action::Delete && protects && !view.request.checks {
                findings.push((Some(address.clone()), protected(view, address, "deleted")));
            }
            (address.clone(), decision)
        })
        .collect()
}

fn end(
    view: &View<'_>,
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    address: &Address,
    recorded: &Recorded,
    written: Option<&Resource>,
) -> Decision {
    let retain = recorded.lifecycle.retain || written.is_some_and(|resource| resource.lifecycle.retain);
    let mut decision = leave(view, address, recorded, retain, "the environment is destroyed".to_owned());
    if let Some(resource) = written {
        let change = &mut decision.change;
        change.delete_arguments.extend(arguments(view, evaluator, decided, resource));
        change.lifecycle = resource.lifecycle.clone();
        change.timeouts = resource.timeouts.clone();
    }
    decision
}

/// The arguments of deletion that can still be evaluated.
fn arguments(
    view: &View<'_>,
    evaluator: &Evaluator<'_>,
    decided: &Decided<'_>,
    resource: &Resource,
) -> BTreeMap<String, Value> {
    let Some(schema) = view.schema(&resource.address) else { return BTreeMap::new() };
    let names = schema.deletion_arguments();
    let written = resource.arguments.iter().filter(|(name, _)| names.contains(name.as_str()));
    let values = written.filter_map(|(name, entry)| Some((name.clone(), evaluator.written(&entry.value).ok()?)));
    let known = values.filter(|(_, value)| value.is_known() && !value.is_null()).collect();
    schema.conform(known).into_iter().map(|(name, value)| (name, decided.sealed(value))).collect()
}
