//! The second look: what the provider says stands in the way of deletions, against the plan.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Action, Address, Change, Diagnostic, Number, Plan, Value,
    plan::{Lifted, Phase, StepId},
};

use crate::{Lift, view::identities};

/// What would stop a delete, as the provider reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockerFact {
    /// "3 images (1.2 GB)"
    pub what: String,
    /// Who uses or holds it: ids or ARNs.
    pub held_by: Vec<String>,
    /// The TOML line that clears it: `force_delete = true`.
    pub toml: Option<String>,
    /// The flag that clears it: `--delete-images`.
    pub flag: Option<String>,
    /// Another line that clears it, with nothing lost.
    pub also: Option<String>,
    /// What is lost when `toml` or `flag` clear it, where that is not `what`.
    pub lost: Option<String>,
    /// The deletion's arguments clear it already: it is lost, and does not stand in the way.
    pub cleared: bool,
}

/// Lets the plan through, with what the lifted protections add to it.
///
/// A blocker whose holders all go, or are changed, before the delete is none.
///
/// # Errors
/// Everything that still stands in the way.
pub fn admit(
    plan: Plan,
    blockers: &BTreeMap<Address, Vec<BlockerFact>>,
    lifts: &BTreeSet<Lift>,
) -> Result<Plan, Vec<Diagnostic>> {
    let (plan, standing) = sift(plan, blockers, lifts);
    let of = |(address, facts): (&Address, &Vec<BlockerFact>)| -> Vec<Diagnostic> {
        facts.iter().map(|fact| refusal(&plan, address, fact)).collect()
    };
    let refusals: Vec<Diagnostic> = standing.iter().flat_map(of).collect();
    if refusals.is_empty() { Ok(plan) } else { Err(refusals) }
}

/// The same, with what still stands in the way beside the plan.
#[must_use]
pub fn sift(
    mut plan: Plan,
    blockers: &BTreeMap<Address, Vec<BlockerFact>>,
    lifts: &BTreeSet<Lift>,
) -> (Plan, BTreeMap<Address, Vec<BlockerFact>>) {
    let mut standing: BTreeMap<Address, Vec<BlockerFact>> = BTreeMap::new();
    for (address, facts) in blockers {
        for fact in facts {
            if cleared(&mut plan, address, fact, lifts) || lifted(&mut plan, address, fact, lifts) {
                continue;
            }
            if let Some(left) = standing_part(&mut plan, address, fact) {
                standing.entry(address.clone()).or_default().push(left);
            }
        }
    }
    (plan, standing)
}

/// What the deletions leave for a while, and how nothing is left: a name that stays taken.
#[must_use]
pub fn lasting(
    plan: &Plan,
    blockers: &BTreeMap<Address, Vec<BlockerFact>>,
    lifts: &BTreeSet<Lift>,
) -> BTreeMap<Address, Vec<BlockerFact>> {
    let lasts = |address: &Address, fact: &BlockerFact| {
        let change = plan.changes.get(address);
        fact.cleared
            && fact.flag.is_some()
            && change.is_some_and(|change| main_remove(plan, address).is_some() && !holds(change, fact))
            && lift_of(fact, lifts).is_none()
    };
    let of = |(address, facts): (&Address, &Vec<BlockerFact>)| {
        let facts: Vec<_> = facts.iter().filter(|fact| lasts(address, fact)).cloned().collect();
        (!facts.is_empty()).then(|| (address.clone(), facts))
    };
    blockers.iter().filter_map(of).collect()
}

/// A holder's id with its address, where the plan knows it.
pub fn holder(plan: &Plan, address: &Address, id: &str) -> String {
    called(plan, address, id)
}

/// Whether a flag of this run clears it; then the delete gets the argument and the plan says so.
fn lifted(plan: &mut Plan, address: &Address, fact: &BlockerFact, lifts: &BTreeSet<Lift>) -> bool {
    let Some(lift) = lift_of(fact, lifts) else { return false };
    let Some(change) = plan.changes.get_mut(address) else { return false };
    if let Some((name, value)) = fact.toml.as_deref().and_then(argument) {
        change.lifted_arguments.insert(name, value);
    }
    change.lifts.push(Lifted { flag: lift.flag().to_owned(), what: fact.what.clone() });
    if *lift != Lift::AllowUnprotect {
        lose(change, fact.lost.as_ref().unwrap_or(&fact.what));
    }
    true
}

fn lift_of<'a>(fact: &BlockerFact, lifts: &'a BTreeSet<Lift>) -> Option<&'a Lift> {
    lifts.iter().find(|lift| fact.flag.as_deref() == Some(lift.flag()))
}

/// Whether the deletion has the argument that clears it.
fn holds(change: &Change, fact: &BlockerFact) -> bool {
    let argument = fact.toml.as_deref().and_then(argument);
    argument.is_none_or(|(name, value)| change.deletion().get(&name) == Some(&value))
}

/// Whether what is written clears it; then the plan says what is lost. A flag of this run that goes further comes first.
fn cleared(plan: &mut Plan, address: &Address, fact: &BlockerFact, lifts: &BTreeSet<Lift>) -> bool {
    let Some(change) = plan.changes.get_mut(address).filter(|_| fact.cleared) else { return fact.cleared };
    if !holds(change, fact) && lift_of(fact, lifts).is_some() {
        return false;
    }
    lose(change, &fact.what);
    true
}

