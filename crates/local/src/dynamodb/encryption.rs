//! Encryption at rest: with AWS's own key unless a KMS key is named.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::budget::{next_allowed, spoken};
use super::refusals::{limit, parameter};
use super::schedule::{self, Step};
use super::table::Table;
use crate::refusal::Refusal;
use crate::world::Caller;

/// Changes within 24 hours; after that one every six hours.
const CHANGES: usize = 4;

/// Encryption with a KMS key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encryption {
    pub key_arn: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct EncryptionInput {
    #[serde(rename = "Enabled")]
    enabled: Option<bool>,
    #[serde(rename = "SSEType")]
    kind: Option<String>,
    #[serde(rename = "KMSMasterKeyId")]
    key: Option<String>,
}

impl Encryption {
    pub(super) fn describe(&self, changing: bool) -> Value {
        let status = if changing { "UPDATING" } else { "ENABLED" };
        json!({ "Status": status, "SSEType": "KMS", "KMSMasterKeyArn": self.key_arn })
    }
}

/// What a request asks for: none is AWS's own key.
pub(super) fn wanted(caller: &Caller, asked: &EncryptionInput) -> Result<Option<Encryption>, Refusal> {
    if asked.kind.as_deref() == Some("AES256") {
        return Err(parameter("SSEType AES256 is not supported"));
    }
    match (asked.enabled.unwrap_or(false), &asked.key) {
        (false, Some(_)) => Err(parameter("KMSMasterKeyId can only be specified when SSE is enabled")),
        (false, None) => Ok(None),
        (true, key) => {
            Ok(Some(Encryption { key_arn: key_arn(caller, key.as_deref().unwrap_or("alias/aws/dynamodb"))? }))
        }
    }
}

/// The ARN of a key. An alias is resolved; keys are not kept here, so its key id is made from it.
fn key_arn(caller: &Caller, key: &str) -> Result<String, Refusal> {
    if key.starts_with("arn:") && key.contains(":key/") {
        return Ok(key.to_owned());
    }
    let arn = |id: &str| format!("arn:{}:kms:{}:{}:key/{id}", caller.partition, caller.region, caller.account);
    let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && id.len() >= 32;
    if is_id(key.strip_prefix("mrk-").unwrap_or(key)) {
        return Ok(arn(key));
    }
    match key.find("alias/") {
        Some(at) => Ok(arn(&alias_id(caller, &key[at..]))),
        None => Err(parameter(format!("KMS validation error: Invalid keyId {key}"))),
    }
}

fn alias_id(caller: &Caller, alias: &str) -> String {
    let digest = Sha256::digest(format!("{}:{}:{alias}", caller.account, caller.region));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

/// Starts a change of the key. The table stays active meanwhile. Sending the same key is a real change too.
pub(super) fn change(
    table: &mut Table,
    caller: &Caller,
    now: Timestamp,
    asked: &EncryptionInput,
) -> Result<(), Refusal> {
    let new = wanted(caller, asked)?;
    if new.is_none() && table.encryption.is_none() {
        return Err(parameter("Table is already encrypted by default"));
    }
    if let Some(next) = refused_until(&table.encrypted, now) {
        return Err(limit(format!(
            "Subscriber limit exceeded: Updates to SSESpecification are limited to {CHANGES} times in 24 hour(s). Next update can be made at {}",
            spoken(next)
        )));
    }
    table.encrypted.push(now);
    if table.encryption.is_none() {
        // Shown as updating to the new key from the first moment.
        table.encryption.clone_from(&new);
    }
    table.plan(now + schedule::ENCRYPTION, Step::Encrypted(new));
    Ok(())
}

fn refused_until(changes: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    next_allowed(changes, CHANGES, SignedDuration::from_hours(24), now)?;
    next_allowed(changes, 1, SignedDuration::from_hours(6), now)
}

impl Table {
    pub(super) fn is_encrypting(&self) -> bool {
        self.schedule.iter().any(|due| matches!(due.step, Step::Encrypted(_)))
    }
}
