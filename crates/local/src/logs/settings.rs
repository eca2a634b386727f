//! Encryption key and deletion protection of a group.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{self, Group};
use super::refusals::invalid;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyChange {
    log_group_name: Option<String>,
    resource_identifier: Option<String>,
    kms_key_id: Option<String>,
}

pub(super) fn associate_key(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut change: KeyChange = read(input)?;
    let key = change.kms_key_id.take();
    key.as_deref().map_or(Ok(()), check_key)?;
    change.group(world, caller)?.key = key;
    Ok(json!({}))
}

pub(super) fn disassociate_key(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: KeyChange = read(input)?;
    change.group(world, caller)?.key = None;
    Ok(json!({}))
}

impl KeyChange {
    fn group<'a>(&self, world: &'a mut World, caller: &Caller) -> Result<&'a mut Group, Refusal> {
        match (&self.log_group_name, &self.resource_identifier) {
            (Some(name), None) => group::named(world, caller, name),
            (None, Some(identifier)) => group::identified(world, caller, identifier),
            _ => Err(invalid("Exactly one of logGroupName and resourceIdentifier must be specified.")),
        }
    }
}

/// A key is named by its ARN. Whether it exists and lets the service use it cannot be told here: keys are not kept.
pub(super) fn check_key(key: &str) -> Result<(), Refusal> {
    let is_key = key.starts_with("arn:") && key.contains(":kms:") && (key.contains(":key/") || key.contains(":alias/"));
    if is_key { Ok(()) } else { Err(invalid("The specified KMS Key Id is not a valid KMS key ARN.")) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protection {
    log_group_identifier: String,
    deletion_protection_enabled: bool,
}

pub(super) fn protect(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: Protection = read(input)?;
    group::identified(world, caller, &wanted.log_group_identifier)?.protected = wanted.deletion_protection_enabled;
    Ok(json!({}))
}
