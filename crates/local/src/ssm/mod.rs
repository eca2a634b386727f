//! Parameter Store of AWS Systems Manager of the local cloud.

mod describe;
mod filter;
mod get;
mod labels;
mod parameter;
mod public;
mod put;
mod refusals;
mod remove;
mod tags;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(crate) use get::is_there;
pub use parameter::{Parameter, Version};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ssm {
    /// By name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Names of parameters that were deleted, and when each can be used again.
    pub resting: BTreeMap<String, Timestamp>,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "PutParameter" => put::put(world, caller, input),
        "GetParameter" => get::one(world, caller, input),
        "GetParameters" => get::named(world, caller, input),
        "GetParametersByPath" => get::by_path(world, caller, input),
        "DescribeParameters" => describe::parameters(world, caller, input),
        "GetParameterHistory" => describe::history(world, caller, input),
        "LabelParameterVersion" => labels::label(world, caller, input),
        "DeleteParameter" => remove::one(world, caller, input),
        "DeleteParameters" => remove::named(world, caller, input),
        "AddTagsToResource" => tags::add_to(world, caller, input),
        "RemoveTagsFromResource" => tags::remove_from(world, caller, input),
        "ListTagsForResource" => tags::of(world, caller, input),
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!("The action {operation} is not valid for this web service."),
        )),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    world.region(caller).ssm.resting.retain(|_, free| *free > now);
}
