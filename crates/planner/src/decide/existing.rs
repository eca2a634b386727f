//! Something recorded that lives: keep, record, move, update, finish or replace.

use std::collections::BTreeMap;

use model::{
    Action, Address, Change, Diagnostic, Health, Live, Recorded, ReplaceOrder, SecretSource, Span, Value, WrittenKind,
    expression::Entry, state::Condition,
};

use super::{Asked, Decision, Fate, Walk, computed::Wanted, naming, words};
use crate::{
    diff::{self, Comparison, Sides, path::Path, record},
    edges, replace,
};

/// The key of the innermost written entry on the way to a path.
fn written_at(arguments: &BTreeMap<String, Entry>, path: &Path) -> Option<Span> {
    let (mut entries, mut found) = (arguments, None);
    for name in path.names() {
        let Some(entry) = entries.get(&name) else { break };
        found = Some(entry.key_span);
        match &entry.value.kind {
            WrittenKind::Map(inner) => entries = inner,
            _ => break,
        }
    }
    found
}

/// A secret that is generated here is the one that lives, while its recipe stays: it is never made a second time. Where it
/// may not be read, it is the one that was last applied.
pub(super) fn keep_generated(change: &mut Change, applied: &BTreeMap<String, Value>, live: &Live) {
    for (name, residual) in &change.residuals {
        let WrittenKind::Secret(source @ SecretSource::Generate { .. }) = &residual.kind else { continue };
        let before = match applied.get(name) {
            Some(Value::Secret(before)) if before.sources.is_empty() || before.sources == [source.clone()] => {
                Some(before)
            }
            Some(Value::Secret(_)) => continue,
            _ => None,
        };
        let living = match live.attributes.get(name) {
            Some(Value::Secret(living)) => Some(living),
            Some(_) => None,
            None => before,
        };
        if let Some(living) = living.filter(|living| living.expose().is_some() || living.fingerprint.is_some()) {
            let kept = Value::Secret(living.clone().from_sources(vec![source.clone()]));
            change.want.insert(name.clone(), kept);
        }
    }
}

impl Walk<'_, '_> {
    pub(super) fn existing(&mut self, mut asked: Asked<'_>, recorded: &Recorded, live: &Live) {
        let missing_name = naming::missing(asked.schema, &asked.change.want);
        if let Some(naming) = &missing_name {
            naming.keep(&mut asked.change.want, recorded, live);
        }
        keep_generated(&mut asked.change, &recorded.applied, live);
        let comparison = self.compare(&asked, &recorded.applied, live);
        self.not_given(&asked, &comparison);
        let why = self.why_replace(&asked, recorded, live, &comparison);
        if why.is_empty() {
            return self.stays(asked, recorded, live, comparison);
        }
        let changed = comparison.changed();
        let moves_region = !asked.schema.global && recorded.region != asked.change.region;
        let mut change = asked.change;
        let mut renamed = replace::renamed(asked.schema, &changed);
        if let Some(naming) = &missing_name {
            let old = replace::natural_name(asked.schema, &recorded.applied, Some(live));
            let named = naming.generate(asked.schema, &mut change.want, old.and_then(|old| old.first().cloned()));
            named.unwrap_or_else(|unknown| self.refuse(&change.address, unknown));
            renamed = true;
        }
        change.action = Action::Replace(ReplaceOrder::DeleteFirst);
        change.id = Some(live.id.clone());
        change.reasons = why;
        change.differences = comparison.differences;
        if recorded.condition == Condition::Tainted {
            // What a failed creation has left out was changed by nobody.
            change.differences.iter_mut().for_each(|difference| difference.drifted = false);
        }
        change.loses = self.loses(&change.address);
        change.computed = self.wanted(asked.schema, &change).fresh();
        change.observed = Some(live.clone());
        let fits_beside = renamed || moves_region || replace::needs_no_name(asked.schema, &change.want);
        let decision = Decision { change, changed, fits_beside };
        self.decide(asked.schema, decision, Some(live));
    }

    /// Compares what is written with what lives.
    pub(super) fn compare(
        &self,
        asked: &Asked<'_>,
        applied: &BTreeMap<String, model::Value>,
        live: &Live,
    ) -> Comparison {
        let place = |path: &Path| self.view.place(written_at(&asked.resource.arguments, path)?);
        let mut comparison = diff::compare(&Sides {
            schema: asked.schema,
            want: &asked.change.want,
            applied,
            live,
            ignore: diff::ignored(&asked.change.lifecycle.ignore_changes),
            is_new: &|address: &Address| self.fate(address) == Fate::New,
            place: &place,
        });
        // Writing a prefix for something that has its name already changes nothing.
        if let Some((_, prefix)) =
            naming::prefix_attribute(asked.schema).filter(|(_, name)| !applied.contains_key(*name))
        {
            comparison.differences.retain(|difference| difference.path != prefix);
        }
        comparison
    }

