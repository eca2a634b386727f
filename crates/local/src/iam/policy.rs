//! A policy of the account, with its versions.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::Tag;
use super::text::{encoded, time};
use super::{Iam, managed};

/// A managed policy of the account's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    /// `ANPA…`.
    pub id: String,
    pub arn: String,
    pub path: String,
    pub description: Option<String>,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub tags: Vec<Tag>,
    /// By number: version 3 is `v3`. At most five, numbers only grow.
    pub versions: BTreeMap<u64, Version>,
    pub default_version: u64,
    pub last_version: u64,
}

/// One version of a policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// As it was sent.
    pub document: String,
    pub created: Timestamp,
}

impl Policy {
    pub(super) fn default_document(&self) -> &str {
        self.versions.get(&self.default_version).map_or("", |version| &version.document)
    }

    /// A version with its document.
    pub(super) fn version_view(&self, number: u64) -> Option<Value> {
        let mut view = self.version_line(number)?;
        view["Document"] = json!(encoded(&self.versions.get(&number)?.document));
        Some(view)
    }

    /// A version as `ListPolicyVersions` shows it, without its document.
    pub(super) fn version_line(&self, number: u64) -> Option<Value> {
        let version = self.versions.get(&number)?;
        Some(json!({
            "VersionId": format!("v{number}"),
            "IsDefaultVersion": number == self.default_version,
            "CreateDate": time(version.created),
        }))
    }
}

impl Iam {
    /// The policy as `ListPolicies` shows it: without description and tags.
    pub(super) fn policy_line(&self, policy: &Policy) -> Value {
        json!({
            "PolicyName": policy.name,
            "PolicyId": policy.id,
            "Arn": policy.arn,
            "Path": policy.path,
            "DefaultVersionId": format!("v{}", policy.default_version),
            "AttachmentCount": self.attachments(&policy.arn),
            "PermissionsBoundaryUsageCount": self.boundaries(&policy.arn),
            "IsAttachable": true,
            "CreateDate": time(policy.created),
            "UpdateDate": time(policy.updated),
        })
    }

    pub(super) fn attachments(&self, arn: &str) -> usize {
        self.roles.values().filter(|role| role.attached.contains(arn)).count()
    }

    pub(super) fn boundaries(&self, arn: &str) -> usize {
        self.roles.values().filter(|role| role.boundary.as_deref() == Some(arn)).count()
    }

    /// The default document of any managed policy, AWS's or the account's.
    pub(super) fn document_of(&self, arn: &str) -> Option<String> {
        match self.policies.get(arn) {
            Some(policy) => Some(policy.default_document().to_owned()),
            None => managed::find(arn).map(|policy| policy.document.to_string()),
        }
    }
}
