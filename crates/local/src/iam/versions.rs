//! Versions of a managed policy: at most five, their numbers only grow.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Paging;
use super::policy::Version;
use super::refusals::{delete_conflict, limit_exceeded, no_policy, no_such_entity};
use super::{document, managed};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 5;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateVersion {
    policy_arn: String,
    policy_document: String,
    #[serde(default)]
    set_as_default: bool,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreateVersion = read(input)?;
    managed::refuse_change(caller, "CreatePolicyVersion", &wanted.policy_arn)?;
    let now = world.now();
    let iam = &mut world.account(caller).iam;
    let policy = iam.policies.get_mut(&wanted.policy_arn).ok_or_else(|| no_policy(&wanted.policy_arn))?;
    document::check_managed(&wanted.policy_document)?;
    if policy.versions.len() >= MOST {
        return Err(limit_exceeded(
            "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
        ));
    }
    policy.last_version += 1;
    policy.updated = now;
    policy.versions.insert(policy.last_version, Version { document: wanted.policy_document, created: now });
    if wanted.set_as_default {
        policy.default_version = policy.last_version;
    }
    Ok(json!({ "PolicyVersion": policy.version_line(policy.last_version) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneVersion {
    policy_arn: String,
    version_id: String,
}

impl OneVersion {
    /// The number in `v3`; the model has checked the form.
    fn number(&self) -> u64 {
        self.version_id.trim_start_matches('v').parse().unwrap_or_default()
    }

    fn missing(&self) -> Refusal {
        let Self { policy_arn, version_id } = self;
        no_such_entity(format!("Policy {policy_arn} version {version_id} does not exist or is not attachable."))
    }
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: OneVersion = read(input)?;
    managed::refuse_malformed(&asked.policy_arn)?;
    let view = match managed::find(&asked.policy_arn) {
        Some(policy) => policy.version_view(&asked.version_id),
        None => world.account(caller).iam.policies.get(&asked.policy_arn).and_then(|p| p.version_view(asked.number())),
    };
    Ok(json!({ "PolicyVersion": view.ok_or_else(|| asked.missing())? }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListVersions {
    policy_arn: String,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ListVersions = read(input)?;
    managed::refuse_malformed(&asked.policy_arn)?;
    if let Some(policy) = managed::find(&asked.policy_arn) {
        return asked.paging.answer("Versions", vec![(String::new(), policy.version_line())]);
    }
    let iam = &world.account(caller).iam;
    let policy = iam.policies.get(&asked.policy_arn).ok_or_else(|| no_policy(&asked.policy_arn))?;
    // Newest first.
    let lines = policy
        .versions
        .keys()
        .rev()
        .filter_map(|&number| policy.version_line(number).map(|line| (format!("{:020}", u64::MAX - number), line)));
    asked.paging.answer("Versions", lines.collect())
}

pub(super) fn set_default(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: OneVersion = read(input)?;
    managed::refuse_change(caller, "SetDefaultPolicyVersion", &asked.policy_arn)?;
    let now = world.now();
    let iam = &mut world.account(caller).iam;
    let policy = iam.policies.get_mut(&asked.policy_arn).ok_or_else(|| no_policy(&asked.policy_arn))?;
    if !policy.versions.contains_key(&asked.number()) {
        return Err(asked.missing());
    }
    policy.default_version = asked.number();
    policy.updated = now;
    Ok(json!({}))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: OneVersion = read(input)?;
    managed::refuse_change(caller, "DeletePolicyVersion", &asked.policy_arn)?;
    let iam = &mut world.account(caller).iam;
    let policy = iam.policies.get_mut(&asked.policy_arn).ok_or_else(|| no_policy(&asked.policy_arn))?;
    if policy.default_version == asked.number() {
        return Err(delete_conflict("Cannot delete the default version of a policy."));
    }
    policy.versions.remove(&asked.number()).map(|_| json!({})).ok_or_else(|| asked.missing())
}
