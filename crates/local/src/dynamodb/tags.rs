//! Tags of a table.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::{limit, parameter};
use super::{Table, names};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 50;

/// Each change of tags locks them for so long.
const LOCK: SignedDuration = SignedDuration::from_millis(1700);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags after adding some to those that stand, or AWS's refusal.
pub(super) fn accepted(new: &[Tag], old: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    if new.iter().any(|tag| tag.key.to_lowercase().starts_with("aws:")) {
        return Err(parameter("aws: prefixed tag key names are not allowed for external use."));
    }
    let mut tags = BTreeMap::new();
    for tag in new {
        if tags.insert(tag.key.clone(), tag.value.clone()).is_some() {
            return Err(parameter(format!("Duplicate tag key: {}", tag.key)));
        }
    }
    let mut all = old.clone();
    all.extend(tags);
    if all.len() > MOST { Err(parameter(format!("Too many tags: the limit is {MOST}"))) } else { Ok(all) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    resource_arn: String,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    tag_keys: Vec<String>,
}

pub(super) fn tag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: Change = read(input)?;
    let now = world.now();
    let table = names::resource(world, caller, &change.resource_arn)?;
    let tags = accepted(&change.tags, &table.tags)?;
    table.write_tags(now, tags)
}

pub(super) fn untag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: Change = read(input)?;
    let now = world.now();
    let table = names::resource(world, caller, &change.resource_arn)?;
    let mut tags = table.tags.clone();
    tags.retain(|key, _| !change.tag_keys.contains(key));
    table.write_tags(now, tags)
}

impl Table {
    fn write_tags(&mut self, now: Timestamp, tags: BTreeMap<String, String>) -> Answer {
        if self.tags == tags {
            return Ok(json!({}));
        }
        if self.tags_locked_until.is_some_and(|until| until > now) {
            return Err(limit(format!("Subscriber limit exceeded: Table tags are being updated: {}", self.name)));
        }
        self.tags = tags;
        self.tags_locked_until = Some(now + LOCK);
        Ok(json!({}))
    }
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Change = read(input)?;
    let table = names::resource(world, caller, &asked.resource_arn)?;
    let tags = table.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(json!({ "Tags": tags.collect::<Vec<_>>() }))
}
