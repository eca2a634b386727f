//! Service-linked roles: named by AWS, changed by nobody else.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::{invalid_input, no_role, no_such_entity};
use super::role::Role;
use super::services::{self, Service, Suffix};
use super::text::unique_id;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, Region, World};

/// How long AWS takes to look for users of the role and delete it.
const DELETION: SignedDuration = SignedDuration::from_secs(5);

/// A deletion that runs in the background.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deletion {
    role: String,
    service: String,
    due: Timestamp,
    outcome: Option<Outcome>,
}

/// How a deletion ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Outcome {
    Deleted,
    /// The ARNs that use the role, by region.
    InUse(BTreeMap<String, Vec<String>>),
}

#[derive(Deserialize)]
struct CreateLinked {
    #[serde(rename = "AWSServiceName")]
    service: String,
    #[serde(rename = "Description")]
    description: Option<String>,
    #[serde(rename = "CustomSuffix")]
    suffix: Option<String>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreateLinked = read(input)?;
    let service = services::find(&wanted.service)?;
    if wanted.suffix.is_some() && service.suffix == Suffix::Refused {
        return Err(invalid_input(format!("Custom suffix is not allowed for {}", wanted.service)));
    }
    let name = match wanted.suffix {
        Some(suffix) => format!("AWSServiceRoleFor{}_{suffix}", service.role),
        None => format!("AWSServiceRoleFor{}", service.role),
    };
    if world.account(caller).iam.roles.contains_key(&name.to_lowercase()) {
        return Err(invalid_input(format!(
            "Service role name {name} has been taken in this account, please try a different suffix."
        )));
    }
    let role = make(world, caller, service, name, wanted.description);
    let iam = &mut world.account(caller).iam;
    let answer = json!({ "Role": iam.created_view(&role) });
    iam.roles.insert(role.name.to_lowercase(), role);
    Ok(answer)
}

/// Makes the role of a service where it is missing, as services do on their first use.
pub fn ensure(world: &mut World, caller: &Caller, principal: &str) {
    let Ok(service) = services::find(principal) else { return };
    let name = format!("AWSServiceRoleFor{}", service.role);
    if !world.account(caller).iam.roles.contains_key(&name.to_lowercase()) {
        let role = make(world, caller, service, name, None);
        world.account(caller).iam.roles.insert(role.name.to_lowercase(), role);
    }
}

fn make(world: &mut World, caller: &Caller, service: &Service, name: String, description: Option<String>) -> Role {
    let path = format!("/aws-service-role/{}/", service.principal);
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "Service": service.principal }, "Action": "sts:AssumeRole" }],
    });
    let policy = |name| format!("arn:{}:iam::aws:policy/aws-service-role/{name}", caller.partition);
    Role {
        arn: format!("arn:{}:iam::{}:role{path}{name}", caller.partition, caller.account),
        id: unique_id(world, "AROA"),
        name,
        path,
        created: world.now(),
        trust: trust.to_string(),
        trusted_ids: Default::default(),
        description,
        max_session: 3600,
        boundary: None,
        tags: vec![],
        inline: Default::default(),
        attached: service.policy.map(policy).into_iter().collect(),
        service: Some(service.principal.to_owned()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteLinked {
    role_name: String,
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DeleteLinked { role_name } = read(input)?;
    let due = world.now() + DELETION;
    let uuid = world.uuid();
    let iam = &mut world.account(caller).iam;
    let role = iam.role(&role_name)?;
    let service = role.service.as_deref().ok_or_else(|| no_role(&role_name))?;
    let task = format!("task/aws-service-role/{service}/{}/{uuid}", role.name);
    let deletion = Deletion { role: role.name.to_lowercase(), service: service.to_owned(), due, outcome: None };
    iam.deletions.insert(task.clone(), deletion);
    Ok(json!({ "DeletionTaskId": task }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeletionStatus {
    deletion_task_id: String,
}

pub(super) fn deletion_status(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DeletionStatus { deletion_task_id: task } = read(input)?;
    let deletion = world.account(caller).iam.deletions.get(&task);
    let deletion = deletion.ok_or_else(|| no_such_entity(format!("The deletion task {task} cannot be found.")))?;
    Ok(match &deletion.outcome {
        None => json!({ "Status": "IN_PROGRESS" }),
        Some(Outcome::Deleted) => json!({ "Status": "SUCCEEDED" }),
        Some(Outcome::InUse(users)) => json!({ "Status": "FAILED", "Reason": in_use(users) }),
    })
}

fn in_use(users: &BTreeMap<String, Vec<String>>) -> Value {
    let usage = users.iter().map(|(region, arns)| json!({ "Region": region, "Resources": arns }));
    json!({
        "Reason": "A service-linked role is required for one or more resources.",
        "RoleUsageList": usage.collect::<Vec<_>>(),
    })
}

/// Ends the deletions that are due: a role that its service still needs stays.
pub(super) fn finish_deletions(world: &mut World, caller: &Caller) {
    let now = world.now();
    let account = world.account(caller);
    let due = |deletion: &&mut Deletion| deletion.outcome.is_none() && deletion.due <= now;
    for deletion in account.iam.deletions.values_mut().filter(due) {
        let users = users(&account.regions, &deletion.service);
        deletion.outcome = Some(if users.is_empty() {
            account.iam.roles.remove(&deletion.role);
            Outcome::Deleted
        } else {
            Outcome::InUse(users)
        });
    }
}

/// What uses the role of a service, by region. Of App Runner alone it is known.
fn users(regions: &BTreeMap<String, Region>, service: &str) -> BTreeMap<String, Vec<String>> {
    let in_region = |region: &Region| -> Vec<String> {
        let runner = &region.apprunner;
        let services = runner.services.values().filter(|one| one.deleted_at.is_none()).map(|one| one.arn.clone());
        let connectors =
            runner.connectors.iter().filter(|(_, one)| one.deleted_at.is_none()).map(|(arn, _)| arn.clone());
        match service {
            "apprunner.amazonaws.com" => services.collect(),
            "networking.apprunner.amazonaws.com" => connectors.collect(),
            _ => vec![],
        }
    };
    let users = regions.iter().map(|(name, region)| (name.clone(), in_region(region)));
    users.filter(|(_, arns)| !arns.is_empty()).collect()
}
