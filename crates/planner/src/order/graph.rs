//! Steps and what must be done before each.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address,
    plan::{Phase, Step, StepId},
};

/// A growing graph of steps.
#[derive(Debug, Default)]
pub(super) struct Steps {
    before: BTreeMap<StepId, BTreeSet<StepId>>,
}

impl Steps {
    pub(super) fn add(&mut self, address: &Address, phase: Phase) {
        self.before.entry(StepId { address: address.clone(), phase }).or_default();
    }

    pub(super) fn contains(&self, step: &StepId) -> bool {
        self.before.contains_key(step)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &StepId> {
        self.before.keys()
    }

    fn of<'s>(&'s self, address: &Address) -> impl Iterator<Item = &'s StepId> {
        let first = StepId { address: address.clone(), phase: Phase::Record };
        let address = address.clone();
        self.before.range(first..).map(|(step, _)| step).take_while(move |step| step.address == address)
    }

    pub(super) fn has_any(&self, address: &Address) -> bool {
        self.of(address).next().is_some()
    }

    /// The steps that delete objects of an address.
    pub(super) fn removes(&self, address: &Address) -> Vec<StepId> {
        self.of(address).filter(|step| matches!(step.phase, Phase::Remove { .. })).cloned().collect()
    }

    /// `step` waits for `before`.
    pub(super) fn after(&mut self, step: &StepId, before: &StepId) {
        if step != before
            && let Some(waits) = self.before.get_mut(step)
        {
            waits.insert(before.clone());
        }
    }

    /// The same, unless `before` already waits for `step`.
    pub(super) fn after_if_free(&mut self, step: &StepId, before: &StepId) {
        if !self.waits(before, step) {
            self.after(step, before);
        }
    }

    fn waits(&self, step: &StepId, before: &StepId) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![step];
        while let Some(at) = waiting.pop() {
            if at == before {
                return true;
            }
            if seen.insert(at) {
                waiting.extend(self.before.get(at).into_iter().flatten());
            }
        }
        false
    }

    /// One circle for each knot of steps that wait for each other.
    pub(super) fn circles(&self) -> Vec<Vec<StepId>> {
        let mut left = self.before.clone();
        loop {
            let free: Vec<StepId> =
                left.iter().filter(|(_, before)| before.is_empty()).map(|(step, _)| step.clone()).collect();
            if free.is_empty() {
                break;
            }
            for step in free {
                left.remove(&step);
                left.values_mut().for_each(|before| {
                    before.remove(&step);
                });
            }
        }
        left.keys().next().map(|start| circle(&left, start)).into_iter().collect()
    }

    /// The finished steps: rank is the weight of the longest way from a step to the end.
    pub(super) fn ranked(&self, weight: &dyn Fn(&StepId) -> u32) -> Vec<Step> {
        let mut behind: BTreeMap<&StepId, Vec<&StepId>> = BTreeMap::new();
        for (step, before) in &self.before {
            before.iter().for_each(|first| behind.entry(first).or_default().push(step));
        }
        let mut ranks: BTreeMap<&StepId, u32> = BTreeMap::new();
        for step in self.before.keys() {
            rank(step, &behind, weight, &mut ranks);
        }
        let step =
            |(id, after): (&StepId, &BTreeSet<StepId>)| Step { id: id.clone(), after: after.clone(), rank: ranks[id] };
        self.before.iter().map(step).collect()
    }
}

/// Walks without recursion: chains may be thousands of steps long.
fn rank<'s>(
    start: &'s StepId,
    behind: &BTreeMap<&'s StepId, Vec<&'s StepId>>,
    weight: &dyn Fn(&StepId) -> u32,
    ranks: &mut BTreeMap<&'s StepId, u32>,
) {
    let mut stack = vec![start];
    while let Some(step) = stack.last().copied() {
        let next = behind.get(step).map(Vec::as_slice).unwrap_or_default();
        let open: Vec<&StepId> = next.iter().filter(|later| !ranks.contains_key(*later)).copied().collect();
        if open.is_empty() {
            let longest = next.iter().map(|later| ranks[later]).max().unwrap_or(0);
            ranks.insert(step, longest.saturating_add(weight(step)));
            stack.pop();
        } else {
            stack.extend(open);
        }
    }
}

/// Follows what is waited for until a step comes again.
fn circle(left: &BTreeMap<StepId, BTreeSet<StepId>>, start: &StepId) -> Vec<StepId> {
    let mut path: Vec<StepId> = Vec::new();
    let mut at = start;
    loop {
        if let Some(from) = path.iter().position(|step| step == at) {
            let mut circle = path.split_off(from);
            circle.push(at.clone());
            return circle;
        }
        path.push(at.clone());
        match left.get(at).and_then(BTreeSet::first) {
            Some(next) => at = next,
            None => return path,
        }
    }
}

/// A step in words.
pub(super) fn named(step: &StepId) -> String {
    match &step.phase {
        Phase::Record => format!("record {}", step.address),
        Phase::Read => format!("read {}", step.address),
        Phase::Put => format!("put {}", step.address),
        Phase::Remove { id } => format!("delete {} ({id})", step.address),
    }
}

/// A state may hold circles (an interrupted run that turned a reference around): inside one, only the later address uses the earlier.
pub(super) fn open_circles(users: &mut BTreeMap<Address, BTreeSet<Address>>) {
    let closed = users.clone();
    if model::graph::order(&closed.iter().collect()).is_ok() {
        return;
    }
    let reaches = |from: &Address, to: &Address| {
        crate::replace::reach(from, &|address| closed.get(address).cloned().unwrap_or_default()).contains(to)
    };
    for (used, its_users) in users.iter_mut() {
        its_users.retain(|user| user > used || !reaches(user, used));
    }
}
