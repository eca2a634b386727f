//! Whether a plan is sound: run where it is made, and on loading a saved one.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;
use model::{
    Action, Address, Change, Plan, ReplaceOrder,
    plan::{Phase, Step, StepId},
};
use petgraph::{Direction, algo::toposort, graphmap::DiGraphMap};

use crate::replace;

/// Checks what the executor relies on.
///
/// # Errors
/// Every broken rule, in words.
pub fn verify(plan: &Plan) -> Result<(), Vec<String>> {
    let mut broken = Vec::new();
    let steps: BTreeMap<&StepId, &Step> = plan.steps.iter().map(|step| (&step.id, step)).collect();
    if steps.len() != plan.steps.len() || !plan.steps.is_sorted_by(|a, b| a.id < b.id) {
        broken.push("steps are not sorted or not unique".to_owned());
    }
    for (address, change) in &plan.changes {
        own_steps(address, change, &steps, &mut broken);
        residuals(change, &mut broken);
    }
    for step in &plan.steps {
        waits(plan, step, &steps, &mut broken);
    }
    for (name, output) in &plan.outputs {
        if !output.after.is_known() && output.residual.is_none() {
            broken.push(format!("output `{name}` is not known and has no expression"));
        }
    }
    if broken.is_empty() {
        match Reach::of(&plan.steps) {
            Some(reach) => {
                halves(plan, &reach, &mut broken);
                deletes(plan, &reach, &mut broken);
            }
            None => broken.push("steps wait for each other".to_owned()),
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(broken) }
}

fn own_steps(address: &Address, change: &Change, steps: &BTreeMap<&StepId, &Step>, broken: &mut Vec<String>) {
    if *address != change.address {
        broken.push(format!("`{address}` stands for `{}`", change.address));
    }
    let has = |phase: Phase| steps.contains_key(&StepId { address: address.clone(), phase });
    let removes = |id: &Option<String>| id.as_ref().is_none_or(|id| has(Phase::Remove { id: id.clone() }));
    let complete = match change.action {
        Action::Keep => !has(Phase::Put),
        Action::Record | Action::Move | Action::Forget => has(Phase::Record),
        Action::Read => has(Phase::Read),
        Action::Delete => removes(&change.id) && !has(Phase::Put),
        Action::Replace(_) => change.id.is_some() && removes(&change.id) && has(Phase::Put),
        Action::Create | Action::Adopt | Action::Import | Action::Update | Action::Finish => has(Phase::Put),
    };
    if !complete {
        broken.push(format!("`{address}`: steps and action {:?} do not fit", change.action));
    }
}

fn residuals(change: &Change, broken: &mut Vec<String>) {
    for (name, value) in &change.want {
        if !value.is_known() && !change.residuals.contains_key(name) {
            broken.push(format!("`{}`: `{name}` is not known and has no expression", change.address));
        }
    }
}

fn waits(plan: &Plan, step: &Step, steps: &BTreeMap<&StepId, &Step>, broken: &mut Vec<String>) {
    if !plan.changes.contains_key(&step.id.address) {
        broken.push(format!("a step of `{}`, which does not change", step.id.address));
    }
    for before in &step.after {
        if !steps.contains_key(before) {
            broken.push(format!("a step of `{}` waits for one that is not there", step.id.address));
        }
    }
}

/// Each half of a replacement in its place; what is used is ready first.
fn halves(plan: &Plan, reach: &Reach<'_>, broken: &mut Vec<String>) {
    for (address, change) in &plan.changes {
        let put = StepId { address: address.clone(), phase: Phase::Put };
        if let (Action::Replace(order), Some(id)) = (change.action, &change.id) {
            let old = StepId { address: address.clone(), phase: Phase::Remove { id: id.clone() } };
            let (first, then) = match order {
                ReplaceOrder::DeleteFirst => (&old, &put),
                ReplaceOrder::CreateFirst => (&put, &old),
            };
            if !reach.is_before(first, then) {
                broken.push(format!("`{address}`: the halves of the replacement are not in order"));
            }
        }
        for used in &change.dependencies {
            let used_put = StepId { address: used.clone(), phase: Phase::Put };
            if reach.has(&put) && reach.has(&used_put) && !reach.is_before(&used_put, &put) {
                broken.push(format!("`{address}` does not wait for `{used}`"));
            }
        }
    }
}

/// Of a user and what it uses, when both go, one waits for the other: most users go first, some (`deletes_after`) last.
/// In a circle no order is right.
fn deletes(plan: &Plan, reach: &Reach<'_>, broken: &mut Vec<String>) {
    let uses = |user: &Address| plan.changes.get(user).map(|change| change.dependencies.clone()).unwrap_or_default();
    for (user, change) in &plan.changes {
        for used in &change.dependencies {
            let (Some(first), Some(then)) = (delete(plan, user), delete(plan, used)) else { continue };
            let both = user != used && reach.has(&first) && reach.has(&then);
            let ordered = reach.is_before(&first, &then) || reach.is_before(&then, &first);
            if both && !ordered && !replace::reach(used, &uses).contains(user) {
                broken.push(format!("`{used}` may go before `{user}`, which uses it"));
            }
        }
    }
}

/// The step that deletes a resource which is not made again.
fn delete(plan: &Plan, address: &Address) -> Option<StepId> {
    let change = plan.changes.get(address).filter(|change| change.action == Action::Delete)?;
    Some(StepId { address: address.clone(), phase: Phase::Remove { id: change.id.clone()? } })
}

/// What each step waits for, all the way: a row of bits for each step.
struct Reach<'p> {
    numbers: BTreeMap<&'p StepId, usize>,
    before: Vec<FixedBitSet>,
}

impl<'p> Reach<'p> {
    /// Nothing when steps wait for each other.
    fn of(steps: &'p [Step]) -> Option<Self> {
        let numbers: BTreeMap<&StepId, usize> = steps.iter().enumerate().map(|(n, step)| (&step.id, n)).collect();
        let mut graph = DiGraphMap::<usize, ()>::with_capacity(steps.len(), steps.len());
        for (number, step) in steps.iter().enumerate() {
            graph.add_node(number);
            for first in &step.after {
                graph.add_edge(numbers[first], number, ());
            }
        }
        let mut before = vec![FixedBitSet::with_capacity(steps.len()); steps.len()];
        for number in toposort(&graph, None).ok()? {
            let mut row = FixedBitSet::with_capacity(steps.len());
            for first in graph.neighbors_directed(number, Direction::Incoming) {
                row.union_with(&before[first]);
                row.insert(first);
            }
            before[number] = row;
        }
        Some(Self { numbers, before })
    }

    fn has(&self, step: &StepId) -> bool {
        self.numbers.contains_key(step)
    }

    fn is_before(&self, first: &StepId, then: &StepId) -> bool {
        let number = |step| self.numbers.get(step).copied();
        number(first).zip(number(then)).is_some_and(|(first, then)| self.before[then].contains(first))
    }
}