/// What the type says in general, and what it is this time.
fn lose(change: &mut Change, what: &str) {
    match change.loses.as_mut_slice() {
        [general] if !general.contains(": ") => *general = format!("{general}: {what}"),
        _ => change.loses.push(what.to_owned()),
    }
}

/// `name = value` of one TOML line with a scalar.
fn argument(line: &str) -> Option<(String, Value)> {
    let (name, value) = line.split_once('=')?;
    let value = value.trim();
    let value = match value {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        _ => match value.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => text.into(),
            None => Value::Number(Number::parse_exact(value)?),
        },
    };
    Some((name.trim().to_owned(), value))
}

/// What of it still stands: with the holders that neither go nor let go before the delete. The steps say after which others
/// it comes.
fn standing_part(plan: &mut Plan, address: &Address, fact: &BlockerFact) -> Option<BlockerFact> {
    let old = main_remove(plan, address)?;
    let mut before = BTreeSet::new();
    let mut held_by = Vec::new();
    for holder in &fact.held_by {
        match holder_step(plan, address, holder, &old) {
            Some(step) => {
                before.insert(step);
            }
            None => held_by.push(holder.clone()),
        }
    }
    if fact.held_by.is_empty() || !held_by.is_empty() {
        let without = fact.toml.is_none() && fact.flag.is_none() && !fact.held_by.is_empty();
        let alive = plan.changes.get(address).filter(|_| without).and_then(left_alive);
        return Some(BlockerFact { held_by, toml: alive.or_else(|| fact.toml.clone()), ..fact.clone() });
    }
    if let Some(step) = plan.steps.iter_mut().find(|step| step.id == old) {
        step.after.extend(before);
    }
    None
}

/// What is written for a resource that others hold: groma forgets it, and they keep it.
fn left_alive(change: &Change) -> Option<String> {
    let is_written = change.place.is_some();
    let removed = || format!("[removed.\"{}\"] retain = true", change.address.to_string().replace('"', "\\\""));
    (change.action == Action::Delete)
        .then(|| if is_written { "lifecycle = { retain = true }".to_owned() } else { removed() })
}

/// The step that deletes the object itself.
fn main_remove(plan: &Plan, address: &Address) -> Option<StepId> {
    let id = plan.changes.get(address)?.id.clone()?;
    let step = StepId { address: address.clone(), phase: Phase::Remove { id } };
    plan.steps.iter().any(|other| other.id == step).then_some(step)
}

/// The step after which this holder holds no longer: its deletion, or its change where the plan puts that first.
fn holder_step(plan: &Plan, address: &Address, holder: &str, old: &StepId) -> Option<StepId> {
    let holding = plan.changes.values().find(|change| change.address != *address && is_called(change, holder))?;
    if let Some(gone) = main_remove(plan, &holding.address) {
        return (!waits(plan, &gone, old)).then_some(gone);
    }
    let put = StepId { address: holding.address.clone(), phase: Phase::Put };
    waits(plan, old, &put).then_some(put)
}

fn is_called(change: &Change, holder: &str) -> bool {
    let live = change.observed.iter().flat_map(|live| live.attributes.values());
    identities(change.id.as_deref(), change.computed.values().chain(live)).contains(holder)
}

/// Whether a step waits for another, all the way.
fn waits(plan: &Plan, step: &StepId, before: &StepId) -> bool {
    let after: BTreeMap<&StepId, &BTreeSet<StepId>> = plan.steps.iter().map(|step| (&step.id, &step.after)).collect();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![step];
    while let Some(at) = waiting.pop() {
        if at == before {
            return true;
        }
        if seen.insert(at) {
            waiting.extend(after.get(at).copied().into_iter().flatten());
        }
    }
    false
}

fn refusal(plan: &Plan, address: &Address, fact: &BlockerFact) -> Diagnostic {
    let change = plan.changes.get(address);
    let place = change.and_then(|change| change.place.as_ref()).map(|place| format!(" ({place})")).unwrap_or_default();
    let holders: Vec<String> = fact.held_by.iter().map(|holder| called(plan, address, holder)).collect();
    let held = if holders.is_empty() { String::new() } else { format!(", held by {}", holders.join(", ")) };
    let detail = format!("`{address}`{place} cannot be deleted: {}{held}", fact.what);
    let mut refusal = Diagnostic::error("something stands in the way of a deletion", detail, None);
    refusal.hints.extend(ways(change, address, fact));
    refusal.hints.extend(fact.flag.iter().map(|flag| format!("or run again with `{flag}`")));
    refusal
}

/// The lines that clear it.
fn ways(change: Option<&Change>, address: &Address, fact: &BlockerFact) -> Vec<String> {
    let alive = change.and_then(left_alive).filter(|line| fact.toml.as_ref() == Some(line));
    if let Some(line) = alive {
        let line = if line.starts_with('[') { format!("`{line}`") } else { format!("`{line}` in `{address}`") };
        let left = format!("write {line}: then it stays, and is forgotten");
        return match fact.held_by.is_empty() {
            true => vec![left],
            false => vec!["make those who hold it let go".to_owned(), format!("or {left}")],
        };
    }
    let apply = |line: &String| format!("write `{line}` in `{address}` and apply that first");
    fact.also.iter().chain(&fact.toml).map(apply).collect()
}

fn called(plan: &Plan, address: &Address, holder: &str) -> String {
    let known = plan.changes.values().find(|change| change.address != *address && is_called(change, holder));
    known.map_or_else(|| holder.to_owned(), |change| format!("`{}` ({holder})", change.address))
}
