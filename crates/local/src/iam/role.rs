//! A role: what IAM keeps of it and how it shows it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::{no_role, protected};
use super::tags::Tag;
use super::text::{encoded, time};
use super::{Iam, trust};
use crate::refusal::Refusal;

/// An IAM role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `AROA…`: a recreated role has another one.
    pub id: String,
    pub arn: String,
    pub created: Timestamp,
    /// The trust policy, minified, as IAM keeps it.
    pub trust: String,
    /// The unique ids of the principals that the trust policy named when it was written, by ARN.
    #[serde(default)]
    pub trusted_ids: BTreeMap<String, String>,
    pub description: Option<String>,
    /// Seconds.
    pub max_session: i64,
    pub boundary: Option<String>,
    pub tags: Vec<Tag>,
    /// Inline policies by name, as they were sent.
    pub inline: BTreeMap<String, String>,
    /// ARNs of attached policies.
    pub attached: BTreeSet<String>,
    /// The service of a service-linked role.
    pub service: Option<String>,
}

impl Iam {
    pub(super) fn role(&self, name: &str) -> Result<&Role, Refusal> {
        self.roles.get(&name.to_lowercase()).ok_or_else(|| no_role(name))
    }

    pub(super) fn role_mut(&mut self, name: &str) -> Result<&mut Role, Refusal> {
        self.roles.get_mut(&name.to_lowercase()).ok_or_else(|| no_role(name))
    }

    /// A role that its account may change.
    pub(super) fn changeable(&mut self, name: &str) -> Result<&mut Role, Refusal> {
        let role = self.role_mut(name)?;
        if role.service.is_some() { Err(protected(&role.name)) } else { Ok(role) }
    }

    /// The role with exactly this ARN.
    pub fn role_by_arn(&self, arn: &str) -> Option<&Role> {
        let (_, name) = arn.rsplit_once('/')?;
        self.roles.get(&name.to_lowercase()).filter(|role| role.arn == arn)
    }

    /// The role as `GetRole` answers it.
    pub(super) fn full_view(&self, role: &Role) -> Value {
        let mut view = self.list_view(role);
        view["PermissionsBoundary"] = boundary_view(role);
        view["Tags"] = tags_view(role);
        view["RoleLastUsed"] = json!({});
        view
    }

    /// The role as `ListRoles` answers it: without tags and boundary.
    pub(super) fn list_view(&self, role: &Role) -> Value {
        let mut view = self.short_view(role);
        view["Description"] = json!(role.description);
        view["MaxSessionDuration"] = json!(role.max_session);
        view
    }

    /// The role as `CreateRole` answers it.
    pub(super) fn created_view(&self, role: &Role) -> Value {
        let mut view = self.short_view(role);
        view["PermissionsBoundary"] = boundary_view(role);
        view["Tags"] = tags_view(role);
        view
    }

    fn short_view(&self, role: &Role) -> Value {
        json!({
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": role.id,
            "Arn": role.arn,
            "CreateDate": time(role.created),
            "AssumeRolePolicyDocument": encoded(&self.shown_trust(role)),
        })
    }

    /// The trust policy as it stands now: a principal that has gone, or come back as another, is shown by its old unique id.
    pub(super) fn shown_trust(&self, role: &Role) -> String {
        let gone: BTreeMap<_, _> = role
            .trusted_ids
            .iter()
            .filter(|(arn, id)| self.role_by_arn(arn).is_none_or(|live| live.id != **id))
            .map(|(arn, id)| (arn.clone(), id.clone()))
            .collect();
        if gone.is_empty() { role.trust.clone() } else { trust::with_principals(&role.trust, &gone) }
    }
}

pub(super) fn boundary_view(role: &Role) -> Value {
    match &role.boundary {
        Some(arn) => json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn }),
        None => Value::Null,
    }
}

pub(super) fn tags_view(role: &Role) -> Value {
    if role.tags.is_empty() { Value::Null } else { json!(role.tags) }
}
