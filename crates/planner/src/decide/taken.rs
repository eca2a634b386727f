//! Names that more than one resource wants, or that something else of this environment still has.

use std::collections::BTreeMap;

use model::{Action, Address, Diagnostic, Value};

use super::Walk;
use crate::replace;

impl Walk<'_, '_> {
    /// Refuses two resources of one name, and a new one whose name a recorded one keeps.
    pub(super) fn taken_names(&mut self) {
        self.wanted_twice();
        self.still_held();
    }

    fn wanted_twice(&mut self) {
        let mut owners: BTreeMap<String, Address> = BTreeMap::new();
        let mut refusals = Vec::new();
        for decision in self.decisions.values() {
            let change = &decision.change;
            let written = self.view.graph.resources.contains_key(&change.address);
            let schema = self.view.schema(&change.address).filter(|schema| written && !schema.revisions);
            let Some((schema, name)) =
                schema.and_then(|schema| Some((schema, replace::natural_name(schema, &change.want, None)?)))
            else {
                continue;
            };
            let region = if schema.global { "" } else { &change.region };
            let key = format!("{} {region} {}", schema.name, shown(&name));
            if let Some(first) = owners.get(&key) {
                let detail = format!("`{first}` and `{}` both want the name {}", change.address, shown(&name));
                let span = self.view.span(&change.address);
                refusals.push((change.address.clone(), Diagnostic::error("one name for two resources", detail, span)));
            } else {
                owners.insert(key, change.address.clone());
            }
        }
        refusals.into_iter().for_each(|(address, refusal)| self.refuse(&address, refusal));
    }

    /// A namesake that is recorded under another address must go in this plan.
    fn still_held(&mut self) {
        let mut refusals = Vec::new();
        for (address, live) in &self.view.observed.namesakes {
            let Some(decision) = self.decisions.get(address) else { continue };
            if !matches!(decision.change.action, Action::Create | Action::Replace(_))
                || decision.change.id.as_ref() == Some(&live.id)
            {
                continue;
            }
            let holder = self.view.recorded.iter().find(|(other, recorded)| {
                *other != address && recorded.type_name == address.type_name && recorded.id == live.id
            });
            let stays = |holder: &Address| {
                self.decisions
                    .get(holder)
                    .is_some_and(|decision| !matches!(decision.change.action, Action::Delete | Action::Replace(_)))
            };
            let proposed = |holder: &Address| !self.decisions.contains_key(holder);
            let words = match holder {
                Some((holder, _)) if proposed(holder) => continue,
                Some((holder, _)) if stays(holder) => format!("it is `{holder}` of this environment"),
                Some(_) => continue,
                None if decision.change.action == Action::Create => continue,
                None => "its new name is in use".to_owned(),
            };
            let detail = format!("`{address}` is to be created, but `{}` exists: {words}", live.id);
            let refusal = Diagnostic::error("name already taken", detail, self.view.span(address))
                .hint(format!("give `{address}` another name"));
            refusals.push((address.clone(), refusal));
        }
        refusals.into_iter().for_each(|(address, refusal)| self.refuse(&address, refusal));
    }
}

fn shown(name: &[Value]) -> String {
    let parts: Vec<String> =
        name.iter().map(|part| part.as_text().map_or_else(|| format!("{part:?}"), str::to_owned)).collect();
    format!("`{}`", parts.join("/"))
}
