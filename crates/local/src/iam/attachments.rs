//! Managed policies attached to roles.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Paging;
use super::refusals::{no_policy, no_such_entity, not_attachable, quota};
use super::role::Role;
use super::{Iam, managed};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Default quota; AWS raises it on request.
const POLICIES_PER_ROLE: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    role_name: String,
    policy_arn: String,
}

pub(super) fn attach(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Attachment { role_name, policy_arn } = read(input)?;
    managed::refuse_malformed(&policy_arn)?;
    let iam = &mut world.account(caller).iam;
    iam.changeable(&role_name)?;
    refuse_unattachable(iam, &policy_arn)?;
    let role = iam.changeable(&role_name)?;
    if role.attached.len() >= POLICIES_PER_ROLE && !role.attached.contains(&policy_arn) {
        return Err(quota("PoliciesPerRole", POLICIES_PER_ROLE));
    }
    role.attached.insert(policy_arn);
    Ok(json!({}))
}

fn refuse_unattachable(iam: &Iam, arn: &str) -> Result<(), Refusal> {
    match managed::find(arn) {
        Some(policy) if policy.is_attachable() => Ok(()),
        Some(_) => Err(Refusal::new("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")),
        None if iam.policies.contains_key(arn) => Ok(()),
        None => Err(not_attachable(arn)),
    }
}

pub(super) fn detach(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Attachment { role_name, policy_arn } = read(input)?;
    managed::refuse_malformed(&policy_arn)?;
    let role = world.account(caller).iam.changeable(&role_name)?;
    if role.attached.remove(&policy_arn) {
        return Ok(json!({}));
    }
    Err(no_such_entity(format!("Policy {policy_arn} was not found.")))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListAttached {
    role_name: String,
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ListAttached { role_name, path_prefix, paging } = read(input)?;
    let prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let role = world.account(caller).iam.role(&role_name)?;
    let attached = role.attached.iter().filter(|arn| managed::path_of(arn).starts_with(&prefix));
    paging.answer("AttachedPolicies", attached.map(|arn| (arn.clone(), view(arn))).collect())
}

/// An attached policy as list answers show it.
pub(super) fn view(arn: &str) -> Value {
    json!({ "PolicyName": managed::name_of(arn), "PolicyArn": arn })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListEntities {
    policy_arn: String,
    entity_filter: Option<String>,
    path_prefix: Option<String>,
    policy_usage_filter: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn entities(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ListEntities = read(input)?;
    managed::refuse_malformed(&asked.policy_arn)?;
    let iam = &world.account(caller).iam;
    if !iam.policies.contains_key(&asked.policy_arn) && managed::find(&asked.policy_arn).is_none() {
        return Err(no_policy(&asked.policy_arn));
    }
    let roles = iam.roles.iter().filter(|(_, role)| asked.takes(role));
    let found = roles.map(|(key, role)| (key.clone(), json!({ "RoleName": role.name, "RoleId": role.id })));
    let mut answer = asked.paging.answer("PolicyRoles", found.collect())?;
    answer["PolicyGroups"] = json!([]);
    answer["PolicyUsers"] = json!([]);
    Ok(answer)
}

impl ListEntities {
    fn takes(&self, role: &Role) -> bool {
        let attached = role.attached.contains(&self.policy_arn);
        let bounds = role.boundary.as_ref() == Some(&self.policy_arn);
        let uses = match self.policy_usage_filter.as_deref() {
            Some("PermissionsPolicy") => attached,
            Some("PermissionsBoundary") => bounds,
            _ => attached || bounds,
        };
        let kind = self.entity_filter.as_deref().is_none_or(|kind| kind == "Role");
        let path = self.path_prefix.as_deref().is_none_or(|prefix| role.path.starts_with(prefix));
        uses && kind && path
    }
}
