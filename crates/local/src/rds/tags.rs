//! Tags of every kind of resource, by ARN.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::given::{required, text, texts};
use super::refusals::{invalid, no_instance, no_parameter_group, no_snapshot, no_subnet_group};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Tags per resource.
const LIMIT: usize = 50;

/// The tags of a create request, checked.
pub(super) fn given(input: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    with(BTreeMap::new(), input)
}

fn with(mut tags: BTreeMap<String, String>, input: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    for tag in input["Tags"].as_array().into_iter().flatten() {
        let key = text(tag, "Key").unwrap_or_default();
        let value = text(tag, "Value").unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(invalid("Tag keys have 1 to 128 characters, tag values at most 256."));
        }
        if key.starts_with("aws:") || key.starts_with("rds:") {
            return Err(invalid("Tag keys cannot start with 'aws:' or 'rds:'."));
        }
        let fits = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || " _.:/=+-@".contains(letter));
        if !fits(key) || !fits(value) {
            return Err(invalid(format!("The tag {key} holds characters that are not allowed.")));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    match tags.len() > LIMIT {
        true => Err(invalid("The number of tags exceeds the limit of 50.")),
        false => Ok(tags),
    }
}

/// Tags as a list of the wire.
pub(super) fn listed(tags: Option<&BTreeMap<String, String>>) -> Value {
    tags.into_iter().flatten().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

pub(super) fn add(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    let held = world.region(caller).rds.tags.get(&arn).cloned().unwrap_or_default();
    let tags = with(held, input)?;
    world.region(caller).rds.tags.insert(arn, tags);
    Ok(json!({}))
}

pub(super) fn remove(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    let keys = texts(input, "TagKeys").unwrap_or_default();
    if let Some(tags) = world.region(caller).rds.tags.get_mut(&arn) {
        tags.retain(|key, _| !keys.contains(key));
    }
    Ok(json!({}))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    Ok(json!({ "TagList": listed(world.region(caller).rds.tags.get(&arn)) }))
}

/// The ARN of something that is there.
fn existing(world: &mut World, caller: &Caller, input: &Value) -> Result<String, Refusal> {
    let given = required(input, "ResourceName")?;
    let prefix = super::arn(caller, "", "");
    let rest = given.strip_prefix(prefix.trim_end_matches(':')).and_then(|rest| rest.strip_prefix(':'));
    let Some((kind, name)) = rest.and_then(|rest| rest.split_once(':')) else {
        return Err(invalid(format!("Invalid resource name: {given}")));
    };
    let rds = &world.region(caller).rds;
    let (there, missing) = match kind {
        "db" => (rds.instances.contains_key(name), no_instance(name)),
        "snapshot" => (rds.snapshots.contains_key(name), no_snapshot(name)),
        "subgrp" => (rds.subnet_groups.contains_key(name), no_subnet_group(name)),
        "pg" => (rds.parameter_groups.contains_key(name), no_parameter_group(name)),
        _ => (false, invalid(format!("Invalid resource name: {given}"))),
    };
    if there { Ok(given.to_owned()) } else { Err(missing) }
}
