//! A parameter and its versions.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::Caller;

/// A parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub tags: BTreeMap<String, String>,
    /// By number; the last is the current one.
    pub versions: BTreeMap<u64, Version>,
}

/// One version: everything but the tags belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// `String`, `StringList`, `SecureString`.
    pub kind: String,
    pub parameter_value: String,
    pub description: Option<String>,
    /// Of a `SecureString`.
    pub key: Option<String>,
    pub pattern: Option<String>,
    /// `Standard` or `Advanced`.
    pub tier: String,
    pub data_type: String,
    /// JSON as it was given.
    pub policies: Option<String>,
    pub modified: Timestamp,
    pub labels: BTreeSet<String>,
}

impl Parameter {
    /// The number and the contents of the current version.
    pub(super) fn current(&self) -> Option<(u64, &Version)> {
        self.versions.last_key_value().map(|(number, version)| (*number, version))
    }
}

impl Version {
    /// As the reads of values show it. What is encrypted stays so unless it is asked for in plain.
    pub(super) fn view(&self, arn: &str, name: &str, number: u64, decrypted: bool) -> Value {
        json!({
            "Name": name,
            "Type": self.kind,
            "Value": self.shown(decrypted),
            "Version": number,
            "LastModifiedDate": self.modified.to_string(),
            "ARN": arn,
            "DataType": self.data_type,
        })
    }

    pub(super) fn shown(&self, decrypted: bool) -> String {
        match self.kind == "SecureString" && !decrypted {
            true => format!("AQICAHj{}", STANDARD.encode(Sha256::digest(format!("sealed {}", self.parameter_value)))),
            false => self.parameter_value.clone(),
        }
    }

    /// What is known of it beside its value.
    pub(super) fn metadata(&self, caller: &Caller, name: &str, number: u64) -> Value {
        json!({
            "Name": name,
            "Type": self.kind,
            "KeyId": self.key,
            "LastModifiedDate": self.modified.to_string(),
            "LastModifiedUser": format!("arn:{}:iam::{}:root", caller.partition, caller.account),
            "Description": self.description,
            "AllowedPattern": self.pattern,
            "Version": number,
            "Tier": self.tier,
            "Policies": self.policy_views(),
            "DataType": self.data_type,
        })
    }

    fn policy_views(&self) -> Vec<Value> {
        let written = self.policies.as_deref().and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
        let view = |policy: &Value| json!({ "PolicyText": policy.to_string(), "PolicyType": policy["Type"], "PolicyStatus": "Pending" });
        written.unwrap_or_default().iter().map(view).collect()
    }
}

pub(super) fn arn(caller: &Caller, name: &str) -> String {
    format!("{}{}", prefix(caller), name.trim_start_matches('/'))
}

fn prefix(caller: &Caller) -> String {
    format!("arn:{}:ssm:{}:{}:parameter/", caller.partition, caller.region, caller.account)
}

/// The name in a name or an ARN; both `a` and `/a/b` have ARNs with a single slash.
pub(super) fn name_in(parameters: &BTreeMap<String, Parameter>, caller: &Caller, id: &str) -> String {
    match id.strip_prefix(&prefix(caller)) {
        Some(name) if parameters.contains_key(name) => name.to_owned(),
        Some(name) => format!("/{name}"),
        None => id.to_owned(),
    }
}
