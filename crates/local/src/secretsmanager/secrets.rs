//! Secrets themselves: made, shown, changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::refusals::{exists, not_now};
use super::secret::{self, Secret, find, find_alive};
use super::versions::{self, CURRENT, Given};
use super::{tags, values};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "Name").unwrap_or_default();
    valid(&name)?;
    let given = Given::of(input)?;
    if let Some(there) = world.region(caller).secretsmanager.secrets.get(&name).cloned() {
        return again(world, caller, input, there, given);
    }
    let mut held = BTreeMap::new();
    tags::add(&mut held, &input["Tags"])?;
    let now = world.now();
    let arn = secret::arn(world, caller, &name);
    let mut made = Secret {
        arn,
        description: text(input, "Description"),
        key: text(input, "KmsKeyId"),
        created: now,
        changed: now,
        policy: None,
        tags: held,
        versions: BTreeMap::new(),
        deletion: None,
        name: name.clone(),
    };
    let mut answer = made.named();
    if let Some(given) = given {
        let id = versions::id(world, input);
        versions::add(&mut made, &id, given, &[CURRENT.to_owned()], now)?;
        answer["VersionId"] = Value::from(id);
    }
    world.region(caller).secretsmanager.secrets.insert(name, made);
    Ok(answer)
}

/// A create whose name is taken: the very same one is answered as before.
fn again(world: &mut World, caller: &Caller, input: &Value, there: Secret, given: Option<Given>) -> Answer {
    match there.deletion {
        Some(deletion) if deletion.forced => {
            return Err(not_now("You can't create this secret because a secret with this name was deleted."));
        }
        Some(_) => {
            let message =
                "You can't create this secret because a secret with this name is already scheduled for deletion.";
            return Err(not_now(message));
        }
        None => {}
    }
    let id = text(input, "ClientRequestToken");
    let (Some(id), Some(given)) = (id.filter(|id| there.versions.contains_key(id)), given) else {
        let message = format!("The operation failed because the secret {} already exists.", there.name);
        return Err(exists(message));
    };
    let now = world.now();
    let held = find(world, caller, &there.name)?;
    versions::add(held, &id, given, &[], now)?;
    Ok(values::versioned(held, &id))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    Ok(find(world, caller, input["SecretId"].as_str().unwrap_or_default())?.view("VersionIdsToStages"))
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = Given::of(input)?;
    let id = given.is_some().then(|| versions::id(world, input));
    let now = world.now();
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    if let Some((given, id)) = given.zip(id.as_ref()) {
        versions::add(held, id, given, &[CURRENT.to_owned()], now)?;
    }
    if let Some(description) = input["Description"].as_str() {
        held.description = Some(description.to_owned());
    }
    if let Some(key) = text(input, "KmsKeyId") {
        // The service's own key is reported as none.
        held.key = Some(key).filter(|key| !key.ends_with("alias/aws/secretsmanager"));
    }
    held.changed = now;
    let mut answer = held.named();
    answer["VersionId"] = id.into();
    Ok(answer)
}

fn text(input: &Value, member: &str) -> Option<String> {
    input[member].as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

fn valid(name: &str) -> Result<(), Refusal> {
    let known = |character: char| character.is_ascii_alphanumeric() || "/_+=.@-!".contains(character);
    if name.chars().all(known) {
        return Ok(());
    }
    Err(Refusal::new(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ))
}
