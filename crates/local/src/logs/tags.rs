//! Tags of log groups, by the newer calls (by ARN) and the older ones (by name).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{self, Group};
use super::refusals::{invalid, no_group};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 50;

/// Adds tags, or refuses them all.
pub(super) fn add(group: &mut Group, tags: BTreeMap<String, String>) -> Result<(), Refusal> {
    if tags.keys().any(|key| key.to_lowercase().starts_with("aws:")) {
        return Err(invalid("aws: prefixed tag key names are not allowed for external use."));
    }
    let mut all = group.tags.clone();
    all.extend(tags);
    if all.len() > MOST {
        let message = format!("The number of tags exceeds the limit of {MOST} for a resource.");
        let mut refusal = Refusal::new("TooManyTagsException", message);
        refusal.members.insert("resourceName".to_owned(), json!(group.arn));
        return Err(refusal);
    }
    group.tags = all;
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfResource {
    resource_arn: String,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    tag_keys: Vec<String>,
}

impl OfResource {
    fn group<'a>(&self, world: &'a mut World, caller: &Caller) -> Result<&'a mut Group, Refusal> {
        if !self.resource_arn.starts_with("arn:") {
            return Err(invalid("The specified resource ARN is not valid."));
        }
        group::identified(world, caller, &self.resource_arn).map_err(|_| no_group())
    }
}

pub(super) fn tag_resource(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut change: OfResource = read(input)?;
    let tags = std::mem::take(&mut change.tags);
    add(change.group(world, caller)?, tags)?;
    Ok(json!({}))
}

pub(super) fn untag_resource(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: OfResource = read(input)?;
    change.group(world, caller)?.tags.retain(|key, _| !change.tag_keys.contains(key));
    Ok(json!({}))
}

pub(super) fn list_for_resource(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: OfResource = read(input)?;
    Ok(json!({ "tags": asked.group(world, caller)?.tags }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfGroup {
    log_group_name: String,
}

#[derive(Deserialize)]
struct Added {
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Removed {
    tags: Vec<String>,
}

pub(super) fn tag_group(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let OfGroup { log_group_name } = read(input)?;
    let Added { tags } = read(input)?;
    add(group::named(world, caller, &log_group_name)?, tags)?;
    Ok(json!({}))
}

pub(super) fn untag_group(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let OfGroup { log_group_name } = read(input)?;
    let Removed { tags } = read(input)?;
    group::named(world, caller, &log_group_name)?.tags.retain(|key, _| !tags.contains(key));
    Ok(json!({}))
}

pub(super) fn list_of_group(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let OfGroup { log_group_name } = read(input)?;
    Ok(json!({ "tags": group::named(world, caller, &log_group_name)?.tags }))
}
