//! Steps: what is done, after what, and which of those that are free goes first.
//!
//! Per pair of a resource and what it uses: create the used, create or change the user; delete the old user, delete the old used.

mod graph;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Action, Address, Diagnostic, ReplaceOrder,
    fault::{Fault, is_planted},
    plan::{Phase, Step, StepId},
};

use crate::{
    decide::{Decision, Decisions},
    edges, replace,
    view::{View, identities},
};
use graph::Steps;

/// The steps of all decisions, sorted; circles come back as refusals.
pub(crate) fn steps(view: &View<'_>, decisions: &Decisions) -> (Vec<Step>, Vec<Diagnostic>) {
    let mut order = Order { view, decisions, steps: Steps::default() };
    order.make();
    order.puts();
    order.removes();
    order.names();
    let knots = order.steps.circles();
    if !knots.is_empty() {
        return (Vec::new(), knots.iter().map(|circle| waits_for_itself(circle)).collect());
    }
    order.tidy();
    (order.steps.ranked(&|step| order.weight(step)), Vec::new())
}

fn waits_for_itself(circle: &[StepId]) -> Diagnostic {
    let words: Vec<String> = circle.iter().map(graph::named).collect();
    Diagnostic::error("changes that wait for each other", words.join(" → "), None)
        .hint("apply in two runs: first with `--target` what is to be new, then the rest")
}

struct Order<'v, 'a> {
    view: &'v View<'a>,
    decisions: &'v Decisions,
    steps: Steps,
}

impl Order<'_, '_> {
    fn make(&mut self) {
        for (address, decision) in self.decisions {
            let change = &decision.change;
            match change.action {
                Action::Keep => {}
                Action::Record | Action::Move | Action::Forget => self.steps.add(address, Phase::Record),
                Action::Read => self.steps.add(address, Phase::Read),
                Action::Delete => {}
                _ => self.steps.add(address, Phase::Put),
            }
            for id in self.old_ids(address, decision) {
                self.steps.add(address, Phase::Remove { id });
            }
        }
    }

    /// The objects that go: the old one, and what earlier replacements have left.
    fn old_ids(&self, address: &Address, decision: &Decision) -> BTreeSet<String> {
        let removes = matches!(decision.change.action, Action::Delete | Action::Replace(_));
        let own = decision.change.id.iter().filter(|_| removes).cloned();
        let deposed = self.view.recorded.get(address).map(|recorded| recorded.deposed.as_slice()).unwrap_or_default();
        let forgets = decision.change.action == Action::Forget;
        own.chain(deposed.iter().filter(|_| !forgets).map(|old| old.id.clone())).collect()
    }

    /// Whatever is made waits for what it uses; through what has no step, too.
    fn puts(&mut self) {
        for (address, decision) in self.decisions {
            for phase in [Phase::Put, Phase::Read, Phase::Record] {
                let step = StepId { address: address.clone(), phase };
                let moves = matches!(decision.change.action, Action::Move | Action::Forget);
                if self.steps.contains(&step) && !moves {
                    for before in self.ready(&decision.change.dependencies) {
                        self.steps.after(&step, &before);
                    }
                }
            }
            if decision.replaces() == Some(ReplaceOrder::DeleteFirst) {
                for old in self.steps.removes(address) {
                    if Some(id_of(&old)) == decision.change.id.as_deref() {
                        self.steps.after(&StepId { address: address.clone(), phase: Phase::Put }, &old);
                    }
                }
            }
        }
    }

