//! What App Runner asks of the other services of the world.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ec2;
use crate::ecr::ImageMarks;
use crate::iam;
pub(super) use crate::iam::Trust;
use crate::logs;
use crate::secretsmanager;
use crate::ssm;
use crate::world::{Caller, World};

use super::image::Reference;

/// An image that App Runner has copied: what decides how its instances behave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// Empty for public images and for code: nothing is known of them, so they behave well.
    pub digest: String,
    pub marks: ImageMarks,
}

/// A subnet as far as connectors need it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subnet {
    pub(super) vpc: String,
    pub(super) zone_id: String,
}

/// Whether a service may assume a role of the caller's account.
pub(super) fn trust(world: &World, caller: &Caller, role: &str, principal: &str) -> Trust {
    let account = world.accounts.get(&caller.account);
    let propagation = world.settings.role_propagation;
    account.map_or(Trust::Missing, |account| account.iam.trusts(role, principal, world.now(), propagation))
}

/// Whether the policies of a role of the caller's account allow an action.
pub(super) fn allows(world: &World, caller: &Caller, role: &str, action: &str, resource: &str) -> bool {
    world.accounts.get(&caller.account).is_some_and(|account| account.iam.allows(role, action, resource))
}

/// The image in ECR; the pull is recorded there.
pub(super) fn image(world: &mut World, reference: &Reference<'_>, at: Timestamp) -> Option<Artifact> {
    let region = world.accounts.get_mut(reference.account)?.regions.get_mut(reference.region)?;
    let repository = region.ecr.repositories.get_mut(reference.repository)?;
    let digest = repository.image(reference.version)?.digest.clone();
    let image = repository.images.get_mut(&digest)?;
    image.pulled_at = Some(at);
    Some(Artifact { digest, marks: image.marks.clone() })
}

/// Whether the policy of another account's repository lets the role pull.
pub(super) fn shared(world: &World, reference: &Reference<'_>, caller: &Caller, role: &str) -> bool {
    let region = world.accounts.get(reference.account).and_then(|account| account.regions.get(reference.region));
    let repository = region.and_then(|region| region.ecr.repositories.get(reference.repository));
    let Some(policy) = repository.and_then(|repository| repository.policy.as_ref()) else { return false };
    let account = format!("arn:{}:iam::{}:root", caller.partition, caller.account);
    let covers = |statement: &Value| {
        let principal = &statement["Principal"];
        let names = texts(if principal.is_object() { &principal["AWS"] } else { principal });
        let named = names.iter().any(|name| [role, &account, &caller.account, "*"].contains(name));
        let actions = texts(&statement["Action"]);
        let pulls = actions.iter().any(|action| ["*", "ecr:*", "ecr:Batch*", "ecr:BatchGetImage"].contains(action));
        statement["Effect"] == "Allow" && named && pulls
    };
    policy["Statement"].as_array().is_some_and(|statements| statements.iter().any(covers))
}

/// One text or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// Makes the service-linked roles that the first use of App Runner brings into being.
pub(super) fn service_linked_roles(world: &mut World, caller: &Caller, networking: bool) {
    iam::ensure_service_linked_role(world, caller, "apprunner.amazonaws.com");
    if networking {
        iam::ensure_service_linked_role(world, caller, "networking.apprunner.amazonaws.com");
    }
}

pub(super) fn subnet(world: &mut World, caller: &Caller, id: &str) -> Option<Subnet> {
    let found = ec2::subnet(world, caller, id)?;
    Some(Subnet { vpc: found.vpc.clone(), zone_id: found.zone_id.clone() })
}

/// The VPC of a security group.
pub(super) fn group_vpc(world: &mut World, caller: &Caller, id: &str) -> Option<String> {
    ec2::security_group(world, caller, id).map(|group| group.vpc.clone())
}

/// The id of the default security group of a VPC.
pub(super) fn default_group(world: &mut World, caller: &Caller, vpc: &str) -> Option<String> {
    ec2::default_group(world, caller, vpc).map(|group| group.id.clone())
}

/// Writes lines to a stream, in the order given.
pub(super) fn log(world: &mut World, caller: &Caller, group: &str, stream: &str, lines: &[(Timestamp, String)]) {
    logs::append(world, caller, group, stream, lines);
}

/// Whether the secret or parameter that an ARN refers to can be had.
pub(super) fn secret_exists(world: &mut World, caller: &Caller, arn: &str) -> bool {
    match arn.contains(":secretsmanager:") {
        true => secretsmanager::is_there(world, caller, arn),
        false => ssm::is_there(world, caller, arn),
    }
}