    pub(super) fn wanted<'c>(&'c self, schema: &'c model::Schema, change: &'c Change) -> Wanted<'c> {
        Wanted {
            schema,
            address: &change.address,
            region: &change.region,
            environment: &self.view.graph.scopes.environment,
            want: &change.want,
        }
    }

    pub(super) fn loses(&self, address: &Address) -> Vec<String> {
        self.view.schema(address).and_then(|schema| schema.loses).map(str::to_owned).into_iter().collect()
    }

    fn not_given(&mut self, asked: &Asked<'_>, comparison: &Comparison) {
        for path in &comparison.not_given {
            let address = &asked.resource.address;
            let detail = format!("`{address}`: `{path}` cannot be compared, since this run was not given its value");
            let place = Path::parse(path).and_then(|path| asked.resource.arguments.get(&path.attribute()));
            let span = place.map(|entry| entry.value.span);
            self.refuse(address, Diagnostic::warning("secret not given", detail, span));
        }
    }

    /// Every reason to replace; none: it stays.
    fn why_replace(&self, asked: &Asked<'_>, recorded: &Recorded, live: &Live, comparison: &Comparison) -> Vec<String> {
        let mut why = Vec::new();
        if recorded.condition == Condition::Tainted {
            why.push("its creation failed".to_owned());
        }
        if let Health::Failed(word) = &live.health {
            why.push(format!("the service reports it as failed ({word})"));
        }
        if !asked.schema.global && recorded.region != asked.change.region {
            why.push(format!("forces replacement: region {} → {}", recorded.region, asked.change.region));
        }
        why.extend(words::forced(&comparison.differences));
        if self.view.request.replace.contains(&asked.change.address) {
            why.push("asked for by `--replace`".to_owned());
        }
        why.extend(self.belongs_to(&asked.change).map(|owner| format!("belongs to `{owner}`, which is replaced")));
        why
    }

    /// What it is a part of, when that is replaced: it goes with it.
    fn belongs_to(&self, change: &Change) -> Option<Address> {
        let replaced = |owner: &&Address| {
            self.decisions.get(*owner).is_some_and(|decision| decision.replaces().is_some())
                && edges::is_part(&change.address.type_name, &owner.type_name)
        };
        change.dependencies.iter().find(replaced).cloned()
    }

    fn stays(&mut self, asked: Asked<'_>, recorded: &Recorded, live: &Live, comparison: Comparison) {
        let Asked { schema, mut change, .. } = asked;
        let changed = comparison.changed();
        let is_recorded = self.is_recorded(schema, &change, recorded);
        change.action = if recorded.condition == Condition::Incomplete || !recorded.deposed.is_empty() {
            Action::Finish
        } else if !comparison.differences.is_empty() {
            Action::Update
        } else if change.moved_from.is_some() {
            // Whatever else the state has to catch up with: the address is part of the ownership tags.
            Action::Move
        } else if !is_recorded {
            Action::Record
        } else {
            Action::Keep
        };
        if recorded.condition == Condition::Incomplete {
            change.reasons.push("an earlier run did not finish it".to_owned());
        }
        for old in &recorded.deposed {
            change.reasons.push(format!("the old `{}` of an interrupted replacement is deleted", old.id));
        }
        change.reasons.extend(words::in_place(&comparison.differences));
        change.reasons.extend(comparison.notes.iter().cloned());
        if let Some(from) = &change.moved_from {
            change.reasons.push(format!("moved from `{from}`"));
        }
        if change.action == Action::Record && change.reasons.is_empty() {
            change.reasons.push("what is written already holds".to_owned());
        }
        self.fill(schema, &mut change, comparison, live, Some(recorded));
        self.decide(schema, Decision { change, changed, fits_beside: false }, Some(live));
    }

    /// What a change that keeps the object carries.
    pub(super) fn fill(
        &self,
        schema: &model::Schema,
        change: &mut Change,
        comparison: Comparison,
        live: &Live,
        recorded: Option<&Recorded>,
    ) {
        let changed = comparison.changed();
        change.id = Some(live.id.clone());
        change.differences = comparison.differences;
        change.want = comparison.want;
        change.reset = comparison.reset;
        change.cleared = comparison.cleared;
        change.dropped = comparison.dropped;
        change.computed = self.wanted(schema, change).kept(live, recorded, &changed);
        if change.action != Action::Keep {
            change.observed = Some(live.clone());
        }
        change
            .residuals
            .retain(|name, _| change.want.get(name).is_some_and(|value| !value.is_known() || value.has_secret()));
    }

    fn is_recorded(&self, schema: &model::Schema, change: &Change, recorded: &Recorded) -> bool {
        let ignore = diff::ignored(&change.lifecycle.ignore_changes);
        record::is_recorded(schema, &change.want, &recorded.applied, &ignore)
            && change.delete_arguments == recorded.delete_arguments
            && change.dependencies == recorded.dependencies
            && change.lifecycle == recorded.lifecycle
            && change.timeouts == recorded.timeouts
    }
}
