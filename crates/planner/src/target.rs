//! `--target`: what a run may touch.

use std::collections::BTreeSet;

use model::{Action, Address, Diagnostic};

use crate::{
    decide::Decisions,
    view::{Finding, View},
};

/// The addresses that a run is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// Nothing: everything.
    chosen: Option<BTreeSet<Address>>,
}

impl Scope {
    /// Whether this address is touched, and findings about it count.
    pub(crate) fn contains(&self, address: &Address) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(address))
    }

    pub(crate) fn is_partial(&self) -> bool {
        self.chosen.is_some()
    }
}

/// The targets, what they depend on, and for deletions what depends on them.
pub(crate) fn scope(view: &View<'_>, decisions: &Decisions, findings: &mut Vec<Finding>) -> Scope {
    if view.request.targets.is_empty() {
        return Scope::default();
    }
    let all: BTreeSet<&Address> =
        view.graph.resources.keys().chain(view.graph.data.keys()).chain(view.recorded.keys()).collect();
    let mut waiting = Vec::new();
    for target in &view.request.targets {
        let before = waiting.len();
        waiting.extend(all.iter().filter(|address| address.is_within(target)).map(|address| (*address).clone()));
        if waiting.len() == before {
            findings.push((None, nothing_there(target)));
        }
    }
    let mut chosen = BTreeSet::new();
    while let Some(address) = waiting.pop() {
        if chosen.insert(address.clone()) {
            waiting.extend(needed(view, decisions, &address));
        }
    }
    Scope { chosen: Some(chosen) }
}

fn nothing_there(target: &str) -> Diagnostic {
    Diagnostic::error("target that names nothing", format!("`{target}` is neither written nor recorded"), None)
        .hint("a target is a resource (`ecr_repository.app`), one instance (`x.y[\"key\"]`) or a module (`module.web`)")
}

fn needed(view: &View<'_>, decisions: &Decisions, address: &Address) -> BTreeSet<Address> {
    let mut needed = BTreeSet::new();
    if !view.request.destroy {
        let resource = view.graph.resources.get(address).map(|resource| &resource.dependencies);
        let data = view.graph.data.get(address).map(|data| &data.dependencies);
        needed.extend(resource.or(data).into_iter().flatten().cloned());
    }
    let action = decisions.get(address).map(|decision| decision.change.action);
    if matches!(action, Some(Action::Delete | Action::Replace(_))) {
        needed.extend(decisions.keys().filter(|user| view.used_by(user).contains(address)).cloned());
    }
    needed
}
