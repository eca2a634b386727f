//! Changes in the order in which they will happen.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use model::{
    Action, Address, Change, Plan,
    plan::{Phase, Step, StepId},
};

/// Every shown change at the place of its first step; then those without a step, by address.
/// A kept resource that still has an old object to delete is shown too.
pub(crate) fn in_order<'a>(plan: &'a Plan, old: &OldObjects<'_>) -> Vec<&'a Change> {
    let mut seen: BTreeSet<&Address> = BTreeSet::new();
    let mut ordered = Vec::new();
    let stepped = steps(plan).into_iter().map(|step| &step.id.address);
    for address in stepped.chain(plan.changes.keys()) {
        if let Some(change) = plan.changes.get(address)
            && (change.action != Action::Keep || old.contains_key(address))
            && seen.insert(address)
        {
            ordered.push(change);
        }
    }
    ordered
}

/// Objects that an earlier create-first replacement has left and this plan deletes: their ids by address.
pub(crate) type OldObjects<'a> = BTreeMap<&'a Address, Vec<&'a str>>;

pub(crate) fn old_objects(plan: &Plan) -> OldObjects<'_> {
    let mut found = OldObjects::new();
    for step in &plan.steps {
        let Phase::Remove { id } = &step.id.phase else { continue };
        let Some(change) = plan.changes.get(&step.id.address) else { continue };
        let removes_its_own = matches!(change.action, Action::Delete | Action::Replace(_));
        if !(removes_its_own && change.id.as_ref().is_none_or(|own| own == id)) {
            found.entry(&change.address).or_default().push(id);
        }
    }
    found
}

/// What is free goes by rank, then by id, as in the executor. Steps of a broken plan that wait for each other are left out.
fn steps(plan: &Plan) -> Vec<&Step> {
    let by_id: BTreeMap<&StepId, &Step> = plan.steps.iter().map(|step| (&step.id, step)).collect();
    let mut waiting: BTreeMap<&StepId, usize> = BTreeMap::new();
    let mut users: BTreeMap<&StepId, Vec<&Step>> = BTreeMap::new();
    for step in &plan.steps {
        let before = step.after.iter().filter(|id| by_id.contains_key(id));
        waiting.insert(&step.id, before.clone().count());
        before.for_each(|id| users.entry(id).or_default().push(step));
    }
    let free = plan.steps.iter().filter(|step| waiting[&step.id] == 0);
    let mut free: BTreeSet<(Reverse<u32>, &StepId)> = free.map(|step| (Reverse(step.rank), &step.id)).collect();
    let mut sorted = Vec::with_capacity(plan.steps.len());
    while let Some((_, id)) = free.pop_first() {
        sorted.push(by_id[id]);
        for user in users.get(id).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(&user.id) {
                *count -= 1;
                if *count == 0 {
                    free.insert((Reverse(user.rank), &user.id));
                }
            }
        }
    }
    sorted
}
