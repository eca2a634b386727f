//! Inline policies of a role.

use serde::Deserialize;
use serde_json::{Value, json};

use super::document;
use super::page::Paging;
use super::refusals::{limit_exceeded, no_such_entity};
use super::text::{encoded, size};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Characters without white space, all inline policies of one role together.
const TOTAL: usize = 10_240;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutPolicy {
    role_name: String,
    policy_name: String,
    policy_document: String,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let PutPolicy { role_name, policy_name, policy_document } = read(input)?;
    let role = world.account(caller).iam.changeable(&role_name)?;
    document::check_inline(&policy_document)?;
    let others: usize = role.inline.iter().filter(|(name, _)| **name != policy_name).map(|(_, text)| size(text)).sum();
    if others + size(&policy_document) > TOTAL {
        return Err(limit_exceeded(format!("Maximum policy size of {TOTAL} bytes exceeded for role {}", role.name)));
    }
    role.inline.insert(policy_name, policy_document);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OnePolicy {
    role_name: String,
    policy_name: String,
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let OnePolicy { role_name, policy_name } = read(input)?;
    let role = world.account(caller).iam.role(&role_name)?;
    let document = role.inline.get(&policy_name).ok_or_else(|| no_inline(&policy_name))?;
    Ok(json!({ "RoleName": role.name, "PolicyName": policy_name, "PolicyDocument": encoded(document) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListPolicies {
    role_name: String,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ListPolicies { role_name, paging } = read(input)?;
    let role = world.account(caller).iam.role(&role_name)?;
    paging.answer("PolicyNames", role.inline.keys().map(|name| (name.clone(), json!(name))).collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let OnePolicy { role_name, policy_name } = read(input)?;
    let role = world.account(caller).iam.changeable(&role_name)?;
    match role.inline.remove(&policy_name) {
        Some(_) => Ok(json!({})),
        None => Err(no_inline(&policy_name)),
    }
}

fn no_inline(policy: &str) -> Refusal {
    no_such_entity(format!("The role policy with name {policy} cannot be found."))
}
