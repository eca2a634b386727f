//! Tags of secrets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::refusals::invalid;
use super::secret::find_alive;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 50;

/// Adds the tags of an input, or refuses them all.
pub(super) fn add(held: &mut BTreeMap<String, String>, tags: &Value) -> Result<(), Refusal> {
    let mut all = held.clone();
    for tag in tags.as_array().into_iter().flatten() {
        let text = |member: &str| tag[member].as_str().unwrap_or_default().to_owned();
        if text("Key").to_lowercase().starts_with("aws:") {
            return Err(invalid("You can't use the prefix aws: in a tag key."));
        }
        all.insert(text("Key"), text("Value"));
    }
    if all.len() > MOST {
        return Err(invalid(format!("A secret can have at most {MOST} tags.")));
    }
    *held = all;
    Ok(())
}

pub(super) fn list(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

pub(super) fn add_to(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    add(&mut held.tags, &input["Tags"])?;
    Ok(json!({}))
}

pub(super) fn remove_from(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    let keys = input["TagKeys"].as_array().cloned().unwrap_or_default();
    held.tags.retain(|key, _| !keys.iter().any(|gone| gone == key));
    Ok(json!({}))
}
