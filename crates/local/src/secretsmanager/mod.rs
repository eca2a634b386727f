//! AWS Secrets Manager of the local cloud.

mod deletion;
mod list;
mod password;
mod policies;
mod refusals;
mod secret;
mod secrets;
mod stages;
mod tags;
mod values;
mod versions;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use secret::{Deletion, Secret};
pub(crate) use values::is_there;
pub use versions::Version;

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SecretsManager {
    /// By name, those that wait for their deletion included.
    pub secrets: BTreeMap<String, Secret>,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateSecret" => secrets::create(world, caller, input),
        "DescribeSecret" => secrets::describe(world, caller, input),
        "UpdateSecret" => secrets::update(world, caller, input),
        "ListSecrets" => list::secrets(world, caller, input),
        "DeleteSecret" => deletion::delete(world, caller, input),
        "RestoreSecret" => deletion::restore(world, caller, input),

        "GetSecretValue" => values::get(world, caller, input),
        "BatchGetSecretValue" => values::batch(world, caller, input),
        "PutSecretValue" => values::put(world, caller, input),
        "ListSecretVersionIds" => stages::list_versions(world, caller, input),
        "UpdateSecretVersionStage" => stages::update(world, caller, input),
        "GetRandomPassword" => password::random(world, input),

        "GetResourcePolicy" => policies::get(world, caller, input),
        "PutResourcePolicy" => policies::put(world, caller, input),
        "DeleteResourcePolicy" => policies::delete(world, caller, input),
        "TagResource" => tags::add_to(world, caller, input),
        "UntagResource" => tags::remove_from(world, caller, input),
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!("The action {operation} is not valid for this web service."),
        )),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    deletion::finish(world, caller);
}
