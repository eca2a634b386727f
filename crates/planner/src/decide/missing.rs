//! Something that the state does not hold: create, import, adopt, or finish what an interrupted run has made.

use std::collections::BTreeMap;

use model::{Action, Diagnostic, Live, Recorded, ReplaceOrder, Value, observed::ownership};

use super::{Asked, Decision, Walk, existing::keep_generated, naming, words};
use crate::{diff::Comparison, evaluate::known_text, replace, view::Seen};

/// What stands under the natural name already.
enum Namesake {
    /// Made for this address by an earlier run of this state.
    Ours,
    /// Nobody's.
    Untagged,
    /// Somebody's, in words.
    Foreign(String),
}

impl Walk<'_, '_> {
    /// `reasons`: why it is not there, when it once was.
    pub(super) fn missing(&mut self, mut asked: Asked<'_>, reasons: Vec<String>) {
        let address = asked.change.address.clone();
        asked.change.reasons = reasons;
        if self.view.graph.imports.contains_key(&address) && asked.change.reasons.is_empty() {
            return self.import(asked);
        }
        if let Some(naming) = naming::missing(asked.schema, &asked.change.want) {
            let named = naming.generate(asked.schema, &mut asked.change.want, None);
            named.unwrap_or_else(|unknown| self.refuse(&address, unknown));
        }
        let namesake = self.view.observed.namesakes.get(&address);
        match namesake.filter(|live| self.holder(&asked, live).is_none()) {
            None => self.create(asked),
            Some(live) => {
                let live = &self.view.hidden(live, &asked.change.want);
                keep_generated(&mut asked.change, &BTreeMap::new(), live);
                match self.whose(&asked, live) {
                    Namesake::Ours => self.finish(asked, live),
                    Namesake::Untagged if asked.change.lifecycle.adopt => self.take(asked, live, Action::Adopt),
                    Namesake::Untagged => self.exists(asked, live, "it has no tags of groma"),
                    Namesake::Foreign(words) => self.exists(asked, live, &words),
                }
            }
        }
    }

    /// The recorded resource that a live one is.
    pub(super) fn holder(&self, asked: &Asked<'_>, live: &Live) -> Option<(&model::Address, &Recorded)> {
        let same = |(address, recorded): &(&model::Address, &Recorded)| {
            **address != asked.change.address
                && recorded.type_name == asked.change.address.type_name
                && recorded.id == live.id
                && (asked.schema.global || recorded.region == asked.change.region)
        };
        self.view.recorded.iter().find(same)
    }

    fn create(&mut self, asked: Asked<'_>) {
        let Asked { schema, mut change, .. } = asked;
        change.action = Action::Create;
        if let Some(from) = &change.moved_from {
            change.reasons.push(format!("moved from `{from}`"));
        }
        let old = self.view.recorded.get(&change.address).map(|recorded| recorded.deposed.as_slice());
        for old in old.unwrap_or_default() {
            change.reasons.push(format!("the old `{}` of an interrupted replacement is deleted", old.id));
        }
        change.computed = self.wanted(schema, &change).fresh();
        self.decide(schema, Decision::plain(change), None);
    }

    fn whose(&self, asked: &Asked<'_>, live: &Live) -> Namesake {
        let tag = |key: &str| live.ownership.get(key).map(String::as_str);
        let (lineage, address) = (tag(ownership::LINEAGE), tag(ownership::ADDRESS));
        match (lineage, address) {
            (None, None) if live.ownership.is_empty() => Namesake::Untagged,
            (Some(lineage), Some(address)) if lineage == self.view.state.lineage => {
                if address == ownership::address_tag(&asked.change.address) {
                    Namesake::Ours
                } else {
                    Namesake::Foreign(format!("its tags name `{address}` of this environment"))
                }
            }
            _ => Namesake::Foreign(match tag(ownership::ENVIRONMENT) {
                Some(environment) => format!("its tags name environment `{environment}`, another state"),
                None => "its tags name another state of groma".to_owned(),
            }),
        }
    }

    fn exists(&mut self, asked: Asked<'_>, live: &Live, whose: &str) {
        let address = asked.change.address.clone();
        let detail = format!("`{address}` is to be created, but `{}` exists: {whose}", live.id);
        let span = Some(asked.resource.span);
        let untagged = live.ownership.is_empty();
        let mut refusal = Diagnostic::error("name already taken", detail, span)
            .hint("if an earlier run of this environment made it: `groma state recover`")
            .hint(format!(
                "if it is not ours: give `{address}` another name, or take it over with `[import.\"{}\"]` and `id = \"{}\"`",
                address.to_string().replace('"', "\\\""),
                live.id
            ));
        if untagged {
            refusal = refusal.hint("`lifecycle = { adopt = true }` takes over an untagged one");
        }
        self.refuse(&address, refusal);
        self.create(asked);
    }

