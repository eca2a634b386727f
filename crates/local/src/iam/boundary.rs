//! The permissions boundary of a role.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refusals::{no_such_entity, not_attachable};
use super::{Iam, managed};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutBoundary {
    role_name: String,
    permissions_boundary: String,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let PutBoundary { role_name, permissions_boundary } = read(input)?;
    let iam = &mut world.account(caller).iam;
    iam.changeable(&role_name)?;
    check(iam, &permissions_boundary)?;
    iam.changeable(&role_name)?.boundary = Some(permissions_boundary);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteBoundary {
    role_name: String,
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DeleteBoundary { role_name } = read(input)?;
    let role = world.account(caller).iam.changeable(&role_name)?;
    match role.boundary.take() {
        Some(_) => Ok(json!({})),
        None => Err(no_such_entity(format!("The role with name {role_name} does not have a permissions boundary."))),
    }
}

/// A boundary must be a policy that exists and may be attached.
pub(super) fn check(iam: &Iam, arn: &str) -> Result<(), Refusal> {
    managed::refuse_malformed(arn)?;
    let known = iam.policies.contains_key(arn) || managed::find(arn).is_some_and(managed::AwsPolicy::is_attachable);
    if known { Ok(()) } else { Err(not_attachable(arn)) }
}
