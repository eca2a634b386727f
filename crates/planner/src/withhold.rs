//! Changes that are left to a later run, with everything that waits for them.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Graph, Plan,
    plan::{StepId, Withheld},
};

/// Takes changes out of a plan, each with why. What waits for them is taken out with them: dependants, and deletions of what
/// the resource as it lives still uses. What exists stays as it is; outputs that need any of it keep their last value.
#[must_use]
pub fn withhold(mut plan: Plan, roots: &BTreeMap<Address, String>, graph: &Graph) -> Plan {
    let changing: BTreeSet<&Address> = plan.steps.iter().map(|step| &step.id.address).collect();
    let mut because: BTreeMap<Address, String> = roots
        .iter()
        .filter(|(address, _)| changing.contains(address))
        .map(|(a, why)| (a.clone(), why.clone()))
        .collect();
    while let Some((waiting, first)) = next(&plan, &because) {
        because.insert(waiting, format!("it waits for {first}"));
    }
    if because.is_empty() {
        return plan;
    }
    plan.steps.retain(|step| !because.contains_key(&step.id.address));
    freeze_outputs(&mut plan, &because, graph);
    for (address, because) in because {
        let Some(change) = plan.changes.remove(&address) else { continue };
        plan.withheld.insert(address, Withheld { action: change.action, because, place: change.place });
    }
    plan
}

/// One more that has a step after one that is taken out.
fn next(plan: &Plan, withheld: &BTreeMap<Address, String>) -> Option<(Address, Address)> {
    plan.steps.iter().filter(|step| !withheld.contains_key(&step.id.address)).find_map(|step| {
        let first: &StepId = step.after.iter().find(|first| withheld.contains_key(&first.address))?;
        Some((step.id.address.clone(), first.address.clone()))
    })
}

fn freeze_outputs(plan: &mut Plan, withheld: &BTreeMap<Address, String>, graph: &Graph) {
    let Some(root) = graph.scopes.modules.get(&model::ModulePath::default()) else { return };
    for (name, output) in &root.outputs {
        let needs = lang::references(&graph.scopes, &output.value).iter().any(|used| withheld.contains_key(used));
        let Some(planned) = plan.outputs.get_mut(name).filter(|_| needs) else { continue };
        if planned.before.is_null() {
            plan.outputs.remove(name);
        } else {
            planned.after = planned.before.clone();
            planned.residual = None;
        }
    }
}
