//! The account as a whole: authorization details, aliases.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Paging;
use super::policy::Policy;
use super::role::{Role, boundary_view, tags_view};
use super::text::{encoded, time};
use super::{Iam, attachments, managed};
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    #[serde(default)]
    filter: Vec<String>,
    #[serde(flatten)]
    paging: Paging,
}

/// `GetAccountAuthorizationDetails`: one sequence of roles and policies, cut into pages.
pub(super) fn authorization(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Details = read(input)?;
    let wants = |kind: &str| asked.filter.is_empty() || asked.filter.iter().any(|wanted| wanted == kind);
    let iam = &world.account(caller).iam;
    let mut all = Vec::new();
    if wants("Role") {
        all.extend(
            iam.roles.iter().map(|(name, role)| (format!("1{name}"), ("RoleDetailList", iam.role_detail(role)))),
        );
    }
    if wants("LocalManagedPolicy") {
        all.extend(
            iam.policies.iter().map(|(arn, policy)| (format!("2{arn}"), ("Policies", iam.policy_detail(policy)))),
        );
    }
    if wants("AWSManagedPolicy") {
        all.extend(managed::all().map(|policy| {
            let mut detail = policy.line(iam, caller.partition);
            let version = detail["DefaultVersionId"].as_str().unwrap_or_default().to_owned();
            detail["PolicyVersionList"] = json!([policy.version_view(&version)]);
            (format!("3{}", policy.arn(caller.partition)), ("Policies", detail))
        }));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    let page = asked.paging.cut(all)?;
    let mut answer = json!({
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
        "IsTruncated": page.marker.is_some(),
        "Marker": page.marker,
    });
    for (list, detail) in page.items {
        answer[list].as_array_mut().expect("the four lists stand above").push(detail);
    }
    Ok(answer)
}

impl Iam {
    fn role_detail(&self, role: &Role) -> Value {
        let inline = |(name, text): (&String, &String)| json!({ "PolicyName": name, "PolicyDocument": encoded(text) });
        json!({
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": role.id,
            "Arn": role.arn,
            "CreateDate": time(role.created),
            "AssumeRolePolicyDocument": encoded(&self.shown_trust(role)),
            "InstanceProfileList": [],
            "RolePolicyList": role.inline.iter().map(inline).collect::<Vec<_>>(),
            "AttachedManagedPolicies": role.attached.iter().map(|arn| attachments::view(arn)).collect::<Vec<_>>(),
            "PermissionsBoundary": boundary_view(role),
            "Tags": tags_view(role),
            "RoleLastUsed": {},
        })
    }

    fn policy_detail(&self, policy: &Policy) -> Value {
        let mut detail = self.policy_line(policy);
        let versions = policy.versions.keys().rev().filter_map(|&number| policy.version_view(number));
        detail["PolicyVersionList"] = versions.collect();
        detail
    }
}

/// `ListAccountAliases`: a fresh account has none.
pub(super) fn aliases() -> Answer {
    Ok(json!({ "AccountAliases": [], "IsTruncated": false }))
}
