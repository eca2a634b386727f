//! Versions of a secret's value.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Secret;
use super::refusals::{exists, invalid, too_many};
use crate::refusal::Refusal;
use crate::world::World;

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";
/// About so many versions are kept.
const MOST: usize = 100;
/// A version younger than this is never removed to make room.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Counts the versions of its secret, so that those of one moment keep their order.
    pub number: u64,
    pub created: Timestamp,
    pub secret_string: Option<String>,
    /// Base64.
    pub secret_binary: Option<String>,
    pub stages: BTreeSet<String>,
}

/// A value as calls give it.
pub(super) struct Given {
    text: Option<String>,
    binary: Option<String>,
}

impl Given {
    /// The value in an input, if there is one.
    pub(super) fn of(input: &Value) -> Result<Option<Self>, Refusal> {
        let text = |member: &str| input[member].as_str().map(str::to_owned);
        match (text("SecretString"), text("SecretBinary")) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(invalid(
                "You can't specify both a binary secret value and a string secret value in the same secret.",
            )),
            (Some(text), _) if text.len() > 65_536 => Err(invalid("The secret value is longer than 65536 bytes.")),
            (text, binary) => Ok(Some(Self { text, binary })),
        }
    }

    fn equals(&self, version: &Version) -> bool {
        self.text == version.secret_string && self.binary == version.secret_binary
    }
}

/// The id for a new version: the caller's token, or one that is made here.
pub(super) fn id(world: &mut World, input: &Value) -> String {
    input["ClientRequestToken"].as_str().map_or_else(|| world.uuid(), str::to_owned)
}

/// Adds a version with its stages; the same id and value again changes nothing.
pub(super) fn add(
    secret: &mut Secret,
    id: &str,
    given: Given,
    stages: &[String],
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(version) = secret.versions.get(id) {
        return if given.equals(version) { Ok(()) } else { Err(in_use(secret, id)) };
    }
    make_room(secret, now)?;
    let number = secret.versions.values().map(|version| version.number).max().unwrap_or_default() + 1;
    let Given { text, binary } = given;
    let version = Version { number, created: now, secret_string: text, secret_binary: binary, stages: BTreeSet::new() };
    secret.versions.insert(id.to_owned(), version);
    for stage in stages {
        attach(secret, stage, id);
    }
    secret.changed = now;
    Ok(())
}

fn in_use(secret: &Secret, id: &str) -> Refusal {
    exists(format!(
        "You can't use ClientRequestToken {id} because that value is already in use for a version of secret {}.",
        secret.arn
    ))
}

/// Moves a stage to a version. What was current becomes previous.
pub(super) fn attach(secret: &mut Secret, stage: &str, id: &str) {
    let holder = secret.versions.iter().find(|(_, version)| version.stages.contains(stage));
    let holder = holder.map(|(id, _)| id.clone());
    for version in secret.versions.values_mut() {
        version.stages.remove(stage);
    }
    if let Some(version) = secret.versions.get_mut(id) {
        version.stages.insert(stage.to_owned());
    }
    if let Some(before) = holder.filter(|before| stage == CURRENT && before != id) {
        attach(secret, PREVIOUS, &before);
    }
}

/// The version that has a stage.
pub(super) fn staged<'a>(secret: &'a Secret, stage: &str) -> Option<(&'a String, &'a Version)> {
    secret.versions.iter().find(|(_, version)| version.stages.contains(stage))
}

/// Removes the oldest version without a stage where there are too many.
fn make_room(secret: &mut Secret, now: Timestamp) -> Result<(), Refusal> {
    if secret.versions.len() < MOST {
        return Ok(());
    }
    let removable = secret.versions.iter().filter(|(_, version)| version.stages.is_empty());
    let removable = removable.filter(|(_, version)| version.created + KEPT <= now);
    let oldest = removable.min_by_key(|(_, version)| version.number).map(|(id, _)| id.clone());
    match oldest {
        Some(id) => drop(secret.versions.remove(&id)),
        None => return Err(too_many("The secret has reached the limit of versions.")),
    }
    Ok(())
}
