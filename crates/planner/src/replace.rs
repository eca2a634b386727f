//! Which half of a replacement comes first, and who would break (`semantics.md` 5).

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Action, Address, Diagnostic, Live, ReplaceOrder, Schema, Value,
    fault::{Fault, is_planted},
};

use crate::{
    decide::{Decision, Decisions, prefix_attribute, protected},
    edges::{self, Strength},
    view::{Finding, View},
};

/// The values of the natural name, when there is one and all of it is known.
pub(crate) fn natural_name(schema: &Schema, want: &BTreeMap<String, Value>, live: Option<&Live>) -> Option<Vec<Value>> {
    if schema.natural_name.is_empty() {
        return None;
    }
    let part = |name: &&str| {
        let value = want.get(*name).or_else(|| live?.attributes.get(*name))?;
        (value.is_known() && !value.is_null()).then(|| value.clone())
    };
    schema.natural_name.iter().map(part).collect()
}

/// Whether a change of these attributes changes the natural name.
pub(crate) fn renamed(schema: &Schema, changed: &BTreeSet<String>) -> bool {
    schema.natural_name.iter().any(|name| changed.contains(*name))
}

/// Whether old and new never clash: no natural name at all, none written, or each create is a revision.
pub(crate) fn needs_no_name(schema: &Schema, want: &BTreeMap<String, Value>) -> bool {
    schema.revisions || !schema.natural_name.iter().any(|name| want.contains_key(*name))
}

/// Fixes the order of every replacement and refuses what would break or is protected.
pub(crate) fn settle(view: &View<'_>, decisions: &mut Decisions, findings: &mut Vec<Finding>) {
    protect(view, decisions, findings);
    let orders = Orders::new(view, decisions).settled(findings);
    for (address, order) in &orders {
        if let Some(decision) = decisions.get_mut(address) {
            decision.change.action = Action::Replace(*order);
        }
    }
    break_nobody(view, decisions, findings);
}

fn protect(view: &View<'_>, decisions: &Decisions, findings: &mut Vec<Finding>) {
    for (address, decision) in decisions {
        if decision.replaces().is_some() && decision.change.lifecycle.prevent_destroy {
            let mut refusal = protected(view, address, "replaced");
            refusal.detail.push_str(&format!(" ({})", decision.change.reasons.join("; ")));
            findings.push((Some(address.clone()), refusal));
        }
    }
}

struct Orders<'v, 'a> {
    view: &'v View<'a>,
    decisions: &'v Decisions,
    orders: BTreeMap<Address, ReplaceOrder>,
    /// Those that cannot be create-first any more.
    fixed: BTreeSet<Address>,
}

impl<'v, 'a> Orders<'v, 'a> {
    fn new(view: &'v View<'a>, decisions: &'v Decisions) -> Self {
        Self { view, decisions, orders: BTreeMap::new(), fixed: BTreeSet::new() }
    }

    fn settled(mut self, findings: &mut Vec<Finding>) -> BTreeMap<Address, ReplaceOrder> {
        for (address, decision) in self.decisions.iter().filter(|(_, decision)| decision.replaces().is_some()) {
            let wish = decision.change.lifecycle.create_before_destroy;
            if wish == Some(true) && !decision.fits_beside {
                findings.push((Some(address.clone()), self.fixed_name(address)));
            }
            let beside = decision.fits_beside && wish != Some(false) && !is_planted(Fault::WrongOrderOfReplacement);
            if !beside {
                self.fixed.insert(address.clone());
            }
            let order = if beside { ReplaceOrder::CreateFirst } else { ReplaceOrder::DeleteFirst };
            self.orders.insert(address.clone(), order);
        }
        while let Some((user, used)) = self.conflict() {
            if self.decisions[&user].change.lifecycle.create_before_destroy == Some(true) {
                findings.push((Some(user.clone()), self.needs_fixed(&user, &used)));
            }
            self.fixed.insert(user.clone());
            self.orders.insert(user, ReplaceOrder::DeleteFirst);
        }
        self.orders
    }

    /// A create-first whose old and new objects both use something that must be deleted first: it cannot stand beside itself.
    fn conflict(&self) -> Option<(Address, Address)> {
        for (user, order) in &self.orders {
            if *order == ReplaceOrder::DeleteFirst || self.fixed.contains(user) {
                continue;
            }
            let (now, before) = (self.reach_now(user), self.reach_before(user));
            let used = now.intersection(&before).find(|used| self.fixed.contains(*used));
            if let Some(used) = used {
                return Some((user.clone(), used.clone()));
            }
        }
        None
    }

