//! Tags of parameters.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Parameter;
use super::parameter::name_in;
use super::refusals::invalid;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const MOST: usize = 50;

/// Adds the tags of an input, or refuses them all.
pub(super) fn add(held: &mut BTreeMap<String, String>, tags: &Value) -> Result<(), Refusal> {
    let mut all = held.clone();
    for tag in tags.as_array().into_iter().flatten() {
        let text = |member: &str| tag[member].as_str().unwrap_or_default().to_owned();
        if text("Key").to_lowercase().starts_with("aws:") {
            return Err(invalid("Tag keys beginning with aws: are reserved for system use."));
        }
        all.insert(text("Key"), text("Value"));
    }
    if all.len() > MOST {
        return Err(Refusal::new("TooManyTagsError", "The Targets parameter includes too many tags."));
    }
    *held = all;
    Ok(())
}

pub(super) fn add_to(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    add(&mut held(world, caller, input)?.tags, &input["Tags"])?;
    Ok(json!({}))
}

pub(super) fn remove_from(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let keys = input["TagKeys"].as_array().cloned().unwrap_or_default();
    held(world, caller, input)?.tags.retain(|key, _| !keys.iter().any(|gone| gone == key));
    Ok(json!({}))
}

pub(super) fn of(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let tags = held(world, caller, input)?.tags.iter();
    let tags: Vec<Value> = tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    Ok(json!({ "TagList": tags }))
}

fn held<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Parameter, Refusal> {
    if input["ResourceType"] != "Parameter" {
        return Err(Refusal::new("InvalidResourceType", "The resource type isn't valid."));
    }
    let missing = || {
        Refusal::new(
            "InvalidResourceId",
            "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
        )
    };
    let parameters = &mut world.region(caller).ssm.parameters;
    let name = name_in(parameters, caller, input["ResourceId"].as_str().unwrap_or_default());
    parameters.get_mut(&name).ok_or_else(missing)
}
