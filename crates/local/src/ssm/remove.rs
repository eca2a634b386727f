//! Parameters deleted.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::parameter::name_in;
use super::refusals::no_parameter;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// How long the name of a deleted parameter cannot be used.
const RESTS: SignedDuration = SignedDuration::from_secs(30);

pub(super) fn one(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    match remove(world, caller, input["Name"].as_str().unwrap_or_default()) {
        true => Ok(json!({})),
        false => Err(no_parameter()),
    }
}

pub(super) fn named(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let names = input["Names"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let (gone, missing): (Vec<&str>, Vec<&str>) = names.partition(|name| remove(world, caller, name));
    Ok(json!({ "DeletedParameters": gone, "InvalidParameters": missing }))
}

fn remove(world: &mut World, caller: &Caller, id: &str) -> bool {
    let free = world.now() + RESTS;
    let ssm = &mut world.region(caller).ssm;
    let name = name_in(&ssm.parameters, caller, id);
    let removed = ssm.parameters.remove(&name).is_some();
    if removed {
        ssm.resting.insert(name, free);
    }
    removed
}
