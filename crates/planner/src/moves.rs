//! `[moved]`: the same thing under another address, and the proposals of such moves.

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Diagnostic, Graph, ModulePath, Recorded, State, graph::Moved};

use crate::view::Finding;

/// State as it is after all moves.
#[derive(Debug, Default)]
pub(crate) struct AfterMoves {
    pub(crate) recorded: BTreeMap<Address, Recorded>,
    /// The address in state, by the new one.
    pub(crate) moved_from: BTreeMap<Address, Address>,
}

/// Moves what is recorded, one `[moved]` entry after the other, and renames it in the dependencies of all.
pub(crate) fn apply(graph: &Graph, state: &State, findings: &mut Vec<Finding>) -> AfterMoves {
    let mut after = AfterMoves { recorded: state.resources.clone(), ..AfterMoves::default() };
    for moved in &graph.moved {
        for (from, to) in renames(moved, after.recorded.keys(), findings) {
            if after.recorded.contains_key(&to) {
                findings.push((Some(to.clone()), occupied(moved, &from, &to)));
                continue;
            }
            if let Some(recorded) = after.recorded.remove(&from) {
                after.recorded.insert(to.clone(), recorded);
                let origin = after.moved_from.remove(&from).unwrap_or_else(|| from.clone());
                after.moved_from.insert(to.clone(), origin);
                rename(&mut after.recorded, &from, &to);
            }
        }
    }
    after.moved_from.retain(|to, from| to != from);
    follow(graph, &mut after.recorded);
    after
}

/// A move that was made in an earlier run may still be named by its old address in the dependencies of others.
fn follow(graph: &Graph, recorded: &mut BTreeMap<Address, Recorded>) {
    let named: BTreeSet<Address> =
        recorded.values().flat_map(|resource| resource.dependencies.iter().cloned()).collect();
    for moved in &graph.moved {
        let dangling: Vec<&Address> =
            named.iter().filter(|used| !recorded.contains_key(used) && !graph.resources.contains_key(used)).collect();
        for (from, to) in renames(moved, dangling.into_iter(), &mut Vec::new()) {
            if recorded.contains_key(&to) {
                rename(recorded, &from, &to);
            }
        }
    }
}

fn rename(recorded: &mut BTreeMap<Address, Recorded>, from: &Address, to: &Address) {
    let change = |dependencies: &mut BTreeSet<Address>| {
        if dependencies.remove(from) {
            dependencies.insert(to.clone());
        }
    };
    for resource in recorded.values_mut() {
        change(&mut resource.dependencies);
        resource.deposed.iter_mut().for_each(|deposed| change(&mut deposed.dependencies));
    }
}

fn occupied(moved: &Moved, from: &Address, to: &Address) -> Diagnostic {
    Diagnostic::error(
        "move to an address in use",
        format!("`{from}` cannot become `{to}`: the state holds both"),
        Some(moved.span),
    )
    .hint(format!("remove one with `groma state rm`, or leave out the `[moved]` entry for `{from}`"))
}

/// The pairs of addresses that one entry means: a resource, all instances of a block, or all that a module holds.
fn renames<'a>(
    moved: &Moved,
    recorded: impl Iterator<Item = &'a Address>,
    findings: &mut Vec<Finding>,
) -> Vec<(Address, Address)> {
    if let (Ok(from), Ok(to)) = (moved.from.parse::<Address>(), moved.to.parse::<Address>()) {
        if from.type_name != to.type_name {
            let detail = format!("`{from}` and `{to}` are of different types");
            findings.push((None, Diagnostic::error("move between types", detail, Some(moved.span))));
            return Vec::new();
        }
        return recorded.filter_map(|address| resource_rename(address, &from, &to)).collect();
    }
    match (moved.from.parse::<ModulePath>(), moved.to.parse::<ModulePath>()) {
        (Ok(from), Ok(to)) if !from.is_root() => {
            recorded.filter_map(|address| module_rename(address, &from, &to)).collect()
        }
        _ => {
            let detail = format!("`{}` → `{}`: both must be resources or both modules", moved.from, moved.to);
            findings.push((None, Diagnostic::error("move without an address", detail, Some(moved.span))));
            Vec::new()
        }
    }
}

fn resource_rename(address: &Address, from: &Address, to: &Address) -> Option<(Address, Address)> {
    let whole_block = from.key.is_none() && to.key.is_none() && address.block() == *from;
    if address == from {
        Some((address.clone(), to.clone()))
    } else if whole_block {
        Some((address.clone(), Address { key: address.key.clone(), ..to.clone() }))
    } else {
        None
    }
}

fn module_rename(address: &Address, from: &ModulePath, to: &ModulePath) -> Option<(Address, Address)> {
    let (last, parents) = from.0.split_last()?;
    let step = address.module.0.get(parents.len())?;
    let same_step = step.name == last.name && (step.key == last.key || last.key.is_none());
    if !address.module.0.starts_with(parents) || !same_step {
        return None;
    }
    let mut steps = to.0.clone();
    if last.key.is_none()
        && let Some(moved) = steps.last_mut()
        && moved.key.is_none()
    {
        moved.key.clone_from(&step.key);
    }
    steps.extend_from_slice(&address.module.0[parents.len() + 1..]);
    Some((address.clone(), Address { module: ModulePath(steps), ..address.clone() }))
}
