//! Tags of repositories.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::refusals::{self, invalid};
use super::{Repository, arn};
use crate::input;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Tags a repository may have.
const TAGS: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags there are with those asked for, or a refusal.
pub(super) fn merged(held: &BTreeMap<String, String>, asked: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut given = BTreeMap::new();
    for Tag { key, value } in asked {
        check(&key, &value)?;
        if given.insert(key.clone(), value).is_some() {
            return Err(bad_tag(format!("Duplicate tag key: '{key}'")));
        }
    }
    let mut merged = held.clone();
    merged.extend(given);
    if merged.len() > TAGS {
        let message = "The list of tags on the repository is over the limit. The maximum number of tags that can be applied \
                       to a repository is 50.";
        return Err(Refusal::new("TooManyTagsException", message));
    }
    Ok(merged)
}

fn check(key: &str, value: &str) -> Result<(), Refusal> {
    let allowed = |text: &str| {
        text.chars().all(|letter| letter.is_alphanumeric() || " _.:/=+-@".contains(letter) || letter.is_whitespace())
    };
    if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
        let message = "Tag keys can have a maximum character length of 128 characters, and tag values can have a maximum \
                       length of 256 characters.";
        return Err(bad_tag(message));
    }
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(bad_tag("Tag keys beginning with 'aws:' are reserved for system use"));
    }
    if !allowed(key) || !allowed(value) {
        return Err(bad_tag(format!("The tag '{key}' contains invalid characters")));
    }
    Ok(())
}

fn bad_tag(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidTagParameterException", message)
}

#[derive(Deserialize)]
struct TagResource {
    tags: Vec<Tag>,
}

pub(super) fn tag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: TagResource = input::read(input)?;
    let held = by_arn(world, caller, input)?;
    held.tags = merged(&held.tags, asked.tags)?;
    Ok(json!({}))
}

pub(super) fn untag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = by_arn(world, caller, input)?;
    for key in input["tagKeys"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        held.tags.remove(key);
    }
    Ok(json!({}))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = by_arn(world, caller, input)?;
    let tags: Vec<_> = held.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    Ok(json!({ "tags": tags }))
}

fn by_arn<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Repository, Refusal> {
    let asked = input["resourceArn"].as_str().unwrap_or_default();
    let own = arn(caller, "");
    let name = asked.strip_prefix(own.as_str()).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| invalid("resourceArn", "Invalid ARN"))?;
    world.region(caller).ecr.repositories.get_mut(name).ok_or_else(|| refusals::no_repository(caller, name))
}
