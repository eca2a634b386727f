//! Managed policies: create, read, delete.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Paging;
use super::policy::{Policy, Version};
use super::refusals::{already_exists, delete_conflict, no_policy, quota};
use super::tags::{self, Tag};
use super::text::unique_id;
use super::{Iam, document, managed};
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

const POLICIES_PER_ACCOUNT: usize = 1500;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreatePolicy {
    policy_name: String,
    path: Option<String>,
    policy_document: String,
    description: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreatePolicy = read(input)?;
    tags::check(&wanted.tags)?;
    document::check_managed(&wanted.policy_document)?;
    let iam = &world.account(caller).iam;
    // The path is no part of the identity: one name, one policy.
    if iam.policies.values().any(|policy| policy.name.eq_ignore_ascii_case(&wanted.policy_name)) {
        let name = wanted.policy_name;
        return Err(already_exists(format!("A policy called {name} already exists. Duplicate names are not allowed.")));
    }
    if iam.policies.len() >= POLICIES_PER_ACCOUNT {
        return Err(quota("PoliciesPerAccount", POLICIES_PER_ACCOUNT));
    }
    let path = wanted.path.unwrap_or_else(|| "/".to_owned());
    let now = world.now();
    let policy = Policy {
        arn: format!("arn:{}:iam::{}:policy{path}{}", caller.partition, caller.account, wanted.policy_name),
        id: unique_id(world, "ANPA"),
        name: wanted.policy_name,
        path,
        description: wanted.description.filter(|text| !text.is_empty()),
        created: now,
        updated: now,
        tags: wanted.tags,
        versions: [(1, Version { document: wanted.policy_document, created: now })].into(),
        default_version: 1,
        last_version: 1,
    };
    let iam = &mut world.account(caller).iam;
    let mut view = iam.policy_line(&policy);
    view["Tags"] = tags_or_null(&policy.tags);
    iam.policies.insert(policy.arn.clone(), policy);
    Ok(json!({ "Policy": view }))
}

fn tags_or_null(tags: &[Tag]) -> Value {
    if tags.is_empty() { Value::Null } else { json!(tags) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByArn {
    policy_arn: String,
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ByArn { policy_arn } = read(input)?;
    managed::refuse_malformed(&policy_arn)?;
    let iam = &world.account(caller).iam;
    if let Some(policy) = managed::find(&policy_arn) {
        let mut view = policy.line(iam, caller.partition);
        view["Tags"] = json!([]);
        return Ok(json!({ "Policy": view }));
    }
    let policy = iam.policies.get(&policy_arn).ok_or_else(|| no_policy(&policy_arn))?;
    let mut view = iam.policy_line(policy);
    view["Description"] = json!(policy.description);
    view["Tags"] = json!(policy.tags);
    Ok(json!({ "Policy": view }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListPolicies {
    scope: Option<String>,
    #[serde(default)]
    only_attached: bool,
    path_prefix: Option<String>,
    policy_usage_filter: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ListPolicies = read(input)?;
    let iam = &world.account(caller).iam;
    let mut found = Vec::new();
    if asked.scope.as_deref() != Some("AWS") {
        found.extend(iam.policies.values().map(|policy| iam.policy_line(policy)));
    }
    if asked.scope.as_deref() != Some("Local") {
        found.extend(managed::all().map(|policy| policy.line(iam, caller.partition)));
    }
    found.retain(|line| asked.takes(line));
    let mut lines: Vec<_> = found.into_iter().map(|line| (key(&line), line)).collect();
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    asked.paging.answer("Policies", lines)
}

fn key(line: &Value) -> String {
    line["Arn"].as_str().unwrap_or_default().to_owned()
}

impl ListPolicies {
    fn takes(&self, line: &Value) -> bool {
        let count = |member: &str| line[member].as_u64().unwrap_or_default() > 0;
        let path = line["Path"].as_str().unwrap_or_default();
        let usage = match self.policy_usage_filter.as_deref() {
            Some("PermissionsBoundary") => count("PermissionsBoundaryUsageCount"),
            Some(_) => count("AttachmentCount"),
            None => true,
        };
        let attached = !self.only_attached || count("AttachmentCount") || count("PermissionsBoundaryUsageCount");
        usage && attached && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix))
    }
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ByArn { policy_arn } = read(input)?;
    managed::refuse_change(caller, "DeletePolicy", &policy_arn)?;
    let iam = &mut world.account(caller).iam;
    let policy = iam.policies.get(&policy_arn).ok_or_else(|| no_policy(&policy_arn))?;
    if is_used(iam, &policy_arn) {
        return Err(delete_conflict("Cannot delete a policy attached to entities."));
    }
    if policy.versions.len() > 1 {
        return Err(delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
             The default version is deleted with the policy.",
        ));
    }
    iam.policies.remove(&policy_arn);
    Ok(json!({}))
}

fn is_used(iam: &Iam, arn: &str) -> bool {
    iam.attachments(arn) + iam.boundaries(arn) > 0
}
