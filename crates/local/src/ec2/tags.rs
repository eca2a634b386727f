//! Tags of anything that EC2 names by an id.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::Filtered;
use super::refusals::{ENDPOINT, GROUP, GROUP_RULE, INTERFACE, Kind, SUBNET, VPC, invalid};
use super::selection::Selection;
use super::{Ec2, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const QUOTA: usize = 50;

/// The tags that a create brings along.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Specification {
    #[serde(default)]
    resource_type: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    #[serde(default)]
    key: String,
    value: Option<String>,
}

/// The tags for the one thing that a call makes.
pub(super) fn specified(all: &[Specification], kind: &str) -> Result<BTreeMap<String, String>, Refusal> {
    if let Some(other) = all.iter().find(|one| one.resource_type != kind) {
        let message = format!("'{}' is not a valid taggable resource type for this operation.", other.resource_type);
        return Err(invalid(message));
    }
    let mut found = BTreeMap::new();
    for tag in all.iter().flat_map(|one| &one.tags) {
        check(tag)?;
        if found.insert(tag.key.clone(), tag.value.clone().unwrap_or_default()).is_some() {
            return Err(invalid(format!("Duplicate tag key '{}' specified.", tag.key)));
        }
    }
    within(&found)?;
    Ok(found)
}

fn within(tags: &BTreeMap<String, String>) -> Result<(), Refusal> {
    if tags.len() <= QUOTA {
        return Ok(());
    }
    Err(Refusal::new("TagLimitExceeded", "The maximum number of tags for the resource has been reached."))
}

fn check(tag: &Tag) -> Result<(), Refusal> {
    if tag.key.is_empty() {
        return Err(invalid("Tag key cannot be null or empty"));
    }
    if tag.key.to_lowercase().starts_with("aws:") {
        return Err(invalid("Tag keys starting with 'aws:' are reserved for internal use"));
    }
    if tag.key.chars().count() > 128 {
        return Err(invalid(format!("Tag key exceeds the maximum length of 128 characters: '{}'", tag.key)));
    }
    match tag.value.as_ref().is_some_and(|value| value.chars().count() > 256) {
        true => Err(invalid("Tag value exceeds the maximum length of 256 characters")),
        false => Ok(()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    resources: Vec<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Change = read(input)?;
    asked.tags.iter().try_for_each(check)?;
    change(start::ensure(world, caller), &asked, |tags| {
        tags.extend(asked.tags.iter().map(|tag| (tag.key.clone(), tag.value.clone().unwrap_or_default())));
    })
}

/// A tag without a value goes whatever its value is; with one only if it has it.
pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Change = read(input)?;
    change(start::ensure(world, caller), &asked, |tags| {
        tags.retain(|key, value| {
            let named = |tag: &Tag| tag.key == *key && tag.value.as_ref().is_none_or(|wanted| wanted == value);
            !asked.tags.is_empty() && !asked.tags.iter().any(named)
        });
    })
}

/// Changes the tags of all resources or of none.
fn change(ec2: &mut Ec2, asked: &Change, change: impl Fn(&mut BTreeMap<String, String>)) -> Answer {
    let mut changed = ec2.clone();
    for id in &asked.resources {
        let tags = of(&mut changed, id)?;
        change(tags);
        within(tags)?;
    }
    *ec2 = changed;
    Ok(json!({}))
}

fn of<'a>(ec2: &'a mut Ec2, id: &str) -> Result<&'a mut BTreeMap<String, String>, Refusal> {
    let (kind, found): (Kind, _) = match id.split_once('-').map(|(prefix, _)| prefix) {
        Some("vpc") => (VPC, ec2.vpcs.get_mut(id).map(|one| &mut one.tags)),
        Some("subnet") => (SUBNET, ec2.subnets.get_mut(id).map(|one| &mut one.tags)),
        Some("sg") => (GROUP, ec2.groups.get_mut(id).map(|one| &mut one.tags)),
        Some("sgr") => (GROUP_RULE, ec2.rules.get_mut(id).map(|one| &mut one.tags)),
        Some("vpce") => (ENDPOINT, ec2.endpoints.get_mut(id).map(|one| &mut one.tags)),
        Some("eni") => (INTERFACE, ec2.interfaces.get_mut(id).map(|one| &mut one.tags)),
        _ => return Err(Refusal::new("InvalidID", format!("The ID '{id}' is not valid"))),
    };
    kind.check(id)?;
    found.ok_or_else(|| kind.missing(&[id]))
}

/// One tag of one thing.
struct Listed {
    key: String,
    value: String,
    id: String,
    kind: &'static str,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let selection: Selection = read(input)?;
    let ec2 = start::ensure(world, caller);
    let mut all = Vec::new();
    all.extend(ec2.vpcs.values().map(|one| (&one.id, "vpc", &one.tags)));
    all.extend(ec2.subnets.values().map(|one| (&one.id, "subnet", &one.tags)));
    all.extend(ec2.groups.values().map(|one| (&one.id, "security-group", &one.tags)));
    all.extend(ec2.rules.values().map(|one| (&one.id, "security-group-rule", &one.tags)));
    all.extend(ec2.endpoints.values().map(|one| (&one.id, "vpc-endpoint", &one.tags)));
    all.extend(ec2.interfaces.values().map(|one| (&one.id, "network-interface", &one.tags)));
    let listed = |(id, kind, tags): (&String, &'static str, &BTreeMap<String, String>)| {
        let one = |(key, value): (&String, &String)| {
            let listed = Listed { key: key.clone(), value: value.clone(), id: id.clone(), kind };
            (format!("{id}/{key}"), listed)
        };
        tags.iter().map(one).collect::<Vec<_>>()
    };
    let mut tags: Vec<_> = all.into_iter().flat_map(listed).collect();
    tags.sort_by(|one, other| one.0.cmp(&other.0));
    selection.answer(
        "Tags",
        tags,
        |tag| json!({ "Key": tag.key, "Value": tag.value, "ResourceId": tag.id, "ResourceType": tag.kind }),
    )
}

impl Filtered for Listed {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "key" => self.key.clone(),
            "value" => self.value.clone(),
            "resource-id" => self.id.clone(),
            "resource-type" => self.kind.to_owned(),
            _ => return None,
        };
        Some(vec![value])
    }
}