    fn reach_now(&self, from: &Address) -> BTreeSet<Address> {
        reach(from, &|address| {
            self.decisions.get(address).map(|decision| decision.change.dependencies.clone()).unwrap_or_default()
        })
    }

    fn reach_before(&self, from: &Address) -> BTreeSet<Address> {
        reach(from, &|address| self.view.used_by(address))
    }

    fn fixed_name(&self, address: &Address) -> Diagnostic {
        let detail =
            format!("`{address}` has `create_before_destroy`, but its name stays the same and can exist only once");
        let refusal = Diagnostic::error("replacement cannot be created first", detail, self.view.span(address));
        refusal.hint(way_out(self.view, address))
    }

    fn needs_fixed(&self, user: &Address, used: &Address) -> Diagnostic {
        let detail = format!(
            "`{user}` has `create_before_destroy`, but it uses `{used}`, which is replaced and must be deleted first"
        );
        let refusal = Diagnostic::error("replacement cannot be created first", detail, self.view.span(user));
        refusal.hint(way_out(self.view, used))
    }
}

/// Everything that can be reached, without the start.
pub(crate) fn reach(from: &Address, uses: &dyn Fn(&Address) -> BTreeSet<Address>) -> BTreeSet<Address> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Address> = uses(from).into_iter().collect();
    while let Some(address) = waiting.pop() {
        if seen.insert(address.clone()) {
            waiting.extend(uses(&address));
        }
    }
    seen.remove(from);
    seen
}

fn way_out(view: &View<'_>, address: &Address) -> String {
    let schema = view.schema(address);
    match schema.and_then(prefix_attribute) {
        Some((name, prefix)) => {
            format!("write `{prefix}` instead of `{name}` in `{address}`: then the new one is made beside the old one")
        }
        None => format!("give `{address}` another name: then the new one is made beside the old one"),
    }
}

/// A delete-first takes something away from whoever keeps using it.
fn break_nobody(view: &View<'_>, decisions: &Decisions, findings: &mut Vec<Finding>) {
    let deleted_first = decisions.iter().filter(|(_, decision)| decision.replaces() == Some(ReplaceOrder::DeleteFirst));
    for (used, replaced) in deleted_first {
        let users = decisions.iter().filter(|(user, _)| view.used_by(user).contains(used));
        let broken: Vec<&Address> =
            users.filter(|(user, decision)| breaks(view, used, user, decision)).map(|(user, _)| user).collect();
        if !broken.is_empty() {
            findings.push((Some(used.clone()), refusal(view, used, replaced, &broken)));
        }
    }
}

/// Whether a user that stays still stands on what goes first.
fn breaks(view: &View<'_>, used: &Address, user: &Address, decision: &Decision) -> bool {
    let change = &decision.change;
    let stays = matches!(change.action, Action::Keep | Action::Record | Action::Move | Action::Update | Action::Finish);
    if !stays || !change.dependencies.contains(used) {
        return false;
    }
    let in_use = edges::between(&user.type_name, &used.type_name).is_some_and(|edge| edge.strength != Strength::Tidy);
    in_use || !follows(view, used, user, decision)
}

/// Whether the user is changed in this plan because of what it takes from the other.
fn follows(view: &View<'_>, used: &Address, user: &Address, decision: &Decision) -> bool {
    let Some(resource) = view.graph.resources.get(user) else { return false };
    decision
        .changed
        .iter()
        .filter_map(|name| resource.arguments.get(name))
        .any(|entry| lang::references(&view.graph.scopes, &entry.value).contains(used))
}

fn refusal(view: &View<'_>, used: &Address, replaced: &Decision, users: &[&Address]) -> Diagnostic {
    let names: Vec<String> = users.iter().map(|user| format!("`{user}`")).collect();
    let verb = if users.len() == 1 { "uses" } else { "use" };
    let detail = format!(
        "`{used}` is replaced and its name stays, so the old one would be deleted first; {} still {verb} it ({})",
        names.join(", "),
        replaced.change.reasons.join("; ")
    );
    let mut refusal = Diagnostic::error("something in use would be deleted first", detail, view.span(used));
    for span in users.iter().filter_map(|user| view.span(user)) {
        refusal = refusal.label(span, "uses it");
    }
    let flags: Vec<String> = users.iter().map(|user| format!("--replace '{user}'")).collect();
    let them = if users.len() == 1 { "the user" } else { "the users" };
    refusal = refusal.hint(way_out(view, used)).hint(format!("or replace {them} too: `{}`", flags.join(" ")));
    refusal
}