    /// The steps after which these are ready for whoever uses them.
    fn ready(&self, used: &BTreeSet<Address>) -> BTreeSet<StepId> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&Address> = used.iter().collect();
        while let Some(address) = waiting.pop() {
            if !seen.insert(address) {
                continue;
            }
            let made = [Phase::Put, Phase::Read].map(|phase| StepId { address: address.clone(), phase });
            let made: Vec<StepId> = made.into_iter().filter(|step| self.steps.contains(step)).collect();
            if made.is_empty() {
                let data = self.view.graph.data.get(address).map(|data| &data.dependencies);
                let resource = self.decisions.get(address).map(|decision| &decision.change.dependencies);
                waiting.extend(resource.or(data).into_iter().flatten());
            }
            found.extend(made);
        }
        found
    }

    /// Nothing goes before its users have gone or been changed.
    fn removes(&mut self) {
        let users = if is_planted(Fault::DeleteBeforeUser) { BTreeMap::new() } else { self.users() };
        for (address, decision) in self.decisions {
            let put = StepId { address: address.clone(), phase: Phase::Put };
            for old in self.steps.removes(address) {
                let first = decision.replaces() == Some(ReplaceOrder::DeleteFirst)
                    && Some(id_of(&old)) == decision.change.id.as_deref();
                if !first && self.steps.contains(&put) {
                    self.steps.after(&old, &put);
                }
                for user in users.get(address).into_iter().flatten() {
                    for gone in self.steps.removes(user) {
                        self.steps.after(&old, &gone);
                    }
                    let waits = first && self.reaches(user, address);
                    if let Some(changed) = self.change_of(user).filter(|_| !waits) {
                        self.steps.after(&old, &changed);
                    }
                }
            }
        }
    }

    /// The step that makes a user let go: its change, or the record that it refers to something no longer.
    fn change_of(&self, user: &Address) -> Option<StepId> {
        let records = self.decisions.get(user).is_some_and(|decision| decision.change.action == Action::Record);
        let phase = if records { Phase::Record } else { Phase::Put };
        Some(StepId { address: user.clone(), phase }).filter(|step| self.steps.contains(step))
    }

    fn reaches(&self, user: &Address, used: &Address) -> bool {
        let uses = |address: &Address| {
            self.decisions.get(address).map(|decision| decision.change.dependencies.clone()).unwrap_or_default()
        };
        replace::reach(user, &uses).contains(used)
    }

    /// Who uses what is recorded, with marked references turned around and circles opened.
    fn users(&self) -> BTreeMap<Address, BTreeSet<Address>> {
        let mut users: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
        for user in self.view.recorded.keys().filter(|user| self.steps.has_any(user)) {
            for used in self.near(user) {
                let (first, then) =
                    if self.goes_after(user, &used) { (used, user.clone()) } else { (user.clone(), used) };
                users.entry(then).or_default().insert(first);
            }
        }
        graph::open_circles(&mut users);
        users
    }

    /// What a recorded resource uses; through what is not recorded and what has no step, too.
    fn near(&self, user: &Address) -> BTreeSet<Address> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<Address> = self.view.used_by(user).into_iter().collect();
        while let Some(used) = waiting.pop() {
            if used != *user && found.insert(used.clone()) && !self.steps.has_any(&used) {
                waiting.extend(self.view.used_by(&used));
            }
        }
        found
    }

    /// Whether a reference is marked `deletes_after`: the user goes after what it refers to.
    fn goes_after(&self, user: &Address, used: &Address) -> bool {
        let Some(schema) = self.view.schema(user) else { return false };
        if edges::between(&used.type_name, &user.type_name).is_some() {
            return true;
        }
        let written = self.view.graph.resources.get(user);
        let recorded = |name: &str| self.view.recorded.get(user).and_then(|user| user.applied.get(name)?.as_text());
        let names = self
            .view
            .recorded
            .get(used)
            .map(|used| identities(Some(used.id.as_str()), used.computed.values().chain(used.applied.values())));
        schema.attributes.iter().filter(|spec| spec.deletes_after).any(|spec| {
            match written.and_then(|resource| resource.arguments.get(spec.name)) {
                Some(entry) => lang::references(&self.view.graph.scopes, &entry.value).contains(used),
                None => recorded(spec.name).is_some_and(|text| names.iter().flatten().any(|name| text.contains(name))),
            }
        })
    }

    /// A name is free when whoever had it has gone.
    fn names(&mut self) {
        let mut held = Vec::new();
        for (address, decision) in self.decisions {
            let schema = self.view.schema(address);
            let recorded = self.view.recorded.get(address);
            if let (Some(schema), Some(recorded), true) = (schema, recorded, decision.change.id.is_some()) {
                let name = replace::natural_name(schema, &recorded.applied, decision.change.observed.as_ref());
                held.extend(name.map(|name| (address, recorded, name)));
            }
        }
        for (address, decision) in self.decisions {
            let put = StepId { address: address.clone(), phase: Phase::Put };
            let makes = matches!(decision.change.action, Action::Create | Action::Replace(_));
            let Some(schema) = self.view.schema(address).filter(|schema| makes && !schema.revisions) else { continue };
            let Some(name) = replace::natural_name(schema, &decision.change.want, None) else { continue };
            for (holder, recorded, held) in &held {
                let same_region = schema.global || recorded.region == decision.change.region;
                if *holder != address && holder.type_name == address.type_name && same_region && *held == name {
                    for old in self.steps.removes(holder) {
                        self.steps.after(&put, &old);
                    }
                }
            }
        }
    }

    /// What is better so, as far as nothing else says otherwise.
    fn tidy(&mut self) {
        let removed: Vec<StepId> =
            self.steps.ids().filter(|step| matches!(step.phase, Phase::Remove { .. })).cloned().collect();
        for first in &removed {
            for then in &removed {
                if edges::between(&first.address.type_name, &then.address.type_name).is_some() {
                    self.steps.after_if_free(then, first);
                }
            }
        }
        for (address, decision) in self.decisions {
            if decision.replaces() == Some(ReplaceOrder::DeleteFirst) {
                let ready = self.ready(&decision.change.dependencies);
                for old in self.steps.removes(address) {
                    ready.iter().for_each(|before| self.steps.after_if_free(&old, before));
                }
            }
        }
    }

    /// A measure of how long a step may take, in minutes.
    fn weight(&self, step: &StepId) -> u32 {
        let schema = self.view.schema(&step.address);
        let action = self.decisions.get(&step.address).map(|decision| decision.change.action);
        let seconds = schema.map_or(0, |schema| match (&step.phase, action) {
            (Phase::Remove { .. }, _) => schema.timeouts.delete,
            (Phase::Put, Some(Action::Create | Action::Replace(_))) => schema.timeouts.create,
            (Phase::Put, _) => schema.timeouts.update,
            (Phase::Record | Phase::Read, _) => 0,
        });
        u32::try_from(seconds / 60).unwrap_or(u32::MAX / 2).saturating_add(1)
    }
}

fn id_of(step: &StepId) -> &str {
    match &step.phase {
        Phase::Remove { id } => id,
        _ => "",
    }
}
