//! DB parameter groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::catalogue;
use super::given::{required, text};
use super::page::{page, passes};
use super::refusals::{invalid, no_parameter_group};
use super::{arn, tags};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Groups per account and region.
const QUOTA: usize = 50;

/// Settings of an engine that instances share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterGroup {
    pub name: String,
    pub family: String,
    pub description: String,
    /// What was set by hand, by name.
    pub set: BTreeMap<String, Set>,
}

/// A parameter's own value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Set {
    pub value: String,
    /// `immediate` or `pending-reboot`.
    pub method: String,
}

impl ParameterGroup {
    fn view(&self, caller: &Caller) -> Value {
        json!({
            "DBParameterGroupName": self.name,
            "DBParameterGroupFamily": self.family,
            "Description": self.description,
            "DBParameterGroupArn": arn(caller, "pg", &self.name),
        })
    }
}

pub(super) fn is_default(name: &str) -> bool {
    name.starts_with("default.")
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = name(required(input, "DBParameterGroupName")?)?;
    let family = required(input, "DBParameterGroupFamily")?.to_owned();
    let description = required(input, "Description")?.to_owned();
    if catalogue::parameters(&family).is_none() {
        return Err(invalid(format!("ParameterGroupFamily {family} is not a valid parameter group family")));
    }
    let tags = tags::given(input)?;
    let rds = &mut world.region(caller).rds;
    if rds.parameter_groups.contains_key(&name) {
        let message = format!("Parameter group {name} already exists");
        return Err(Refusal::new("DBParameterGroupAlreadyExists", message));
    }
    if rds.parameter_groups.keys().filter(|name| !is_default(name)).count() >= QUOTA {
        let message = format!("You have reached the quota of {QUOTA} DB parameter groups.");
        return Err(Refusal::new("DBParameterGroupQuotaExceeded", message));
    }
    let group = ParameterGroup { name: name.clone(), family, description, set: BTreeMap::new() };
    let shown = group.view(caller);
    rds.tags.insert(arn(caller, "pg", &name), tags);
    rds.parameter_groups.insert(name, group);
    Ok(json!({ "DBParameterGroup": shown }))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let groups = &world.region(caller).rds.parameter_groups;
    let mut found = Vec::new();
    match text(input, "DBParameterGroupName").map(str::to_lowercase) {
        Some(name) => found.push(groups.get(&name).ok_or_else(|| no_parameter_group(&name))?),
        None => found.extend(groups.values()),
    }
    passes(input, |_| None)?;
    page(input, "DBParameterGroups", found.iter().map(|group| (group.name.clone(), group.view(caller))).collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = required(input, "DBParameterGroupName")?.to_lowercase();
    let rds = &mut world.region(caller).rds;
    let refused = |message: &str| Err(Refusal::new("InvalidDBParameterGroupState", message));
    if is_default(&name) {
        return refused("Default DBParameterGroup cannot be deleted.");
    }
    if !rds.parameter_groups.contains_key(&name) {
        return Err(no_parameter_group(&name));
    }
    let users = rds.instances.values().filter(|instance| instance.uses_parameter_group(&name));
    let users: Vec<&str> = users.map(|instance| instance.id.as_str()).collect();
    if !users.is_empty() {
        let message = "One or more database instances are still members of this parameter group";
        return refused(&format!("{message} {name}, so the group cannot be deleted"));
    }
    rds.parameter_groups.remove(&name);
    rds.tags.remove(&arn(caller, "pg", &name));
    Ok(json!({}))
}

/// The group of an instance: the one named, or the family's default, which RDS makes on first use.
pub(super) fn chosen(world: &mut World, caller: &Caller, given: Option<&str>, family: &str) -> Result<String, Refusal> {
    let default = format!("default.{family}");
    let name = given.map_or(default.clone(), str::to_lowercase);
    let groups = &mut world.region(caller).rds.parameter_groups;
    if name == default && !groups.contains_key(&name) {
        let description = format!("Default parameter group for {family}");
        let made = ParameterGroup { name: name.clone(), family: family.to_owned(), description, set: BTreeMap::new() };
        groups.insert(name.clone(), made);
    }
    let group = groups.get(&name).ok_or_else(|| no_parameter_group(&name))?;
    if group.family != family {
        let message = format!(
            "The parameter group {name} with DBParameterGroupFamily {} can't be used for this instance. Use a parameter group with DBParameterGroupFamily {family}.",
            group.family
        );
        return Err(Refusal::new("InvalidParameterCombination", message));
    }
    Ok(name)
}

/// The name in lower case.
fn name(given: &str) -> Result<String, Refusal> {
    let name = given.to_lowercase();
    let fits = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.');
    let bad = name.is_empty() || name.len() > 255 || !fits || name.contains("--") || name.ends_with('-');
    if bad || !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Err(invalid(
            "The parameter DBParameterGroupName is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.",
        ));
    }
    if is_default(&name) {
        return Err(invalid("Parameter group names cannot start with 'default.'."));
    }
    Ok(name)
}
