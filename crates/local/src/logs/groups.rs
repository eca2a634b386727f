//! Log groups: create, describe, delete.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{self, Group};
use super::refusals::{exists, invalid};
use super::{retention, settings, tags, token};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateLogGroup {
    log_group_name: String,
    kms_key_id: Option<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    log_group_class: Option<String>,
    #[serde(default)]
    deletion_protection_enabled: bool,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreateLogGroup = read(input)?;
    let name = wanted.log_group_name;
    if name.to_lowercase().starts_with("aws/") {
        return Err(invalid("Log groups starting with AWS/ are reserved for AWS."));
    }
    wanted.kms_key_id.as_deref().map_or(Ok(()), settings::check_key)?;
    let now = world.now();
    let groups = &mut world.region(caller).logs.groups;
    if groups.contains_key(&name) {
        return Err(exists("log group"));
    }
    let mut group = Group::new(caller, &name, now);
    tags::add(&mut group, wanted.tags)?;
    group.class = wanted.log_group_class.unwrap_or(group.class);
    group.retention = (group.class == "DELIVERY").then_some(retention::DELIVERY);
    group.key = wanted.kms_key_id;
    group.protected = wanted.deletion_protection_enabled;
    groups.insert(name, group);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeLogGroups {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
    log_group_class: Option<String>,
    next_token: Option<String>,
    limit: Option<usize>,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeLogGroups = read(input)?;
    asked.refuse_together()?;
    let wanted: Option<Vec<&str>> = asked
        .log_group_identifiers
        .as_ref()
        .map(|ids| ids.iter().filter_map(|id| group::name_in(caller, id)).collect());
    let groups = world.region(caller).logs.groups.values();
    let found = groups
        .filter(|group| asked.takes(group) && wanted.as_ref().is_none_or(|names| names.contains(&group.name.as_str())));
    let (page, next) = token::page(
        found.map(|group| (group.name.clone(), group.view())),
        asked.next_token.as_deref(),
        asked.limit.unwrap_or(50),
    )?;
    Ok(json!({ "logGroups": page, "nextToken": next }))
}

impl DescribeLogGroups {
    fn refuse_together(&self) -> Result<(), Refusal> {
        let named = self.log_group_name_prefix.is_some() || self.log_group_name_pattern.is_some();
        if self.log_group_name_prefix.is_some() && self.log_group_name_pattern.is_some() {
            return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
        }
        if self.log_group_identifiers.is_some() && named {
            return Err(invalid(
                "LogGroup identifiers and LogGroup name prefix or pattern are mutually exclusive parameters.",
            ));
        }
        Ok(())
    }

    /// A prefix fits longer names too; a pattern stands anywhere in the name, with its case.
    fn takes(&self, group: &Group) -> bool {
        let prefix = self.log_group_name_prefix.as_ref().is_none_or(|prefix| group.name.starts_with(prefix));
        let pattern = self.log_group_name_pattern.as_ref().is_none_or(|pattern| group.name.contains(pattern));
        prefix && pattern && self.log_group_class.as_ref().is_none_or(|class| *class == group.class)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListLogGroups {
    log_group_name_pattern: Option<String>,
    log_group_class: Option<String>,
    next_token: Option<String>,
    limit: Option<usize>,
}

/// `ListLogGroups`: the names alone. Its pattern is one or more parts with `|` between, `^` in front means a prefix.
pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ListLogGroups = read(input)?;
    let fits = |name: &str| {
        asked.log_group_name_pattern.as_ref().is_none_or(|pattern| {
            pattern.split('|').any(|part| match part.strip_prefix('^') {
                Some(prefix) => name.starts_with(prefix),
                None => name.contains(part),
            })
        })
    };
    let of_class = |group: &Group| asked.log_group_class.as_ref().is_none_or(|class| *class == group.class);
    let groups = world.region(caller).logs.groups.values().filter(|group| fits(&group.name) && of_class(group));
    let line =
        |group: &Group| json!({ "logGroupName": group.name, "logGroupArn": group.arn, "logGroupClass": group.class });
    let (page, next) = token::page(
        groups.map(|group| (group.name.clone(), line(group))),
        asked.next_token.as_deref(),
        asked.limit.unwrap_or(50),
    )?;
    Ok(json!({ "logGroups": page, "nextToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeleteLogGroup {
    log_group_name: String,
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DeleteLogGroup { log_group_name: name } = read(input)?;
    if group::named(world, caller, &name)?.protected {
        let message = format!("Log group {name} is protected from deletion. Disable deletion protection first.");
        return Err(Refusal::new("ValidationException", message));
    }
    world.region(caller).logs.groups.remove(&name);
    Ok(json!({}))
}
