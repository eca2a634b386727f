//! The policies that AWS manages: known from the start, the same in every account.
//!
//! `managed.json` holds well-known ones with the document of their default version, as AWS publishes them.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Iam;
use super::refusals::invalid_input;
use super::text::{encoded, time};
use crate::refusal::Refusal;
use crate::world::Caller;

static POLICIES: LazyLock<Vec<AwsPolicy>> =
    LazyLock::new(|| serde_json::from_str(include_str!("managed.json")).expect("managed.json is checked by a test"));

/// A policy that AWS manages.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AwsPolicy {
    name: String,
    path: String,
    default_version_id: String,
    create_date: Timestamp,
    update_date: Timestamp,
    pub(super) document: Value,
}

pub(super) fn all() -> impl Iterator<Item = &'static AwsPolicy> {
    POLICIES.iter()
}

/// The policy of AWS with this ARN, in any partition. The path counts: `service-role/` belongs to the identity.
pub(super) fn find(arn: &str) -> Option<&'static AwsPolicy> {
    let (_, resource) = arn.split_once(":iam::aws:policy")?;
    let (path, name) = resource.split_at(resource.rfind('/')? + 1);
    all().find(|policy| policy.name == name && policy.path == path)
}

impl AwsPolicy {
    pub(super) fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy{}{}", self.path, self.name)
    }

    /// Policies of service-linked roles are for those alone.
    pub(super) fn is_attachable(&self) -> bool {
        !self.path.starts_with("/aws-service-role/")
    }

    /// As `ListPolicies` shows it.
    pub(super) fn line(&self, iam: &Iam, partition: &str) -> Value {
        let arn = self.arn(partition);
        json!({
            "PolicyName": self.name,
            "PolicyId": self.id(),
            "Path": self.path,
            "DefaultVersionId": self.default_version_id,
            "AttachmentCount": iam.attachments(&arn),
            "PermissionsBoundaryUsageCount": iam.boundaries(&arn),
            "IsAttachable": true,
            "CreateDate": time(self.create_date),
            "UpdateDate": time(self.update_date),
            "Arn": arn,
        })
    }

    /// The default version, the only one kept here.
    pub(super) fn version_view(&self, version: &str) -> Option<Value> {
        let mut view = self.version_line();
        view["Document"] = json!(encoded(&self.document.to_string()));
        (version == self.default_version_id).then_some(view)
    }

    pub(super) fn version_line(&self) -> Value {
        json!({ "VersionId": self.default_version_id, "IsDefaultVersion": true, "CreateDate": time(self.update_date) })
    }

    /// Made from the name: AWS's own ids are of no consequence, but must stay the same.
    fn id(&self) -> String {
        let letters = Sha256::digest(&self.name).into_iter().take(17).map(|byte| char::from(b'A' + byte % 26));
        "ANPA".chars().chain(letters).collect()
    }
}

/// Refuses what is no ARN of a policy.
pub(super) fn refuse_malformed(arn: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let is_policy = matches!(parts.as_slice(), ["arn", _, "iam", "", account, resource]
        if resource.starts_with("policy/") && (*account == "aws" || account.len() == 12));
    if is_policy { Ok(()) } else { Err(invalid_input(format!("ARN {arn} is not valid."))) }
}

/// Refuses a change of what AWS manages.
pub(super) fn refuse_change(caller: &Caller, action: &str, arn: &str) -> Result<(), Refusal> {
    refuse_malformed(arn)?;
    if !arn.contains(":iam::aws:") {
        return Ok(());
    }
    let user = format!("arn:{}:iam::{}:root", caller.partition, caller.account);
    let message = format!("User: {user} is not authorized to perform: iam:{action} on resource: policy {arn}");
    Err(Refusal::new("AccessDenied", message).status(403))
}

/// The last part of a policy's ARN.
pub(super) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The path in a policy's ARN, with both slashes.
pub(super) fn path_of(arn: &str) -> &str {
    let resource = arn.split_once(":policy").map_or("/", |(_, resource)| resource);
    &resource[..resource.rfind('/').map_or(0, |at| at + 1)]
}
