//! The same tags on many resources, shown once.

use std::collections::{BTreeMap, BTreeSet};

use model::{Action, Address, Change, Plan, Value, observed::ownership, plan::Difference, words::count};

use super::{
    action,
    change::Block,
    entry::{Entry, Shown, lay},
};
use crate::{
    clean::key,
    lines::{Line, Piece, Sign},
    style::Tone,
};

/// From this many resources on, a tag is shown once.
const MANY: usize = 3;
/// Of more resources than this only the first are named.
const NAMED: usize = 12;

/// One tag that changes the same way: key, before, after (as JSON, for comparing).
type Same = (String, String, String);

/// Tags that are the same on many resources.
#[derive(Default)]
pub(crate) struct Shared {
    changed: BTreeMap<Same, (Value, Value, BTreeSet<Address>)>,
    created: BTreeMap<Same, (Value, BTreeSet<Address>)>,
}

/// A difference of one tag: its key.
fn tag_key(path: &str) -> Option<String> {
    if let Some(bracket) = path.strip_prefix("tags[") {
        return serde_json::from_str(bracket.strip_suffix(']')?).ok();
    }
    path.strip_prefix("tags.").map(|name| name.trim_matches('"').to_owned())
}

/// Differences with `tags` split by key, and without tags of our own.
pub(crate) fn split(differences: &[Difference]) -> Vec<Difference> {
    let empty = BTreeMap::new();
    let mut split = Vec::new();
    for difference in differences {
        let side = |value: &Value| value.as_map().cloned().or_else(|| value.is_null().then(|| empty.clone()));
        match (difference.path.as_str(), side(&difference.before), side(&difference.after)) {
            ("tags", Some(before), Some(after)) => {
                let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                split.extend(keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).map(|name| {
                    Difference {
                        path: format!("tags[{}]", serde_json::Value::from(name.as_str())),
                        before: before.get(name).cloned().unwrap_or_default(),
                        after: after.get(name).cloned().unwrap_or_default(),
                        ..difference.clone()
                    }
                }));
            }
            _ => split.push(difference.clone()),
        }
    }
    split.retain(|difference| !tag_key(&difference.path).is_some_and(|key| key.starts_with(ownership::PREFIX)));
    split
}

fn same(name: &str, before: &Value, after: &Value) -> Same {
    let text = |value: &Value| serde_json::to_string(value).unwrap_or_default();
    (name.to_owned(), text(before), text(after))
}

fn is_new(action: Action) -> bool {
    matches!(action, Action::Create)
}

/// The tags a new resource is to have, without ours.
pub(crate) fn wanted(change: &Change) -> impl Iterator<Item = (&String, &Value)> {
    let tags = change.want.get("tags").and_then(Value::as_map);
    tags.into_iter().flatten().filter(|(key, _)| !key.starts_with(ownership::PREFIX))
}

/// Finds what is the same on many.
pub(crate) fn shared(plan: &Plan) -> Shared {
    let mut shared = Shared::default();
    for change in plan.shown() {
        if is_new(change.action) {
            for (name, value) in wanted(change) {
                let entry = shared.created.entry(same(name, &Value::Null, value));
                entry.or_insert_with(|| (value.clone(), BTreeSet::new())).1.insert(change.address.clone());
            }
        } else if change.action == Action::Update {
            for Difference { path, before, after, .. } in split(&change.differences) {
                if let Some(name) = tag_key(&path) {
                    let entry = shared.changed.entry(same(&name, &before, &after));
                    entry.or_insert_with(|| (before, after, BTreeSet::new())).2.insert(change.address.clone());
                }
            }
        }
    }
    shared.changed.retain(|_, (_, _, addresses)| addresses.len() >= MANY);
    shared.created.retain(|_, (_, addresses)| addresses.len() >= MANY);
    shared
}

impl Shared {
    /// Whether this tag difference is shown once for all.
    pub(crate) fn covers(&self, difference: &Difference) -> bool {
        tag_key(&difference.path)
            .is_some_and(|name| self.changed.contains_key(&same(&name, &difference.before, &difference.after)))
    }

    /// Whether this tag of a new resource is shown once for all.
    pub(crate) fn covers_new(&self, name: &str, value: &Value) -> bool {
        self.created.contains_key(&same(name, &Value::Null, value))
    }

    /// One block for each set of resources that share tags.
    pub(crate) fn blocks(&self, room: usize) -> Vec<Block> {
        let mut created: BTreeMap<&BTreeSet<Address>, Vec<Entry>> = BTreeMap::new();
        for ((name, ..), (value, addresses)) in &self.created {
            let entry = Entry::new(Sign::None, key(name), Shown::Value(value.clone()));
            created.entry(addresses).or_default().push(entry);
        }
        let mut changed: BTreeMap<&BTreeSet<Address>, Vec<Entry>> = BTreeMap::new();
        for ((name, ..), (before, after, addresses)) in &self.changed {
            let (sign, shown) = match (before, after) {
                (Value::Null, value) => (Sign::Added, Shown::Value(value.clone())),
                (value, Value::Null) => (Sign::Removed, Shown::Value(value.clone())),
                _ => (Sign::Changed, Shown::Change(before.clone(), after.clone())),
            };
            changed.entry(addresses).or_default().push(Entry::new(sign, key(name), shown));
        }
        let new = created.into_iter().map(|(on, tags)| block(Action::Create, on, tags, room));
        new.chain(changed.into_iter().map(|(on, tags)| block(Action::Update, on, tags, room))).collect()
    }
}

fn block(action: Action, on: &BTreeSet<Address>, tags: Vec<Entry>, room: usize) -> Block {
    let kind = if is_new(action) { "new resource" } else { "resource" };
    let mut named: Vec<Piece> = Vec::new();
    for (index, address) in on.iter().take(NAMED).enumerate() {
        named.push(Piece::quiet(if index == 0 { "on " } else { ", " }));
        named.push(Piece::whole(Tone::Quiet, address.to_string()));
    }
    if on.len() > NAMED {
        named.push(Piece::quiet(format!(" and {} more", on.len() - NAMED)));
    }
    Block {
        mark: action.mark(),
        tone: action::tone(action),
        address: format!("tags of {}", count(on.len(), kind)),
        words: String::new(),
        about: vec![Line::new(named)],
        rows: lay(tags, room),
    }
}
