//! Roles: create, read, change, delete.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Paging;
use super::refusals::{already_exists, delete_conflict, invalid_input, quota};
use super::role::Role;
use super::tags::{self, Tag};
use super::text::unique_id;
use super::{boundary, trust};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Default quota; AWS raises it to 5000 on request.
const ROLES_PER_ACCOUNT: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateRole {
    role_name: String,
    path: Option<String>,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
    permissions_boundary: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreateRole = read(input)?;
    let path = wanted.path.unwrap_or_else(|| "/".to_owned());
    refuse_reserved_path(&path)?;
    tags::check(&wanted.tags)?;
    let trust = trust::accept(world, caller, &wanted.assume_role_policy_document)?;
    let iam = &world.account(caller).iam;
    if iam.roles.contains_key(&wanted.role_name.to_lowercase()) {
        return Err(already_exists(format!("Role with name {} already exists.", wanted.role_name)));
    }
    if iam.roles.len() >= ROLES_PER_ACCOUNT {
        return Err(quota("RolesPerAccount", ROLES_PER_ACCOUNT));
    }
    if let Some(arn) = &wanted.permissions_boundary {
        boundary::check(iam, arn)?;
    }
    let role = Role {
        arn: format!("arn:{}:iam::{}:role{path}{}", caller.partition, caller.account, wanted.role_name),
        id: unique_id(world, "AROA"),
        name: wanted.role_name,
        path,
        created: world.now(),
        trust: trust.document,
        trusted_ids: trust.ids,
        description: wanted.description,
        max_session: wanted.max_session_duration.unwrap_or(3600),
        boundary: wanted.permissions_boundary,
        tags: wanted.tags,
        inline: Default::default(),
        attached: Default::default(),
        service: None,
    };
    let iam = &mut world.account(caller).iam;
    let answer = json!({ "Role": iam.created_view(&role) });
    iam.roles.insert(role.name.to_lowercase(), role);
    Ok(answer)
}

fn refuse_reserved_path(path: &str) -> Result<(), Refusal> {
    if path.starts_with("/aws-service-role/") {
        return Err(invalid_input(format!("Path {path} is reserved for service-linked roles.")));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    role_name: String,
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { role_name } = read(input)?;
    let iam = &world.account(caller).iam;
    Ok(json!({ "Role": iam.full_view(iam.role(&role_name)?) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListRoles {
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ListRoles { path_prefix, paging } = read(input)?;
    let prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
    let iam = &world.account(caller).iam;
    let found = iam.roles.iter().filter(|(_, role)| role.path.starts_with(&prefix));
    paging.answer("Roles", found.map(|(key, role)| (key.clone(), iam.list_view(role))).collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateRole {
    role_name: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: UpdateRole = read(input)?;
    let iam = &mut world.account(caller).iam;
    // The description of a service-linked role is the one thing that its account may change.
    let role = match change.max_session_duration {
        Some(_) => iam.changeable(&change.role_name)?,
        None => iam.role_mut(&change.role_name)?,
    };
    if change.description.is_some() {
        role.description = change.description;
    }
    role.max_session = change.max_session_duration.unwrap_or(role.max_session);
    Ok(json!({}))
}

pub(super) fn update_description(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: UpdateRole = read(input)?;
    let iam = &mut world.account(caller).iam;
    iam.role_mut(&change.role_name)?.description = change.description;
    Ok(json!({ "Role": iam.list_view(iam.role(&change.role_name)?) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateTrust {
    role_name: String,
    policy_document: String,
}

pub(super) fn update_trust(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let change: UpdateTrust = read(input)?;
    world.account(caller).iam.changeable(&change.role_name)?;
    let trust = trust::accept(world, caller, &change.policy_document)?;
    let role = world.account(caller).iam.changeable(&change.role_name)?;
    role.trust = trust.document;
    role.trusted_ids = trust.ids;
    Ok(json!({}))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { role_name } = read(input)?;
    let iam = &mut world.account(caller).iam;
    let role = iam.changeable(&role_name)?;
    if !role.attached.is_empty() {
        return Err(delete_conflict("Cannot delete entity, must detach all policies first."));
    }
    if !role.inline.is_empty() {
        return Err(delete_conflict("Cannot delete entity, must delete policies first."));
    }
    iam.roles.remove(&role_name.to_lowercase());
    Ok(json!({}))
}

/// Instance profiles are not kept here: no role is in one.
pub(super) fn instance_profiles(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { role_name } = read(input)?;
    world.account(caller).iam.role(&role_name)?;
    all_instance_profiles()
}

pub(super) fn all_instance_profiles() -> Answer {
    Ok(json!({ "InstanceProfiles": [], "IsTruncated": false }))
}