    /// Goes on with what carries our tags for this very address.
    fn finish(&mut self, asked: Asked<'_>, live: &Live) {
        let comparison = self.compare(&asked, &BTreeMap::new(), live);
        let why = words::forced(&comparison.differences);
        let Asked { schema, mut change, .. } = asked;
        change.reasons.push("made by an earlier run that did not finish".to_owned());
        let changed = comparison.changed();
        if let Some(why) = why {
            change.action = Action::Replace(ReplaceOrder::DeleteFirst);
            change.reasons.push(why);
            change.id = Some(live.id.clone());
            change.differences = comparison.differences;
            change.loses = self.loses(&change.address);
            change.computed = self.wanted(schema, &change).fresh();
            change.observed = Some(live.clone());
            let fits_beside = replace::renamed(schema, &changed) || replace::needs_no_name(schema, &change.want);
            return self.decide(schema, Decision { change, changed, fits_beside }, Some(live));
        }
        change.action = Action::Finish;
        change.reasons.extend(words::in_place(&comparison.differences));
        self.fill(schema, &mut change, comparison, live, None);
        self.decide(schema, Decision { change, changed, fits_beside: false }, Some(live));
    }

    /// Makes an existing one ours: import and adoption never replace.
    fn take(&mut self, asked: Asked<'_>, live: &Live, action: Action) {
        let mut comparison = self.compare(&asked, &BTreeMap::new(), live);
        let unseen = take_unseen(&asked, &mut comparison);
        let forcing: Vec<&str> = comparison.forcing().collect();
        if !forcing.is_empty() {
            let address = asked.change.address.clone();
            let detail = format!(
                "`{}` differs from `{address}` in what cannot change in place: `{}`",
                live.id,
                forcing.join("`, `")
            );
            let span = Some(asked.resource.span);
            let refusal = Diagnostic::error("would be replaced instead of taken over", detail, span)
                .hint("write these attributes as they are on AWS, or give the resource another name");
            self.refuse(&address, refusal);
        }
        let is_tagged = matches!(self.whose(&asked, live), Namesake::Ours);
        let Asked { schema, mut change, .. } = asked;
        let changed = comparison.changed();
        change.action = action;
        change.reasons.push(match action {
            Action::Adopt => format!("takes over `{}` (`lifecycle.adopt`)", live.id),
            _ => format!("imports `{}`", live.id),
        });
        if schema.taggable && !is_tagged {
            change.reasons.push("sets groma's ownership tags".to_owned());
        }
        change.reasons.extend(words::unseen(&unseen));
        change.reasons.extend(words::in_place(&comparison.differences));
        self.fill(schema, &mut change, comparison, live, None);
        self.decide(schema, Decision { change, changed, fits_beside: false }, Some(live));
    }

    fn import(&mut self, mut asked: Asked<'_>) {
        let address = asked.change.address.clone();
        let Some(import) = self.view.graph.imports.get(&address) else { return };
        let id = match known_text(self.evaluator, "id to import", &import.id) {
            Ok(id) => id.unwrap_or_default(),
            Err(mistakes) => {
                mistakes.into_iter().for_each(|mistake| self.refuse(&address, mistake));
                return self.create(asked);
            }
        };
        let Seen::Live(live) = self.view.seen(&address) else {
            if self.view.state.has_replaced(&address, &id) {
                return self.missing(asked, vec![format!("an interrupted replacement has deleted `{id}`")]);
            }
            let detail = format!("there is no `{id}` to import as `{address}`; it expects {}", asked.schema.import_id);
            self.refuse(&address, Diagnostic::error("nothing to import", detail, Some(import.span)));
            return self.create(asked);
        };
        let live = &self.view.hidden(live, &asked.change.want);
        if let Some((holder, _)) = self.holder(&asked, live) {
            let detail = format!("`{id}` is recorded as `{holder}` already");
            let hint = format!("to rename it: `[moved]` with `\"{holder}\" = \"{address}\"`");
            self.refuse(&address, Diagnostic::error("already managed", detail, Some(import.span)).hint(hint));
            return self.create(asked);
        }
        if live.ownership.get(ownership::LINEAGE).is_some_and(|lineage| *lineage != self.view.state.lineage) {
            let detail = format!("`{id}` carries the tags of another state, which may still manage it");
            self.refuse(
                &address,
                Diagnostic::warning("import of something managed elsewhere", detail, Some(import.span)),
            );
        }
        if let Some(naming) = naming::missing(asked.schema, &asked.change.want) {
            naming.keep(&mut asked.change.want, &Recorded::default(), live);
        }
        keep_generated(&mut asked.change, &BTreeMap::new(), live);
        self.take(asked, live, Action::Import);
    }
}

/// Whether a value is known and can be recorded: of a secret that has its fingerprint.
pub(crate) fn is_settled(value: &Value) -> bool {
    let mut lost =
        |leaf: &Value| matches!(leaf, Value::Secret(it) if it.fingerprint.is_none() && it.expose().is_some());
    value.is_known() && !value.any(&mut lost)
}

/// What nobody can read, such as a password, is taken to be as it is written: to take something over changes nothing of it.
/// Gives the names. A value that is still to come would be sent, so it stays a difference.
fn take_unseen(asked: &Asked<'_>, comparison: &mut Comparison) -> Vec<String> {
    let unseen = |name: &str| {
        asked.schema.attribute(name).is_some_and(|spec| spec.write_only)
            && asked.change.want.get(name).is_some_and(is_settled)
    };
    let (taken, shown): (Vec<_>, Vec<_>) =
        std::mem::take(&mut comparison.differences).into_iter().partition(|one| unseen(&one.path));
    comparison.differences = shown;
    taken.into_iter().map(|difference| difference.path).collect()
}
