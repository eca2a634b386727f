//! A secret: what is known of it beside its values, and how calls name it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::{no_secret, not_now};
use super::{SecretsManager, Version, tags};
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// A secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Secret {
    pub name: String,
    /// Ends in six random characters: a secret of the same name made anew has another.
    pub arn: String,
    pub description: Option<String>,
    /// None means `aws/secretsmanager`.
    pub key: Option<String>,
    pub created: Timestamp,
    pub changed: Timestamp,
    /// The resource policy as it was given.
    pub policy: Option<String>,
    pub tags: BTreeMap<String, String>,
    /// By version id.
    pub versions: BTreeMap<String, Version>,
    pub deletion: Option<Deletion>,
}

/// A deletion that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When the secret is gone.
    pub due: Timestamp,
    /// Without recovery: nothing brings it back, it only takes a moment.
    pub forced: bool,
}

impl Secret {
    /// As `DescribeSecret` shows it; the map of stages has another name in lists.
    pub(super) fn view(&self, stages: &str) -> Value {
        let mut view = json!({
            "ARN": self.arn,
            "Name": self.name,
            "Description": self.description,
            "KmsKeyId": self.key,
            "CreatedDate": self.created.to_string(),
            "LastChangedDate": self.changed.to_string(),
            "DeletedDate": self.deletion.map(|deletion| deletion.due.to_string()),
            "Tags": tags::list(&self.tags),
        });
        let staged = self.versions.iter().filter(|(_, version)| !version.stages.is_empty());
        let staged: serde_json::Map<_, _> = staged.map(|(id, version)| (id.clone(), json!(version.stages))).collect();
        if !staged.is_empty() {
            view[stages] = Value::Object(staged);
        }
        view
    }

    /// What every answer about the secret begins with.
    pub(super) fn named(&self) -> Value {
        json!({ "ARN": self.arn, "Name": self.name })
    }

    /// Refuses what cannot be done to a secret that is being deleted.
    pub(super) fn alive(&self) -> Result<(), Refusal> {
        match self.deletion {
            None => Ok(()),
            Some(Deletion { forced: false, .. }) => {
                Err(not_now("You can't perform this operation on the secret because it was marked for deletion."))
            }
            Some(Deletion { forced: true, .. }) => {
                Err(not_now("You can't perform this operation on the secret because it was deleted."))
            }
        }
    }
}

/// The secret that `SecretId` names, whether it lives or waits for its deletion.
pub(super) fn find<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Result<&'a mut Secret, Refusal> {
    let region = world.region(caller);
    let name = name_of(&region.secretsmanager, caller, id).ok_or_else(no_secret)?;
    region.secretsmanager.secrets.get_mut(&name).ok_or_else(no_secret)
}

/// The same, where it must live.
pub(super) fn find_alive<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Result<&'a mut Secret, Refusal> {
    let secret = find(world, caller, id)?;
    secret.alive()?;
    Ok(secret)
}

/// The name of the secret that a name, a whole ARN or an ARN without its six characters stands for.
pub(super) fn name_of(service: &SecretsManager, caller: &Caller, id: &str) -> Option<String> {
    if !id.starts_with("arn:") {
        return service.secrets.contains_key(id).then(|| id.to_owned());
    }
    let whole = service.secrets.values().find(|secret| secret.arn == id);
    let partial = || id.strip_prefix(&prefix(caller)).and_then(|name| service.secrets.get(name));
    whole.or_else(partial).map(|secret| secret.name.clone())
}

/// A new ARN for a name.
pub(super) fn arn(world: &mut World, caller: &Caller, name: &str) -> String {
    format!("{}{name}-{}", prefix(caller), characters(world, ALPHANUMERIC, 6))
}

fn prefix(caller: &Caller) -> String {
    format!("arn:{}:secretsmanager:{}:{}:secret:", caller.partition, caller.region, caller.account)
}

pub(super) const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Characters of an alphabet that look random.
pub(super) fn characters(world: &mut World, alphabet: &[u8], count: usize) -> String {
    let mut text = String::new();
    while text.len() < count && !alphabet.is_empty() {
        let hex = world.hex(64);
        let four = hex.as_bytes().chunks_exact(4).filter_map(|four| std::str::from_utf8(four).ok());
        let numbers = four.filter_map(|four| usize::from_str_radix(four, 16).ok());
        let picked = numbers.map(|number| char::from(alphabet[number % alphabet.len()]));
        text.extend(picked.take(count - text.len()));
    }
    text
}
