//! What is recorded and written no longer: delete or forget, or a move that nobody declared.

use model::{Action, Address, Diagnostic, Recorded};

use super::{Decision, Walk, blank, words};
use crate::{
    replace,
    view::{Seen, View},
};

impl Walk<'_, '_> {
    pub(super) fn vanished(&mut self) {
        let gone: Vec<&Address> =
            self.view.recorded.keys().filter(|address| !self.view.graph.resources.contains_key(address)).collect();
        for address in gone {
            let recorded = &self.view.recorded[address];
            if self.propose_move(address, recorded) {
                continue;
            }
            let (retain, reason) = self.removal(address, recorded);
            let decision = leave(self.view, address, recorded, retain, reason);
            if let (Action::Delete, true) = (decision.change.action, recorded.lifecycle.prevent_destroy) {
                self.findings.push((Some(address.clone()), protected(self.view, address, "deleted")));
            }
            self.decisions.insert(address.clone(), decision);
        }
    }

    /// Whether it is kept alive, and why it goes.
    fn removal(&self, address: &Address, recorded: &Recorded) -> (bool, String) {
        let block = address.block();
        let removed =
            self.view.graph.removed.iter().find(|removed| removed.address == *address || removed.address == block);
        match removed {
            Some(removed) => (removed.retain, "listed under `[removed]`".to_owned()),
            None => (recorded.lifecycle.retain, words::vanished(self.view.graph, address)),
        }
    }

    /// A new address for the same thing is a move, never a deletion and a creation of one identity.
    fn propose_move(&mut self, address: &Address, recorded: &Recorded) -> bool {
        let Some(schema) = self.view.schema(address) else { return false };
        let live = match self.view.seen(address) {
            Seen::Live(live) => Some(live),
            Seen::Unread => None,
            Seen::Gone => return false,
        };
        let Some(name) = replace::natural_name(schema, &recorded.applied, live) else { return false };
        let same = |decision: &&Decision| {
            let change = &decision.change;
            change.action == Action::Create
                && change.address.type_name == address.type_name
                && (schema.global || change.region == recorded.region)
                && replace::natural_name(schema, &change.want, None).as_ref() == Some(&name)
        };
        let Some(to) = self.decisions.values().find(same).map(|decision| decision.change.address.clone()) else {
            return false;
        };
        let detail = format!(
            "`{address}` is no longer written and `{to}` has the same name: it would be deleted and made again"
        );
        let (from, onto) = (quoted(address), quoted(&to));
        let refusal = Diagnostic::error("looks like a move", detail, self.view.span(&to))
            .hint(format!("to keep it, add:\n[moved]\n{from} = {onto}"))
            .hint(format!(
                "to let go of the old one first, add `[removed.{from}]` and apply before you write the new one"
            ));
        self.findings.push((Some(to), refusal));
        true
    }
}

fn quoted(address: &Address) -> String {
    format!("\"{}\"", address.to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

/// The end of something recorded: deleted, left alive, or already gone.
pub(crate) fn leave(view: &View<'_>, address: &Address, recorded: &Recorded, retain: bool, reason: String) -> Decision {
    let mut change = blank(address, &recorded.region);
    let seen = view.seen(address);
    change.id = Some(recorded.id.clone()).filter(|id| !id.is_empty());
    change.place = view.span(address).and_then(|span| view.place(span));
    change.dependencies = view.used_by(address);
    change.lifecycle = recorded.lifecycle.clone();
    change.timeouts = recorded.timeouts.clone();
    change.delete_arguments = recorded.delete_arguments.clone();
    change.moved_from = view.moved_from.get(address).cloned();
    change.computed = recorded.computed.clone();
    change.observed = match seen {
        Seen::Live(live) => Some(view.hidden(live, &recorded.applied)),
        _ => None,
    };
    change.reasons = vec![reason];
    let gone = seen == Seen::Gone || change.id.is_none();
    change.action = if gone && recorded.deposed.is_empty() {
        change.reasons.push("already gone; only the state forgets it".to_owned());
        Action::Forget
    } else if retain {
        change.reasons.push("kept alive (`retain`)".to_owned());
        Action::Forget
    } else {
        change.loses = view.schema(address).and_then(|schema| schema.loses).map(str::to_owned).into_iter().collect();
        Action::Delete
    };
    Decision::plain(change)
}

/// The refusal to delete what is protected.
pub(crate) fn protected(view: &View<'_>, address: &Address, verb: &str) -> Diagnostic {
    let detail = format!("`{address}` would be {verb}, but it has `prevent_destroy`");
    Diagnostic::error("protected from deletion", detail, view.span(address))
        .hint("take `prevent_destroy` out of its `lifecycle` and apply that first")
}
