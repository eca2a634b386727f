//! Collections that are ours key by key: keys nobody wrote are left alone.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Attribute, Kind, Value,
    fault::{Fault, is_planted},
};

use super::{
    NULL, Three, Walk,
    compare::{self, Rule},
    path::Path,
};

impl Walk<'_> {
    /// Compares the written keys; what was applied and is no longer written is dropped where it still lives.
    pub(super) fn per_key(&mut self, spec: &Attribute, member: &str, path: &Path, three: Three<'_>, replacing: bool) {
        let (want, live) = (by_key(three.want, member), by_key(three.live, member));
        let applied = three.applied.map(|applied| by_key(applied, member)).unwrap_or_default();
        let rule = inner(Rule::of(spec));
        for (key, value) in &want {
            let inside = three.at(Some(value), live.get(key).copied(), applied.get(key).copied());
            let likeness = compare::value(rule, inside.want, inside.live);
            self.differ(rule, &path.key(key), inside, likeness, replacing);
        }
        let ours = if is_planted(Fault::ForeignTagTaken) { &live } else { &applied };
        let dropped = ours.keys().filter(|key| !want.contains_key(*key)).cloned().collect();
        self.drop_keys(path, &live, dropped);
    }

    /// Drops keys that were applied, where they still live.
    pub(super) fn drop_keys(&mut self, path: &Path, live: &BTreeMap<String, &Value>, keys: BTreeSet<String>) {
        for key in keys {
            let at = path.key(&key);
            if let Some(value) = live.get(&key).filter(|value| !value.is_null() && !self.is_ignored(&at)) {
                let gone = Three { want: NULL, live: value, applied: None, certain: true };
                self.leaf(
                    Rule { kind: &Kind::Any, compare: model::schema::Compare::Exact },
                    &at,
                    gone,
                    compare::Likeness::Differs,
                    false,
                );
                self.found.dropped.entry(path.to_string()).or_default().insert(key);
            }
        }
    }
}

/// The kind of one element.
fn inner(rule: Rule<'_>) -> Rule<'_> {
    match rule.kind {
        Kind::Map(inner) | Kind::List(inner) | Kind::Set(inner) => rule.inner(inner),
        _ => rule,
    }
}

/// The elements by key: a map's own, or a member's text of each object in a list.
pub(super) fn by_key<'a>(collection: &'a Value, member: &str) -> BTreeMap<String, &'a Value> {
    match collection {
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::List(items) => {
            items.iter().filter_map(|item| Some((item.as_map()?.get(member)?.as_text()?.to_owned(), item))).collect()
        }
        _ => BTreeMap::new(),
    }
}
