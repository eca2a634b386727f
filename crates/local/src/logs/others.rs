//! What clients ask of every group although it has none of it: filters, subscriptions, indexes, data protection.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfGroup {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    #[serde(default)]
    log_group_identifiers: Vec<String>,
}

/// An empty list under this member, once the groups that the call names are found.
pub(super) fn none(world: &mut World, caller: &Caller, input: &Value, member: &str) -> Answer {
    let asked: OfGroup = read(input)?;
    let named = asked.log_group_name.iter().chain(&asked.log_group_identifier).chain(&asked.log_group_identifiers);
    for identifier in named {
        group::identified(world, caller, identifier)?;
    }
    Ok(json!({ member: [] }))
}

/// `GetDataProtectionPolicy`: no group has one.
pub(super) fn data_protection(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: OfGroup = read(input)?;
    let identifier = asked.log_group_identifier.unwrap_or_default();
    group::identified(world, caller, &identifier)?;
    Ok(json!({ "logGroupIdentifier": identifier }))
}
