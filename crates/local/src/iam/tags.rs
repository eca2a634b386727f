//! Tags of roles and policies: unique whatever their case, kept as written.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::page::Paging;
use super::refusals::{invalid_input, limit_exceeded, no_policy};
use super::{Iam, managed};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 50;

/// A tag of an IAM object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// Refuses tags that IAM refuses: reserved keys, and keys that differ only in case.
pub(super) fn check(tags: &[Tag]) -> Result<(), Refusal> {
    for (index, tag) in tags.iter().enumerate() {
        let key = tag.key.to_lowercase();
        if key.starts_with("aws:") {
            return Err(invalid_input("Tag keys beginning with 'aws:' are reserved for system use."));
        }
        if tags[..index].iter().any(|other| other.key.to_lowercase() == key) {
            return Err(invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
        }
    }
    Ok(())
}

fn put(tags: &mut Vec<Tag>, new: Vec<Tag>) -> Result<(), Refusal> {
    check(&new)?;
    let mut merged = tags.clone();
    for tag in new {
        match merged.iter_mut().find(|old| same(&old.key, &tag.key)) {
            Some(old) => *old = tag,
            None => merged.push(tag),
        }
    }
    if merged.len() > MOST {
        return Err(limit_exceeded("The number of tags has reached the maximum limit."));
    }
    *tags = merged;
    Ok(())
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn remove(tags: &mut Vec<Tag>, keys: &[String]) {
    tags.retain(|tag| !keys.iter().any(|key| same(key, &tag.key)));
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    role_name: Option<String>,
    policy_arn: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    tag_keys: Vec<String>,
    #[serde(flatten)]
    paging: Paging,
}

impl Change {
    fn of_role<'a>(&self, iam: &'a mut Iam) -> Result<&'a mut Vec<Tag>, Refusal> {
        Ok(&mut iam.role_mut(self.role_name.as_deref().unwrap_or_default())?.tags)
    }

    fn of_policy<'a>(&self, iam: &'a mut Iam) -> Result<&'a mut Vec<Tag>, Refusal> {
        let arn = self.policy_arn.as_deref().unwrap_or_default();
        managed::refuse_malformed(arn)?;
        iam.policies.get_mut(arn).map(|policy| &mut policy.tags).ok_or_else(|| no_policy(arn))
    }

    fn listed(&self, tags: &[Tag]) -> Answer {
        self.paging.answer("Tags", tags.iter().enumerate().map(|(i, tag)| (format!("{i:02}"), json!(tag))).collect())
    }
}

pub(super) fn tag_role(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut change: Change = read(input)?;
    let new = std::mem::take(&mut change.tags);
    put(change.of_role(&mut world.account(caller).iam)?, new)?;
    Ok(json!({}))
}

pub(super) fn untag_role(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: Change = read(input)?;
    remove(change.of_role(&mut world.account(caller).iam)?, &change.tag_keys);
    Ok(json!({}))
}

pub(super) fn list_role(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Change = read(input)?;
    asked.listed(asked.of_role(&mut world.account(caller).iam)?)
}

pub(super) fn tag_policy(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut change: Change = read(input)?;
    let new = std::mem::take(&mut change.tags);
    put(change.of_policy(&mut world.account(caller).iam)?, new)?;
    Ok(json!({}))
}

pub(super) fn untag_policy(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: Change = read(input)?;
    remove(change.of_policy(&mut world.account(caller).iam)?, &change.tag_keys);
    Ok(json!({}))
}

pub(super) fn list_policy(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Change = read(input)?;
    asked.listed(asked.of_policy(&mut world.account(caller).iam)?)
}
