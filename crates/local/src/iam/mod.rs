//! AWS IAM of the local cloud: one per account, the same in all regions.

mod attachments;
mod boundary;
mod details;
mod document;
mod evaluate;
mod inline;
mod linked;
mod managed;
mod page;
mod policies;
mod policy;
mod principal;
mod refusals;
mod role;
mod roles;
mod services;
mod start;
mod tags;
mod text;
mod trust;
mod versions;
pub(crate) mod wildcard;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use evaluate::Trust;
pub use linked::ensure as ensure_service_linked_role;
pub use policy::{Policy, Version};
pub use role::Role;
pub use tags::Tag;

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Iam {
    /// By the lower-cased name: IAM names are unique whatever their case.
    pub roles: BTreeMap<String, Role>,
    /// The account's own policies, by ARN. Those of AWS are in `managed.json` and never change.
    pub policies: BTreeMap<String, Policy>,
    /// Deletions of service-linked roles, by task id.
    pub deletions: BTreeMap<String, linked::Deletion>,
    started: bool,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    start::ensure(world, caller);
    match operation {
        "CreateRole" => roles::create(world, caller, input),
        "GetRole" => roles::get(world, caller, input),
        "ListRoles" => roles::list(world, caller, input),
        "UpdateRole" => roles::update(world, caller, input),
        "UpdateRoleDescription" => roles::update_description(world, caller, input),
        "UpdateAssumeRolePolicy" => roles::update_trust(world, caller, input),
        "DeleteRole" => roles::delete(world, caller, input),
        "ListInstanceProfiles" => roles::all_instance_profiles(),
        "ListInstanceProfilesForRole" => roles::instance_profiles(world, caller, input),

        "PutRolePermissionsBoundary" => boundary::put(world, caller, input),
        "DeleteRolePermissionsBoundary" => boundary::delete(world, caller, input),

        "PutRolePolicy" => inline::put(world, caller, input),
        "GetRolePolicy" => inline::get(world, caller, input),
        "ListRolePolicies" => inline::list(world, caller, input),
        "DeleteRolePolicy" => inline::delete(world, caller, input),

        "AttachRolePolicy" => attachments::attach(world, caller, input),
        "DetachRolePolicy" => attachments::detach(world, caller, input),
        "ListAttachedRolePolicies" => attachments::list(world, caller, input),
        "ListEntitiesForPolicy" => attachments::entities(world, caller, input),

        "CreatePolicy" => policies::create(world, caller, input),
        "GetPolicy" => policies::get(world, caller, input),
        "ListPolicies" => policies::list(world, caller, input),
        "DeletePolicy" => policies::delete(world, caller, input),

        "CreatePolicyVersion" => versions::create(world, caller, input),
        "GetPolicyVersion" => versions::get(world, caller, input),
        "ListPolicyVersions" => versions::list(world, caller, input),
        "SetDefaultPolicyVersion" => versions::set_default(world, caller, input),
        "DeletePolicyVersion" => versions::delete(world, caller, input),

        "TagRole" => tags::tag_role(world, caller, input),
        "UntagRole" => tags::untag_role(world, caller, input),
        "ListRoleTags" => tags::list_role(world, caller, input),
        "TagPolicy" => tags::tag_policy(world, caller, input),
        "UntagPolicy" => tags::untag_policy(world, caller, input),
        "ListPolicyTags" => tags::list_policy(world, caller, input),

        "CreateServiceLinkedRole" => linked::create(world, caller, input),
        "DeleteServiceLinkedRole" => linked::delete(world, caller, input),
        "GetServiceLinkedRoleDeletionStatus" => linked::deletion_status(world, caller, input),

        "GetAccountAuthorizationDetails" => details::authorization(world, caller, input),
        "ListAccountAliases" => details::aliases(),
        _ => Err(Refusal::new("InvalidAction", format!("Could not find operation {operation} for version 2010-05-08"))),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    linked::finish_deletions(world, caller);
}
